"""Feature cardinalities written out: the model in which every instance is a feature of its own.

A feature F that may have several instances stays where it is and is there where it has at least one. Below it stand
``F#1``, ``F#2``, …, each with its own copy of what is below F: ``speed#1``, ``speed#2``. Instances are ordered: the
next is there only where the one before it is. Numbers of nested instances have dots: ``pin#1.2`` is the second pin of
the first port.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from ..errors import Place, SartoError
from .expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    children,
    features_in,
    fold,
    postorder,
)
from .feature import Constraint, Feature, Group, GroupKind
from .feature_model import FeatureModel

__all__ = ["MOST_FEATURES", "copies_of", "expanded"]

MOST_FEATURES = 100_000
"""So many features the written-out model may have: cardinalities multiply, so a small file can ask for any number."""

Scope = tuple[str, ...]
"""The features with several instances in which a feature stands, the outermost first."""


def expanded(model: FeatureModel) -> FeatureModel:
    """The model with every instance as a feature of its own; the model itself where no feature has a cardinality.

    Every feature of the model keeps its name and says whether at least one instance has it. Raises SartoError, with
    its place, for a cardinality without an upper bound, for a constraint that asks for the one value or
    attribute of what may be there several times, for a name that is needed, and where it all becomes too large.
    """
    if all(feature.instances in (None, (1, 1)) for feature in model.features.values()):
        return model
    for feature in model.features.values():
        if feature.instances is not None and feature.instances[1] is None:
            raise SartoError(
                f"feature '{feature.name}' may have any number of instances, so not all cases can be looked at",
                where=feature.where, hint="give its cardinality an upper bound",
            )  # fmt: skip
    writing = _Writing(model, _scopes(model))
    writing.write()
    return FeatureModel(
        root=model.root, features=writing.features, groups=tuple(writing.groups), constraints=tuple(writing.constraints)
    )


def copies_of(model: FeatureModel, written_out: FeatureModel) -> Mapping[str, tuple[str, ...]]:
    """For each feature of the model the features that stand for it, one by one; not those that say whether any does.

    A feature of which there is one is its own copy; one with instances below nothing that has any, too.
    """
    scopes = _scopes(model)
    below = [name for name, scope in scopes.items() if scope]
    found: dict[str, list[str]] = {name: [] for name in below}
    for name in written_out.features:
        head, _, number = name.rpartition("#")
        if name not in model.features and len(scopes[head]) == number.count(".") + 1:
            found[head].append(name)
    return {name: tuple(found[name]) if name in found else (name,) for name in model.features}


def _is_several(feature: Feature) -> bool:
    return feature.instances is not None and feature.instances[1] != 1


def _scopes(model: FeatureModel) -> dict[str, Scope]:
    scopes: dict[str, Scope] = {}
    for name in model.preorder():
        parent = model.parent_of(name)
        if parent is None:
            scopes[name] = ()
        else:
            scopes[name] = (*scopes[parent], parent) if _is_several(model.features[parent]) else scopes[parent]
    return scopes


@dataclass(slots=True)
class _Writing:
    model: FeatureModel
    scopes: Mapping[str, Scope]
    features: dict[str, Feature] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    suffixes: dict[Scope, list[str]] = field(default_factory=dict)

    def write(self) -> None:
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
                if _is_several(feature):
                    work.extend(((*scope, name), number) for number in reversed(self._instances(feature, suffix)))
                else:
                    self._add(replace(feature, name=name + suffix, instances=None))
        for constraint in self.model.constraints:
            self._constraint(constraint)

    def _instances(self, feature: Feature, suffix: str) -> list[str]:
        """The feature and its instances in one place; their suffixes."""
        least, most = feature.instances or (1, 1)
        if (most or 0) > MOST_FEATURES:
            raise _too_large(feature)
        numbers = [f"{suffix}.{k}" if suffix else f"#{k}" for k in range(1, (most or 0) + 1)]
        own, needed = feature.name + suffix, max(least, 1)
        self._add(_presence(feature, own))
        names = [feature.name + number for number in numbers]
        for name in names:
            self._add(replace(feature, name=name, instances=None))
        for kind, members in ((GroupKind.MANDATORY, names[:needed]), (GroupKind.OPTIONAL, names[needed:])):
            if members:
                self.groups.append(Group(own, kind, tuple(members), where=feature.where))
        for before, after in zip(names[needed:], names[needed + 1 :], strict=False):
            self._rule(Implies(FeatureReference(after), FeatureReference(before)), feature.where)
        if not names:
            self._rule(Not(FeatureReference(own)), feature.where)
        below = [name for name in self.model.preorder(feature.name) if name != feature.name]
        for name in below:
            self._add(_presence(self.model.features[name], name + suffix))
            self._rule(_any_of(name + suffix, [name + number for number in numbers]), self.model.features[name].where)
        if below:
            present = tuple(name + suffix for name in below)
            self.groups.append(Group(own, GroupKind.OPTIONAL, present, where=feature.where))
        return numbers

    def _add(self, feature: Feature) -> None:
        if feature.name in self.features:
            what = f"the name '{feature.name}' is that of an instance, too"
            raise SartoError(what, where=feature.where, hint="rename the feature whose name has a # in it")
        if len(self.features) >= MOST_FEATURES:
            raise _too_large(feature)
        self.features[feature.name] = feature

    def _rule(self, expression: Expression, where: Place) -> None:
        self.constraints.append(Constraint(expression, where=where))

    def _constraint(self, constraint: Constraint) -> None:
        """The constraint in each instance of the innermost feature below which all its features are."""
        scopes = [self.scopes[name] for name in features_in(constraint.expression)]
        shared: Scope = _shared(scopes)
        for node in postorder(constraint.expression):
            self._check(node, shared, constraint.where)
        for suffix in self.suffixes.get(shared, ()):
            renamed = fold(constraint.expression, partial(self._renamed, shared, suffix))
            if shared:
                renamed = Implies(FeatureReference(shared[-1] + suffix), renamed)
            self.constraints.append(replace(constraint, expression=renamed))

    def _check(self, node: Expression, shared: Scope, where: Place) -> None:
        """Raise where the node needs the one value of what may be there several times."""
        named: list[tuple[str, str]] = []
        if isinstance(node, Aggregate) and node.function == "avg" and node.under and self.scopes[node.under] != shared:
            named.append((node.under, "average"))
        named += [
            (below.feature, f"attribute '{below.attribute}'")
            for below in (node, *children(node))
            if isinstance(below, AttributeReference)
        ]
        if isinstance(node, Compare | Arithmetic | Function):
            references = [below.name for below in children(node) if isinstance(below, FeatureReference)]
            named += [(name, "value") for name in references if self.model.features[name].type is not None]
        for name, what in named:
            is_here = self.scopes[name] == shared and (what == "average" or not _is_several(self.model.features[name]))
            if not is_here:
                raise SartoError(
                    f"'{name}' may be there several times, so it has no one {what} here", where=where,
                    hint="use sum(…) over all instances, or name only features below the same instance",
                )  # fmt: skip

    def _renamed(self, shared: Scope, suffix: str, node: Expression, parts: tuple[Expression, ...]) -> Expression:
        match node:
            case FeatureReference(name):
                return FeatureReference(name + suffix)
            case AttributeReference(name, attribute):
                return AttributeReference(name + suffix, attribute)
            case Aggregate(function, attribute, str(under)):
                return self._summed(function, attribute, under, shared, suffix)
            case _:
                return _with_children(node, parts)

    def _summed(self, function: str, attribute: str, under: str, shared: Scope, suffix: str) -> Expression:
        scope = self.scopes[under]
        if scope == shared:
            return Aggregate(function, attribute, under + suffix)
        within = suffix + "." if suffix else "#"
        total: Expression = Number(0)
        for number in self.suffixes.get(scope, ()):
            if number.startswith(within):
                total = Arithmetic("+", total, Aggregate(function, attribute, under + number))
        return total


def _too_large(feature: Feature) -> SartoError:
    what = f"with all instances that there may be, the model has more than {MOST_FEATURES} features"
    return SartoError(what, where=feature.where, hint="lower the upper bounds of its feature cardinalities")


def _presence(feature: Feature, name: str) -> Feature:
    """A feature that says whether any instance has this one: what it is and delivers, without value and attributes."""
    return replace(
        feature, name=name, type=None, minimum=None, maximum=None, default=None, attributes={}, instances=None
    )


def _any_of(name: str, copies: list[str]) -> Expression:
    if not copies:
        return Not(FeatureReference(name))
    references: tuple[Expression, ...] = tuple(FeatureReference(copy) for copy in copies)
    return Iff(FeatureReference(name), references[0] if len(references) == 1 else Or(references))


def _shared(scopes: list[Scope]) -> Scope:
    if not scopes:
        return ()
    first, last = min(scopes), max(scopes)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]


def _with_children(node: Expression, parts: tuple[Expression, ...]) -> Expression:
    match node:
        case Not():
            return Not(parts[0])
        case And():
            return And(parts)
        case Or():
            return Or(parts)
        case Implies():
            return Implies(*parts)
        case Iff():
            return Iff(*parts)
        case Compare(operator):
            return Compare(operator, *parts)
        case Arithmetic(operator):
            return Arithmetic(operator, *parts)
        case Function(name):
            return Function(name, *parts)
        case _:
            return node
