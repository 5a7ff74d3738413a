"""Writing lines, models and selections as TOML tables that read back equal; what has its default is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Place
from .cosmetics import BrandValue, Contrast, Cosmetic, CosmeticType
from .feature import Binding, Constraint, Feature, Group, GroupKind, OnFailure, Stage
from .feature_model import FeatureModel
from .grammar import write
from .interaction import Interaction, constraints_of
from .line import CoreProduct, LicencePolicy, LineDescription, Rule, Suite, UsagePolicy
from .price_writing import prices_to_toml
from .selection import Selection, Target
from .toml_features import TYPE_KEYS

__all__ = ["line_to_toml", "model_to_toml", "selection_to_toml"]

Content = dict[str, Any]


def line_to_toml(line: LineDescription) -> Content:
    """The whole line as the content of a features.toml.

    Where the line has its model in another file, the tree is left to that file, and so are the
    constraints that have no reason and come from there.
    """
    model = line.model
    if line.model_file:
        features = {name: _around(feature) for name, feature in model.features.items()}
        rules = [rule for rule in _written(line) if rule.because or rule.where.file == line.file]
    else:
        features = _tables(model)
        rules = _written(line)
    return _filled(
        line=_filled(
            name=line.name,
            version=line.version,
            summary=line.summary,
            root=model.root,
            model=line.model_file,
            languages=list(line.languages),
            licence_key=line.licence_key,
            signing_key=line.signing_key,
        ),
        core=_core(line.core),
        targets=_targets(line.targets),
        formats={name: dict(said) for name, said in line.formats.items()},
        licences=_licences(line.licences),
        tests=_tests(line.tests),
        usage=_usage(line.usage),
        features={name: table for name, table in features.items() if table},
        constraints=[_constraint(constraint) for constraint in rules],
        interactions=[_interaction(each) for each in line.interactions],
        rules=[_rule(rule) for rule in line.rules],
        cosmetics={name: _cosmetic(slot) for name, slot in line.cosmetics.items()},
        prices=None if line.prices is None else prices_to_toml(line.prices),
    )


def _licences(policy: LicencePolicy) -> Content:
    return _filled(
        deny=list(policy.deny),
        allow=list(policy.allow),
        unknown=policy.unknown.value if policy.unknown else "",
        parts=dict(policy.parts),
    )


def _tests(suite: Suite) -> Content:
    default = Suite()
    needs, seconds = list(suite.requirements), suite.seconds
    return _filled(
        paths=list(suite.paths),
        requirements=None if suite.requirements == default.requirements else needs,
        seconds=None if seconds == default.seconds else seconds,
    )


def _usage(usage: UsagePolicy) -> Content:
    return _filled(
        record=list(usage.record),
        days=None if usage.days == UsagePolicy().days else usage.days,
        commands=dict(usage.commands),
        points=dict(usage.points),
    )


def model_to_toml(model: FeatureModel) -> Content:
    """The feature model alone as the content of a features.toml."""
    return _filled(
        line={"root": model.root},
        features=_tables(model),
        constraints=[_constraint(constraint) for constraint in model.constraints],
    )


def selection_to_toml(selection: Selection) -> Content:
    """The selection as the content of a file.

    What a profile said is left to the profile, which ``extends`` names.
    """
    prefer = _filled(minimise=list(selection.minimise), maximise=list(selection.maximise))
    target = {"python": selection.target.python, "platform": selection.target.platform}

    def is_own(place: Place) -> bool:
        return not selection.extends or place.file in ("", selection.file)

    content = _filled(
        line=selection.line if is_own(selection.place_of("line")) else "",
        customer=selection.customer if is_own(selection.place_of("customer")) else "",
        language=selection.language if is_own(selection.place_of("language")) else "",
        extends=list(selection.extends),
        select={name: wish.value for name, wish in selection.wishes.items() if is_own(wish.where)},
        open=_filled(features=[name for name, where in selection.open.items() if is_own(where)]),
        brand={
            slot: _filling(value)
            for slot, value in selection.brand.items()
            if is_own(selection.place_of(f"brand.{slot}"))
        },
        consent={
            what: given for what, given in selection.consent.items() if is_own(selection.place_of(f"consent.{what}"))
        },
        target=_filled(**{key: text for key, text in target.items() if is_own(selection.place_of(f"target.{key}"))}),
    )
    if (prefer or "prefer" in selection.places) and is_own(selection.place_of("prefer")):
        content["prefer"] = prefer  # an empty one too: it overrides that of a profile
    return content


def _filled(**content: Any) -> Content:
    """The content without what is empty."""
    return {key: value for key, value in content.items() if value not in ("", None, [], {}, ())}


def _core(core: CoreProduct) -> Content:
    settings = core.settings
    return _filled(
        parts=list(core.parts),
        command=core.command,
        group=core.group,
        hooks=core.hooks,
        ordered=list(core.ordered),
        sources=list(core.sources),
        settings=_filled(
            arguments=list(settings.arguments),
            command=settings.command,
            but_not=list(settings.but_not),
            environment=settings.environment,
        ),
    )


def _targets(targets: tuple[Target, ...]) -> Content | list[Content]:
    """The short form where the targets are every Python version with every platform, else the pairs."""
    pythons = list(dict.fromkeys(target.python for target in targets))
    platforms = list(dict.fromkeys(target.platform for target in targets))
    product = tuple(Target(python, platform) for python in pythons for platform in platforms)
    if targets == product and ("" not in pythons or pythons == [""]) and ("" not in platforms or platforms == [""]):
        return _filled(python=list(filter(None, pythons)), platforms=list(filter(None, platforms)))
    return [_filled(python=target.python, platform=target.platform) for target in targets]


def _tables(model: FeatureModel) -> dict[str, Content]:
    """A table for each feature that has something to say, and for the root."""
    tables = {name: _groups(model.groups_under(name)) | _own(model.features[name]) for name in model.features}
    return {name: table for name, table in tables.items() if table or name == model.root}


def _groups(groups: tuple[Group, ...]) -> Content:
    """The short forms where they keep the groups and their order, else every group as an entry."""
    split = next((i for i, group in enumerate(groups) if group.kind is GroupKind.CARDINALITY), len(groups))
    first, rest = groups[:split], groups[split:]
    kinds = [group.kind for group in first]
    if len(set(kinds)) != len(kinds) or any(group.kind is not GroupKind.CARDINALITY for group in rest):
        first, rest = (), groups
    short: Content = {group.kind.value: list(group.members) for group in first}
    return short | _filled(groups=[_entry(group) for group in rest])


def _entry(group: Group) -> Content:
    if group.kind is GroupKind.CARDINALITY:
        return {"min": group.minimum, "max": group.maximum, "of": list(group.members)}
    return {"kind": group.kind.value, "of": list(group.members)}


def _around(feature: Feature) -> Content:
    """What a feature's table says where tree and types are in the model's own file."""
    return {key: value for key, value in _own(feature).items() if key not in TYPE_KEYS}


def _own(feature: Feature) -> Content:
    """What a feature's table says beside its groups."""
    delivery = feature.delivery
    least, most = feature.instances or (None, None)
    return _filled(
        summary=feature.summary,
        type=feature.type and feature.type.value,
        minimum=feature.minimum,
        maximum=feature.maximum,
        attributes=_plain(feature.attributes),
        parts=list(delivery.parts),
        setting=delivery.setting,
        stage="" if feature.stage is Stage.CUSTOMER else feature.stage.value,
        binding="" if delivery.binding is Binding.BUILD else delivery.binding.value,
        before=list(delivery.before),
        after=list(delivery.after),
        was=list(delivery.was),
        on_failure="" if delivery.on_failure is OnFailure.FAIL else delivery.on_failure.value,
        failures=delivery.failures if delivery.on_failure is OnFailure.QUARANTINE else None,
    ) | {
        key: value
        for key, value in (
            ("default", feature.default),
            ("abstract", feature.abstract or None),
            ("licensed", delivery.licensed or None),
            ("instances", feature.instances and {"min": least} | ({} if most is None else {"max": most})),
        )
        if value is not None
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _constraint(constraint: Constraint) -> Content:
    return _filled(rule=write(constraint.expression), because=constraint.because)


def _written(line: LineDescription) -> list[Constraint]:
    """The constraints but for those that the line's interactions stand for, which are the last."""
    constraints, theirs = line.model.constraints, tuple(constraints_of(line.interactions))
    return list(constraints[: -len(theirs)] if theirs and constraints[-len(theirs) :] == theirs else constraints)


def _interaction(interaction: Interaction) -> Content:
    return _filled(
        between=list(interaction.between),
        order=list(interaction.order),
        exclude=interaction.exclude or None,
        resolved_by=interaction.resolved_by,
        because=interaction.because,
    )


def _rule(rule: Rule) -> Content:
    said = {"when": write(rule.when), "select": dict(rule.select), "because": rule.because}
    return said | _filled(stage="vendor" if rule.is_vendors else "", weight=rule.weight if rule.weight != 1 else None)


def _cosmetic(slot: Cosmetic) -> Content:
    kind = "" if slot.type is CosmeticType.TEXT else slot.type.value
    return _filled(
        type=kind, default=_filling(slot.default), summary=slot.summary, shortest=slot.shortest or None,
        longest=slot.longest, contrast=[_contrast(each) for each in slot.contrast], kinds=list(slot.kinds),
        largest_kb=slot.largest_kb, sizes=list(slot.sizes),
    )  # fmt: skip


def _filling(value: BrandValue) -> str | Content:
    return value if isinstance(value, str) else dict(value)


def _contrast(contrast: Contrast) -> Content:
    return {"on": contrast.on, "ratio": contrast.ratio}
