"""The feature model: a tree of features with its groups, plus cross-tree constraints."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import SartoError, did_you_mean, raise_all
from .expression import (
    Aggregate,
    And,
    AttributeReference,
    Expression,
    FeatureReference,
    Iff,
    Implies,
    Not,
    Or,
    Value,
    postorder,
)
from .feature import Constraint, Feature, Group, GroupKind

__all__ = ["FeatureModel", "attribute_value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureModel:
    """What may be chosen and what goes with what; checked when it is made.

    ``features`` maps each name to its feature; ``groups`` are kept in the order of the tree. Raises
    :class:`SartoErrors` with every fault of the tree and of the constraints' references: an unknown or
    second parent, a cycle, a feature outside the tree, a group whose numbers cannot hold.
    """

    root: str
    features: Mapping[str, Feature]
    groups: tuple[Group, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    _group_of: dict[str, Group] = field(init=False, repr=False, compare=False)
    _groups_under: dict[str, list[Group]] = field(init=False, repr=False, compare=False)
    _order: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        group_of: dict[str, Group] = {}
        under: dict[str, list[Group]] = {}
        object.__setattr__(self, "_group_of", group_of)
        object.__setattr__(self, "_groups_under", under)
        errors: list[SartoError] = []
        for group in self.groups:
            under.setdefault(group.parent, []).append(group)
            errors += self._place_members(group, group_of)
        if self.root in self.features:
            errors += self._faults_of_tree()
        else:
            errors.append(SartoError(f"the root feature '{self.root}' is not among the features"))
        for constraint in self.constraints:
            errors += self._faults_of_constraint(constraint)
        raise_all(errors)
        object.__setattr__(self, "_order", tuple(self._below(self.root)))
        object.__setattr__(self, "groups", tuple(group for name in self._order for group in under.get(name, ())))

    def _place_members(self, group: Group, group_of: dict[str, Group]) -> Iterator[SartoError]:
        if group.kind is GroupKind.CARDINALITY and not 0 <= group.minimum <= group.maximum <= len(group.members):
            bounds = f"{group.minimum}..{group.maximum}"
            yield SartoError(
                f"a group of {len(group.members)} features cannot have between {bounds} of them selected",
                where=group.where, hint=f"use 0 <= min <= max <= {len(group.members)}",
            )  # fmt: skip
        for name in (group.parent, *group.members):
            if name not in self.features:
                yield SartoError(f"unknown feature '{name}'", where=group.where, hint=did_you_mean(name, self.features))
        for name in group.members:
            if name == self.root:
                yield SartoError(f"the root feature '{name}' has a parent, '{group.parent}'", where=group.where)
            elif name in group_of:
                yield self._second_parent(name, group_of[name], group)
            else:
                group_of[name] = group

    @staticmethod
    def _second_parent(name: str, first: Group, second: Group) -> SartoError:
        if first.parent == second.parent:
            what = f"feature '{name}' stands twice under '{first.parent}'"
        else:
            what = f"feature '{name}' has two parents, '{first.parent}' and '{second.parent}'"
        return SartoError(what, where=second.where, hint=f"keep it in one place; the first is {first.where}")

    def _faults_of_tree(self) -> Iterator[SartoError]:
        settled = {self.root}
        for name in self.features:
            path: list[str] = []
            while name not in settled:
                settled.add(name)
                path.append(name)
                group = self._group_of.get(name)
                if group is None:
                    yield from self._outside(name)
                    break
                name = group.parent
            else:
                if name in path:
                    yield self._cycle([name, *reversed(path[path.index(name) :])])

    def _outside(self, name: str) -> Iterator[SartoError]:
        if name in self.features:
            hint = f"name it in a group of '{self.root}' or of a feature below it"
            yield SartoError(f"feature '{name}' is not in the tree", where=self.features[name].where, hint=hint)

    def _cycle(self, path: list[str]) -> SartoError:
        what = f"features are below one another in a cycle: {' -> '.join(path)}"
        return SartoError(what, where=self._group_of[path[1]].where, hint="take one of them out of its group")

    def _faults_of_constraint(self, constraint: Constraint) -> Iterator[SartoError]:
        if _is_logic_over(constraint.expression, self.features):
            return
        for node in postorder(constraint.expression):
            match node:
                case FeatureReference(name) | AttributeReference(name) | Aggregate(under=str(name)):
                    pass
                case _:
                    continue
            feature = self.features.get(name)
            if feature is None:
                hint = did_you_mean(name, self.features)
                yield SartoError(f"unknown feature '{name}'", where=constraint.where, hint=hint)
            elif isinstance(node, AttributeReference) and attribute_value(feature, node.attribute) is None:
                hint = did_you_mean(node.attribute, feature.attributes)
                yield SartoError(
                    f"feature '{name}' has no attribute '{node.attribute}'", where=constraint.where, hint=hint
                )

    def group_of(self, name: str) -> Group | None:
        """The group in which the feature stands; None for the root."""
        return self._group_of.get(name)

    def parent_of(self, name: str) -> str | None:
        """The parent of the feature; None for the root."""
        group = self._group_of.get(name)
        return group.parent if group else None

    def groups_under(self, name: str) -> tuple[Group, ...]:
        """The groups of the feature's children, in the order in which they are written."""
        return tuple(self._groups_under.get(name, ()))

    def preorder(self, start: str | None = None) -> Iterator[str]:
        """The names of the feature and of all below it, parents first, in the order of the groups."""
        return iter(self._order) if start is None else self._below(start)

    def _below(self, start: str) -> Iterator[str]:
        work = [start]
        while work:
            name = work.pop()
            yield name
            for group in reversed(self._groups_under.get(name, ())):
                work.extend(reversed(group.members))


def _is_logic_over(expression: Expression, features: Container[str]) -> bool:
    """Whether the expression is of known features and logic alone: asked of every constraint, so made to be quick."""
    nodes = [expression]
    for node in nodes:  # grows while it is gone through
        if isinstance(node, FeatureReference):
            if node.name not in features:
                return False
        elif isinstance(node, Not):
            nodes.append(node.operand)
        elif isinstance(node, (And, Or)):
            nodes += node.operands
        elif isinstance(node, (Implies, Iff)):
            nodes += (node.left, node.right)
        else:
            return False
    return True


def attribute_value(feature: Feature, path: str) -> Value | None:
    """The value of an attribute by its dotted path, or None where the feature has no such value."""
    if path in feature.attributes:
        value: Any = feature.attributes[path]
    else:
        value = feature.attributes
        for key in path.split("."):
            if not isinstance(value, Mapping) or key not in value:
                return None
            value = value[key]
    return value if isinstance(value, bool | int | float | str) else None
