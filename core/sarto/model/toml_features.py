"""The features' own tables in features.toml: what they are, what delivers them, what they require and exclude."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from ..errors import Place
from .expression import FeatureReference, Implies, Not
from .feature import Binding, Constraint, Delivery, Feature, OnFailure, Stage, ValueType
from .names import key_text, known_feature
from .toml_table import Table
from .values import is_number, misfit, shown

__all__ = ["OWN_KEYS", "TYPE_KEYS", "read_feature", "read_sugar", "requirement_fault"]

TYPE_KEYS = ("type", "minimum", "maximum", "instances")
OWN_KEYS = (
    "summary", "default", "attributes", "abstract", "stage", "binding", "setting", "parts", "before", "after", "was",
    "on_failure", "failures", "licensed", "requires", "excludes",
)  # fmt: skip


def read_feature(table: Table, base: Feature, known: Collection[str]) -> Feature:
    """The feature as its table says it; what the table leaves out stays as in ``base``.

    ``known`` are the names of all features of the line.
    """
    feature = replace(
        base,
        summary=table.text("summary", base.summary),
        type=table.choice("type", ValueType, base.type),
        minimum=table.number("minimum", base.minimum),
        maximum=table.number("maximum", base.maximum),
        attributes=_attributes(table, base.attributes),
        abstract=table.truth("abstract", base.abstract),
        instances=_instances(table, base.instances),
        stage=table.choice("stage", Stage, base.stage),
        delivery=_delivery(table, base, known),
    )
    if feature.type is None and "type" in table:  # a misspelt type leaves nothing to hold the rest against
        return feature
    return _with_default(table, _with_bounds(table, feature))


def _with_bounds(table: Table, feature: Feature) -> Feature:
    """The feature without those bounds that cannot hold."""
    for key, bound in (("minimum", feature.minimum), ("maximum", feature.maximum)):
        if bound is None or key not in table:
            continue
        if feature.type not in (ValueType.INTEGER, ValueType.REAL):
            hint = 'add type = "integer" or type = "real"' if feature.type is None else "leave it out"
            table.fault(f"'{feature.name}' is no number, so it has no {key}", key, hint=hint)
        elif feature.type is ValueType.INTEGER and not isinstance(bound, int):
            table.fault(f"expected an integer, but found {shown(bound)}", key, hint=f"'{feature.name}' is an integer")
        elif key == "minimum" and feature.maximum is not None and bound > feature.maximum:
            table.fault(f"the minimum {shown(bound)} is above the maximum {shown(feature.maximum)}", key)
        else:
            continue
        feature = replace(feature, minimum=None) if key == "minimum" else replace(feature, maximum=None)
    return feature


def _with_default(table: Table, feature: Feature) -> Feature:
    default = table.value("default")
    if default is None:
        return feature
    if feature.type is not None and isinstance(default, bool):
        what = f"{shown(default)} is not a value of '{feature.name}', which has the type {feature.type}"
    else:
        what = misfit(feature, default)
    if what:
        hint = "" if feature.type or isinstance(default, bool) else _type_hint(default)
        table.fault(what, "default", hint=hint)
        return feature
    return replace(feature, default=default)


def _type_hint(default: object) -> str:
    kind = "string" if isinstance(default, str) else "integer" if isinstance(default, int) else "real"
    return f'add type = "{kind}"'


def _attributes(table: Table, base: Mapping[str, Any]) -> Mapping[str, Any]:
    if "attributes" not in table:
        return base
    attributes = table.table("attributes")
    return {
        **base,
        **{key: _attribute(attributes, value, attributes.at(key)) for key, value in attributes.content.items()},
    }


def _attribute(table: Table, value: Any, where: Place) -> Any:
    if isinstance(value, dict):
        return {key: _attribute(table, item, where.at(key_text(key))) for key, item in value.items()}
    if isinstance(value, list):
        return [_attribute(table, item, where.at(f"[{index}]")) for index, item in enumerate(value)]
    if not isinstance(value, bool | str) and not is_number(value):
        table.fault(f"{shown(value)} cannot be an attribute", where, hint="write it as a text")
    return value


def _instances(table: Table, base: tuple[int, int | None] | None) -> tuple[int, int | None] | None:
    if "instances" not in table:
        return base
    instances = table.table("instances", ("min", "max"))
    if not isinstance(table.content["instances"], dict):
        return base
    if "min" not in instances:
        instances.missing("min", "min = 0")
    low, high = instances.integer("min") or 0, instances.integer("max")
    if high is not None and high < max(low, 1):
        instances.fault(f"between {low} and {high} instances cannot be", instances.where)
    return low, high


def _delivery(table: Table, base: Feature, known: Collection[str]) -> Delivery:
    old, other = base.delivery, known_feature(known, base.name, told=table.errors)

    def former(name: str) -> tuple[str, str] | None:
        return (f"'{name}' is the name of a feature of this version", "") if name in known else None

    return Delivery(
        parts=table.texts("parts", old.parts, check=requirement_fault),
        binding=table.choice("binding", Binding, old.binding),
        setting=table.text("setting", old.setting),
        before=table.texts("before", old.before, check=other),
        after=table.texts("after", old.after, check=other),
        was=table.texts("was", old.was, check=former),
        on_failure=table.choice("on_failure", OnFailure, old.on_failure),
        failures=_failures(table, old),
        licensed=table.truth("licensed", old.licensed),
    )


def _failures(table: Table, old: Delivery) -> int:
    """How many failures there are before the quarantine: at least one, and only where there is one."""
    failures = table.integer("failures")
    if failures is None:
        return old.failures
    if failures == 0:
        table.fault("no failure at all is too few", "failures", hint="write 1 or more")
    elif table.content.get("on_failure", old.on_failure) != OnFailure.QUARANTINE:
        table.fault("only a quarantine counts failures", "failures", hint='add on_failure = "quarantine"')
    else:
        return failures
    return old.failures


def requirement_fault(text: str) -> tuple[str, str] | None:
    """Why the text is not a requirement (PEP 508)."""
    try:
        Requirement(text)
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        return f"{shown(text)} is not a requirement: {reason[:1].lower()}{reason[1:]}", 'write it as "name>=1.2,<2"'
    return None


def read_sugar(name: str, table: Table, known: Collection[str]) -> Iterator[Constraint]:
    """The constraints that ``requires`` and ``excludes`` of a feature stand for."""
    for key in ("requires", "excludes"):
        for index, target in enumerate(table.texts(key, check=known_feature(known, name, told=table.errors))):
            there = FeatureReference(target)
            expression = Implies(FeatureReference(name), there if key == "requires" else Not(there))
            yield Constraint(expression, where=table.at(key).at(f"[{index}]"))
