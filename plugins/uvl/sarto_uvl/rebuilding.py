"""Expressions made anew from changed operands."""

from __future__ import annotations

from sarto.model.expression import And, Arithmetic, Compare, Expression, Function, Iff, Implies, Not, Or

__all__ = ["rebuilt"]


def rebuilt(node: Expression, operands: tuple[Expression, ...]) -> Expression:
    """The node with these operands in place of its own."""
    match node:
        case Not():
            return Not(operands[0])
        case And():
            return And(operands)
        case Or():
            return Or(operands)
        case Implies():
            return Implies(*operands)
        case Iff():
            return Iff(*operands)
        case Compare(operator):
            return Compare(operator, *operands)
        case Arithmetic(operator):
            return Arithmetic(operator, *operands)
        case Function(name):
            return Function(name, *operands)
        case _:
            return node
