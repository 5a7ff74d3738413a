"""Which features never stand in one build, as far as the shape of the feature model shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ..model.expression import And, Expression, FeatureReference, Implies, Not, Or
from ..model.feature_model import FeatureModel

__all__ = ["exclusive_pairs"]

Pair = frozenset[str]


def exclusive_pairs(model: FeatureModel, features: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of ``features`` that no configuration has together, in their order.

    Found are those that a group of at most one member keeps apart, or a constraint that says no more than
    that two features exclude each other, for the features themselves or for those above them. What only follows
    from several constraints is not found.
    """
    apart = {pair for constraint in model.constraints for pair in _excluded(constraint.expression)}
    lines = {name: _with_ancestors(model, name) for name in features}
    return tuple(
        (first, second)
        for first, second in combinations(features, 2)
        if _are_apart(model, lines[first], lines[second], apart)
    )


def _with_ancestors(model: FeatureModel, name: str) -> tuple[str, ...]:
    found = [name]
    while parent := model.parent_of(found[-1]):
        found.append(parent)
    return tuple(found)


def _are_apart(model: FeatureModel, first: Sequence[str], second: Sequence[str], apart: set[Pair]) -> bool:
    for one in first:
        group = model.group_of(one)
        for other in second:
            if one == other:
                break
            if Pair((one, other)) in apart:
                return True
            if group is not None and group.maximum == 1 and other in group.members:
                return True
    return False


def _excluded(expression: Expression) -> Iterator[Pair]:
    """The pairs that an expression by itself keeps apart."""
    match expression:
        case And(operands):
            for operand in operands:
                yield from _excluded(operand)
        case Implies(FeatureReference(name), right):
            yield from (Pair((name, other)) for other in _negated(right))
        case Or((Not(FeatureReference(one)), Not(FeatureReference(other)))):
            yield Pair((one, other))
        case Not(And((FeatureReference(one), FeatureReference(other)))):
            yield Pair((one, other))


def _negated(expression: Expression) -> Iterator[str]:
    match expression:
        case Not(FeatureReference(name)):
            yield name
        case And(operands):
            for operand in operands:
                yield from _negated(operand)
        case Not(Or(operands)):
            yield from (operand.name for operand in operands if isinstance(operand, FeatureReference))
