"""Which constraints came, went, or took another's place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from ...model.expression import features_in
from ...model.feature import Constraint
from ...model.feature_model import FeatureModel
from .likeness import Likeness

__all__ = ["ConstraintChanges", "Reworded", "constraint_changes"]


@dataclass(frozen=True, slots=True)
class Reworded:
    """A constraint that took another's place: it has the same reason or is over the same features, or it says the same
    with another reason."""

    before: Constraint
    after: Constraint


@dataclass(frozen=True, slots=True)
class ConstraintChanges:
    """The constraints that only one version has, and the pairs of which each has one; in the order of the versions."""

    added: tuple[Constraint, ...]
    removed: tuple[Constraint, ...]
    reworded: tuple[Reworded, ...]


def constraint_changes(old: FeatureModel, new: FeatureModel) -> ConstraintChanges:
    """How the constraints differ; the order of operands and of constraints makes no difference."""
    likeness = Likeness()
    number = {id(c): likeness.number(c.expression) for c in (*old.constraints, *new.constraints)}
    gone, came = list(old.constraints), list(new.constraints)
    reworded: dict[int, Reworded] = {}
    keys: list[Callable[[Constraint], Hashable]] = [
        lambda each: (number[id(each)], each.because),
        lambda each: number[id(each)],
        lambda each: each.because or id(each),
        lambda each: frozenset(features_in(each.expression)) or id(each),
    ]
    for key in keys:
        for before, after in _paired(gone, came, key):
            if number[id(before)] != number[id(after)] or before.because != after.because:
                reworded[id(after)] = Reworded(before, after)
    in_order = tuple(reworded[id(constraint)] for constraint in new.constraints if id(constraint) in reworded)
    return ConstraintChanges(tuple(came), tuple(gone), in_order)


def _paired(
    gone: list[Constraint], came: list[Constraint], key: Callable[[Constraint], Hashable]
) -> Iterator[tuple[Constraint, Constraint]]:
    """Take those with the same key out of both lists, pair by pair in their order."""
    waiting: dict[Hashable, list[Constraint]] = {}
    for constraint in reversed(gone):
        waiting.setdefault(key(constraint), []).append(constraint)
    taken: set[int] = set()
    left = []
    for constraint in came:
        if partners := waiting.get(key(constraint)):
            partner = partners.pop()
            taken.add(id(partner))
            yield partner, constraint
        else:
            left.append(constraint)
    came[:] = left
    gone[:] = [constraint for constraint in gone if id(constraint) not in taken]
