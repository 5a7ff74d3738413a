"""Tautologies: constraints that say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..model.evaluation import evaluate
from ..model.expression import And, Expression, FeatureReference, Iff, Implies, Not, Or
from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from ..model.instances import expanded, written
from .encoding import encode_switchable
from .session import SatSession
from .values import domains_of

__all__ = ["tautologies"]


def tautologies(model: FeatureModel) -> tuple[Constraint, ...]:
    """Constraints, as they are written, that hold whatever features are selected together, even without the tree.

    What values typed features can have is taken into account. Raises SartoError for arithmetic and feature
    cardinalities that a formula cannot express.
    """
    model = expanded(model, is_cut_off=True)
    suspects = [
        (constraint, copies)
        for constraint, copies in written(model.constraints)
        if not any(_is_denied(copy.expression) for copy in copies)
    ]
    if not suspects:
        return ()
    suspected = replace(model, constraints=tuple(copy for _, copies in suspects for copy in copies))
    formula, switches = encode_switchable(suspected, domains_of(suspected, {}), with_tree=False)
    session = SatSession.of(formula)
    try:
        pairs = zip(suspects, switches, strict=True)
        return tuple(constraint for (constraint, _), switch in pairs if not session.is_possible([-switch]))
    finally:
        session.close()


def _is_denied(expression: Expression) -> bool:
    """Whether one obvious attempt makes the expression false; spares nearly all constraints the solver."""
    values: dict[str, bool] = {}
    work: list[tuple[Expression, bool]] = [(expression, False)]
    while work:
        node, wanted = work.pop()
        match node:
            case FeatureReference(name):
                values[name] = wanted
            case Not(operand):
                work.append((operand, not wanted))
            case And(operands) | Or(operands):
                work += _each(operands, wanted)
            case Implies(left, right) | Iff(left, right):
                work += ((left, not wanted if isinstance(node, Implies) else True), (right, wanted))
            case _:
                return False
    return not evaluate(expression, values)


def _each(operands: Sequence[Expression], wanted: bool) -> list[tuple[Expression, bool]]:
    return [(operand, wanted) for operand in operands]
