"""Which features never stand in one build."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from itertools import combinations

from ..model.expression import And, Expression, FeatureReference, Implies, Not, Or
from ..model.feature_model import FeatureModel
from ..model.notation import spelled
from ..solve.encoding import encode_skeleton
from ..solve.session import SatSession
from ..solve.values import domains_of

__all__ = ["are_apart", "exclusive_pairs", "keeping_apart"]

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


def are_apart(model: FeatureModel, features: Collection[str]) -> bool:
    """Whether no configuration has all the ``features``. Raises SartoError for arithmetic that no formula expresses."""
    formula = encode_skeleton(model, domains_of(model, {}), tuple(features))
    with closing(SatSession.of(formula)) as session:
        return not session.is_possible([formula.variables[name] for name in features])


def keeping_apart(features: Sequence[str]) -> str:
    """The constraint, as a line's file has it, that leaves no configuration with all of two or more features."""
    names = [spelled(name) for name in features]
    rule = f"{names[0]} => !{names[1]}" if len(names) == 2 else f"!({' & '.join(names)})"
    return f"[[constraints]] rule = {json.dumps(rule, ensure_ascii=False)}"


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
