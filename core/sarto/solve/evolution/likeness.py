"""What two models have alike: the rules that say the same in both, and the subtrees that no difference reaches."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace

from ...model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    Function,
    Iff,
    Implies,
    Not,
    Or,
    features_in,
    fold,
    postorder,
)
from ...model.feature import Group, GroupKind
from ...model.feature_model import FeatureModel, attribute_value
from ..linear_form import members_of
from ..reasons import ConstraintRule, GroupRule, ParentRule, RootRule

__all__ = ["Likeness", "ModelRule", "compared", "without_common"]


@dataclass(frozen=True, slots=True)
class ModelRule:
    """A rule of a model; those with the same ``key`` say the same. ``features`` are all that it depends on."""

    origin: RootRule | ParentRule | GroupRule | ConstraintRule
    key: Hashable
    features: frozenset[str]


class Likeness:
    """Tells which expressions and rules are alike, over as many models as are asked about.

    Alike are expressions that differ at most in the order of operands of ``& | <=> == != + *``.
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def number(self, expression: Expression) -> int:
        """A number that alike expressions share, and no others."""
        return fold(expression, self._number)

    def _number(self, node: Expression, parts: tuple[int, ...]) -> int:
        key: Hashable
        match node:
            case And() | Or() | Iff():
                key = (type(node), tuple(sorted(parts)))
            case Compare("==" | "!=" as operator) | Arithmetic("+" | "*" as operator):
                key = (type(node), operator, tuple(sorted(parts)))
            case Compare(operator) | Arithmetic(operator):
                key = (type(node), operator, parts)
            case Not() | Implies():
                key = (type(node), parts)
            case Function(name):
                key = (type(node), name, parts)
            case _:
                key = node
        return self._numbers.setdefault(key, len(self._numbers))

    def rules(self, model: FeatureModel) -> Iterator[ModelRule]:
        """The rules of the model that its configurations keep, those about values and bounds apart."""
        yield ModelRule(RootRule(model.root), ("root", model.root), frozenset([model.root]))
        for group in model.groups:
            for name in group.members:
                key = ("parent", name, group.parent)
                yield ModelRule(ParentRule(name, group.parent), key, frozenset([name, group.parent]))
            if group.kind is not GroupKind.OPTIONAL:
                yield ModelRule(GroupRule(group), _group(group), frozenset([group.parent, *group.members]))
        for constraint in model.constraints:
            values = frozenset(_values_read(model, constraint.expression))
            number = self.number(constraint.expression)
            reach = frozenset(_reach(model, constraint.expression))
            yield ModelRule(ConstraintRule(constraint), ("constraint", number, values), reach)


def _group(group: Group) -> Hashable:
    return ("group", group.parent, frozenset(group.members), group.minimum, group.maximum)


def _values_read(model: FeatureModel, expression: Expression) -> Iterator[Hashable]:
    """The attributes on which the expression's arithmetic rests, with their values."""
    for node in postorder(expression):
        match node:
            case AttributeReference(name, attribute):
                value = attribute_value(model.features[name], attribute)
                yield name, attribute, type(value) is str, value
            case Aggregate(_, attribute):
                for name in members_of(model, node):
                    yield name, attribute, False, attribute_value(model.features[name], attribute)


def _reach(model: FeatureModel, expression: Expression) -> Iterator[str]:
    """The features that the expression names, and those that it adds up."""
    yield from features_in(expression)
    for node in postorder(expression):
        if isinstance(node, Aggregate):
            yield from members_of(model, node)


def compared(*models: FeatureModel) -> frozenset[str]:
    """The features by which products differ: concrete or typed in at least one of the models."""
    return frozenset(
        name for model in models for name, each in model.features.items() if not each.abstract or each.type is not None
    )


def without_common(first: FeatureModel, second: FeatureModel) -> tuple[FeatureModel, FeatureModel]:
    """Both models without the subtrees that are alike in both and that no constraint of either reaches.

    Whatever such subtrees allow, they allow in both; so each has products that the other has not exactly
    where the smaller models have. Only whole groups below a feature that is compared are left out.
    """
    touched = {name for model in (first, second) for c in model.constraints for name in _reach(model, c.expression)}
    alike: set[str] = set()
    for name in reversed(list(first.preorder())):
        if name not in touched and _is_alike(first, second, name, alike):
            alike.add(name)
    visible = compared(first, second) & first.features.keys() & second.features.keys()
    common = {
        group
        for name in visible
        for group in set(first.groups_under(name)).intersection(second.groups_under(name))
        if alike.issuperset(group.members)
    }
    return _without(first, common), _without(second, common)


def _is_alike(first: FeatureModel, second: FeatureModel, name: str, alike: set[str]) -> bool:
    """Whether the feature, whose children have been looked at, has the same subtree in both models."""
    one, other = first.features[name], second.features.get(name)
    if other is None or one.instances is not None or other.instances is not None:
        return False
    groups = first.groups_under(name)
    return (
        (one.type, one.minimum, one.maximum) == (other.type, other.minimum, other.maximum)
        and set(groups) == set(second.groups_under(name))
        and all(alike.issuperset(group.members) for group in groups)
    )


def _without(model: FeatureModel, common: set[Group]) -> FeatureModel:
    """The model without these groups and all that is below them."""
    gone: set[str] = set()
    for name in model.preorder():
        group = model.group_of(name)
        if group is not None and (group in common or group.parent in gone):
            gone.add(name)
    return replace(
        model,
        features={name: feature for name, feature in model.features.items() if name not in gone},
        groups=tuple(group for group in model.groups if group not in common and group.parent not in gone),
    )
