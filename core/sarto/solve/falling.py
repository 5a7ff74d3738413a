"""What can become false where features go off and none goes on."""

from __future__ import annotations

from ..model.expression import (
    And,
    Arithmetic,
    Compare,
    Expression,
    FeatureReference,
    Iff,
    Implies,
    Not,
    Or,
    fold,
)
from ..model.feature_model import FeatureModel
from .linear_form import Domains, features_read, linear_form

__all__ = ["may_become_false"]

Turns = tuple[bool, bool]
"""Whether something true can become false, and something false true."""


def may_become_false(model: FeatureModel, domains: Domains, expression: Expression) -> bool:
    """Whether a true expression can become false while features go off; False only where it cannot.

    ``domains`` has the values of each feature that is on, and none for those that are off and stay so.
    """

    def turns(node: Expression, parts: tuple[Turns, ...]) -> Turns:
        match node:
            case FeatureReference(name):
                return bool(domains[name]), False
            case Compare():
                return _compared(model, domains, node)
            case Not():
                return parts[0][1], parts[0][0]
            case And() | Or():
                return any(falls for falls, _ in parts), any(rises for _, rises in parts)
            case Implies():
                (falls, rises), (then_falls, then_rises) = parts
                return rises or then_falls, falls or then_rises
            case Iff():
                return (any(map(any, parts)),) * 2
            case _:
                return False, False  # the inside of a comparison, which reads it itself

    return fold(expression, turns)[0]


def _compared(model: FeatureModel, domains: Domains, node: Compare) -> Turns:
    """A sum that only shrinks stays below its bound; of what is not linear nothing is known."""
    form = linear_form(model, domains, Arithmetic("-", node.left, node.right))
    if form is None:
        moves = any(domains[name] for name in features_read(model, node))
        return moves, moves
    amounts = [amount for states in form.terms.values() for amount in states.values()]
    shrinks, grows = any(amount > 0 for amount in amounts), any(amount < 0 for amount in amounts)
    if node.operator in ("<", "<="):
        return grows, shrinks
    if node.operator in (">", ">="):
        return shrinks, grows
    return (shrinks or grows,) * 2
