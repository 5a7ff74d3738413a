"""Feature cardinalities written out: the model in which every instance is a feature of its own.

A feature F that may have several instances stays where it is and is there where it has at least one. Below it stand
``F#1``, ``F#2``, …, each with its own copy of what is below F: ``speed#1``, ``speed#2``. Instances are ordered: the
next is there only where the one before it is. Numbers of nested instances have dots: ``pin#1.2`` is the second pin of
the first port.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..errors import Place, SartoError
from .expression import And, Expression, FeatureReference, Implies, Not, Or
from .feature import NO_DELIVERY, Constraint, Delivery, Feature, Generated, Group, GroupKind, is_several
from .feature_model import FeatureModel
from .instance_bounds import Scope, bounded, scopes_of
from .instance_rules import InstanceRules

__all__ = ["MOST_FEATURES", "expanded", "instance_with", "is_any", "is_counted", "numbered", "reached", "written"]

MOST_FEATURES = 100_000
"""So many features the written-out model may have: cardinalities multiply, so a small file can ask for any number."""


def expanded(
    model: FeatureModel, *, is_cut_off: bool = False, said: Mapping[str, int] | None = None, also: Collection[str] = ()
) -> FeatureModel:
    """The model with every instance as a feature of its own; the model itself where no feature has a cardinality.

    Every feature of the model keeps its name and says whether at least one instance has it; that is what its parts and
    its place in the tree stay with. ``origin`` of each constraint tells what it was written as. With ``is_cut_off``,
    where there may be any number of instances, as many are written out as
    can make a difference to what features can be there together (:func:`~sarto.model.instance_bounds.bounded`); with
    ``said``, so many more of each feature, as a selection speaks of them, and sums are taken over these. What is in
    ``also`` is written as instances, too, of which there is one at most.
    Raises SartoError, with its place, for a cardinality without an upper bound, for a constraint
    that asks for the one value of what may be there several times, for a name that is needed, and where it all
    becomes too large.
    """
    if not also and all(feature.instances in (None, (1, 1)) for feature in model.features.values()):
        return model
    model = bounded(model, is_cut_off=is_cut_off, said=said)
    writing = _Writing(model, scopes_of(model, also), also)
    writing.write()
    return FeatureModel(
        root=model.root, features=writing.features, groups=tuple(writing.groups), constraints=tuple(writing.constraints)
    )


def is_counted(model: FeatureModel, name: str) -> bool:
    """Whether the copies of a feature of a written-out model are its instances, so that it has a number of them."""
    copies = model.features[name].copies
    return bool(copies) and model.parent_of(copies[0]) == name


def is_any(model: FeatureModel, name: str) -> bool:
    """Whether a feature of a written-out model only says if any instance of another one has it."""
    return bool(model.features[name].copies) and not is_counted(model, name)


def instance_with(model: FeatureModel, name: str) -> str | None:
    """The innermost instance in which a feature of a written-out model is, or which it is; None for one outside."""
    parent = model.parent_of(name)
    while parent is not None:
        if name in model.features[parent].copies:
            return name
        name, parent = parent, model.parent_of(parent)
    return None


def reached(model: FeatureModel, name: str) -> tuple[str, ...]:
    """What stands for a feature of the model in the written-out one, each below a copy of its parent that is there.

    A feature of which there is one is its own copy; one with instances that is below nothing that has any, too.
    """
    found: list[str] = []
    work = [name]
    while work:
        each = work.pop()
        if model.features[each].copies and not is_counted(model, each):
            work.extend(reversed(model.features[each].copies))
        else:
            found.append(each)
    return tuple(found)


def written(constraints: Sequence[Constraint]) -> Iterator[tuple[Constraint, tuple[Constraint, ...]]]:
    """The constraints as they were written, each with its copies in the instances; those added are not among them."""
    found: dict[int, list[Constraint]] = {}
    heads: dict[int, Constraint] = {}
    for position, constraint in enumerate(constraints):
        match constraint.origin:
            case None:
                key, heads[position] = position, constraint
            case Generated():
                continue
            case copied:
                key = -1 - copied.index
                heads[key] = copied.written
        found.setdefault(key, []).append(constraint)
    return ((heads[key], tuple(copies)) for key, copies in found.items())


def numbered(text: str, suffix: str) -> str:
    """A name that a feature gives to something outside, told apart for an instance: ``area_1``, ``area_1_2``."""
    return text and text + suffix.replace("#", "_").replace(".", "_")


@dataclass(slots=True)
class _Writing:
    model: FeatureModel
    scopes: Mapping[str, Scope]
    also: Collection[str]
    features: dict[str, Feature] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    suffixes: dict[Scope, list[str]] = field(default_factory=dict)

    def write(self) -> None:
        rules = InstanceRules(self.model, self.scopes, self.suffixes, self.also)
        regions: dict[Scope, list[str]] = {}
        groups: dict[Scope, list[Group]] = {}
        for name, scope in self.scopes.items():
            regions.setdefault(scope, []).append(name)
        for group in self.model.groups:
            if group.members:
                groups.setdefault(self.scopes[group.members[0]], []).append(group)
        work: list[tuple[Scope, str]] = [((), "")]
        while work:
            scope, suffix = work.pop()
            self.suffixes.setdefault(scope, []).append(suffix)
            for group in groups.get(scope, ()):
                members = tuple(name + suffix for name in group.members)
                self.groups.append(replace(group, parent=group.parent + suffix, members=members))
            for name in regions.get(scope, ()):
                feature = self.model.features[name]
                if name in self.also or is_several(feature):
                    work.extend(((*scope, name), number) for number in reversed(self._instances(feature, suffix)))
                else:
                    self._add(_copy(feature, suffix) if suffix else replace(feature, instances=None))
        written_rules = [each for n, rule in enumerate(self.model.constraints) for each in rules.copies(n, rule)]
        self.constraints = written_rules + self.constraints
        for name, attribute, value in rules.attributes():
            feature = self.features[name]
            self.features[name] = replace(feature, attributes={**feature.attributes, attribute: value})

    def _instances(self, feature: Feature, suffix: str) -> list[str]:
        """The feature and its instances in one place; their suffixes."""
        least, most = feature.instances or (1, 1)
        if (most or 0) > MOST_FEATURES:
            raise _too_large(feature)
        numbers = [f"{suffix}.{k}" if suffix else f"#{k}" for k in range(1, (most or 0) + 1)]
        own, needed = feature.name + suffix, max(least, 1)
        self._add(_presence(feature, suffix, numbers))
        names = [feature.name + number for number in numbers]
        for number in numbers:
            copy = _copy(feature, number)
            self._add(copy if feature.type else replace(copy, default=None))
        for kind, members in ((GroupKind.MANDATORY, names[:needed]), (GroupKind.OPTIONAL, names[needed:])):
            if members:
                self.groups.append(Group(own, kind, tuple(members), where=feature.where))
        for before, after in zip(names[needed:], names[needed + 1 :], strict=False):
            self._rule(Generated.ORDER, Implies(FeatureReference(after), FeatureReference(before)), feature.where)
        if not names:
            self._rule(Generated.PRESENCE, Not(FeatureReference(own)), feature.where)
        self._below(feature, suffix, numbers)
        return numbers

    def _below(self, feature: Feature, suffix: str, numbers: Sequence[str]) -> None:
        """What says of each feature below one with instances whether any of them has it."""
        below = [name for name in self.model.preorder(feature.name) if name != feature.name]
        for name in below:
            each = self.model.features[name]
            self._add(replace(_presence(each, suffix, numbers), default=None))
            any_of = _any_of(name + suffix, [name + number for number in numbers])
            self._rule(Generated.PRESENCE, any_of, each.where)
        if below:
            present = tuple(name + suffix for name in below)
            self.groups.append(Group(feature.name + suffix, GroupKind.OPTIONAL, present, where=feature.where))

    def _add(self, feature: Feature) -> None:
        if feature.name in self.features:
            what = f"the name '{feature.name}' is that of an instance, too"
            raise SartoError(what, where=feature.where, hint="rename the feature whose name has a # in it")
        if len(self.features) >= MOST_FEATURES:
            raise _too_large(feature)
        self.features[feature.name] = feature

    def _rule(self, origin: Generated, expression: Expression, where: Place) -> None:
        self.constraints.append(Constraint(expression, where=where, origin=origin))


def _too_large(feature: Feature) -> SartoError:
    what = f"with all instances that there may be, the model has more than {MOST_FEATURES} features"
    return SartoError(what, where=feature.where, hint="lower the upper bounds of its feature cardinalities")


def _copy(feature: Feature, suffix: str) -> Feature:
    """A feature in one instance: all of it but what is delivered, which is there once for all instances."""
    delivery = feature.delivery
    if delivery is not NO_DELIVERY:
        delivery = Delivery(
            binding=delivery.binding,
            setting=numbered(delivery.setting, suffix),
            was=tuple(former + suffix for former in delivery.was),
            on_failure=delivery.on_failure,
            failures=delivery.failures,
            licensed=delivery.licensed,
        )
    return replace(feature, name=feature.name + suffix, instances=None, delivery=delivery)


def _presence(feature: Feature, suffix: str, numbers: Sequence[str]) -> Feature:
    """A feature that says whether any instance has this one: what it is and delivers, without value and attributes.

    Below another instance nothing is delivered for it.
    """
    delivery = _copy(feature, suffix).delivery if suffix else feature.delivery
    if feature.type is not None:
        delivery = replace(delivery, setting="")
    return replace(
        feature,
        name=feature.name + suffix,
        type=None,
        minimum=None,
        maximum=None,
        default=feature.default if isinstance(feature.default, bool) else None,
        attributes={},
        instances=None,
        delivery=delivery,
        copies=tuple(feature.name + number for number in numbers),
    )


def _any_of(name: str, copies: list[str]) -> Expression:
    if not copies:
        return Not(FeatureReference(name))
    references: tuple[Expression, ...] = tuple(FeatureReference(copy) for copy in copies)
    any_copy = references[0] if len(references) == 1 else Or(references)
    return And((Implies(FeatureReference(name), any_copy), Implies(any_copy, FeatureReference(name))))
