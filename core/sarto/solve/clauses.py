"""Logical expressions as clauses: multiplied out where they stay few, else with definitions (Tseitin, 1968)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod

from ..model.expression import And, Compare, Expression, FeatureReference, Iff, Implies, Not, Or, fold
from .formula import Clause, FormulaBuilder

__all__ = ["ClauseMaker"]

DISTRIBUTION_LIMIT = 16
DEPTH = 100
"""How deep the quick recursion goes; what lies deeper is defined from the leaves up, without recursion."""


class ClauseMaker:
    """Turns expressions into clauses of a builder's present rule; ``comparison`` gives the literal of a comparison."""

    def __init__(self, builder: FormulaBuilder, comparison: Callable[[Compare], int]) -> None:
        self.builder = builder
        self.comparison = comparison

    def clauses(self, node: Expression, sign: bool = True, depth: int = DEPTH) -> list[Clause]:
        """Clauses that hold when, and only when, the expression does (with ``sign`` False: does not)."""
        if isinstance(node, FeatureReference):
            variable = self.builder.variable(node.name)
            return [(variable,) if sign else (-variable,)]
        if depth == 0:
            literal = self._define(node)
            return [(literal,) if sign else (-literal,)]
        depth -= 1
        if isinstance(node, Not):
            return self.clauses(node.operand, not sign, depth)
        if isinstance(node, (And, Or)):
            if isinstance(node, And) is sign:
                return [clause for operand in node.operands for clause in self.clauses(operand, sign, depth)]
            return self._any([self.clauses(operand, sign, depth) for operand in node.operands])
        if isinstance(node, Implies):
            left, right = self.clauses(node.left, not sign, depth), self.clauses(node.right, sign, depth)
            return self._any([left, right]) if sign else left + right
        if isinstance(node, Iff):
            first = self.builder.all_true(self.clauses(node.left, True, depth))
            second = self.builder.all_true(self.clauses(node.right, sign, depth))
            return [(-first, second), (first, -second)]
        if isinstance(node, Compare):
            literal = self.comparison(node)
            return [(literal,) if sign else (-literal,)]
        raise TypeError(f"{type(node).__name__} is no logical expression")

    def literal(self, expression: Expression) -> int:
        """A literal that is true when, and only when, the expression is."""
        return self.builder.all_true(self.clauses(expression))

    def _any(self, parts: list[list[Clause]]) -> list[Clause]:
        """Clauses that say that at least one of the parts holds."""
        single: list[int] = []
        several: list[list[Clause]] = []
        for part in parts:
            if len(part) == 1:
                single.extend(part[0])
            elif not part:
                return []
            else:
                several.append(part)
        if not several:
            merged = _merged(single, ())
            return [] if merged is None else [merged]
        several.sort(key=len)
        while several and prod(map(len, several)) > DISTRIBUTION_LIMIT:
            single.append(self.builder.all_true(several.pop()))
        choices = (_merged(single, choice) for choice in product(*several))
        return [clause for clause in choices if clause is not None]

    def _define(self, expression: Expression) -> int:
        """A literal for an expression of any depth, each inner node defined from its operands' literals."""

        def combine(node: Expression, parts: tuple[int, ...]) -> int:
            match node:
                case FeatureReference(name):
                    return self.builder.variable(name)
                case Compare():
                    return self.comparison(node)
                case Not():
                    return -parts[0]
                case And():
                    return self.builder.all_of(parts)
                case Or():
                    return self.builder.any_of(parts)
                case Implies():
                    return self.builder.any_of((-parts[0], parts[1]))
                case Iff():
                    return self.builder.choose(parts[0], parts[1], -parts[1])
                case _:
                    return 0  # the inside of a comparison, which reads it itself

        return fold(expression, combine)


def _merged(single: Sequence[int], choice: Sequence[Clause]) -> Clause | None:
    """The literals of all as one clause, each once; None where it always holds."""
    unique = dict.fromkeys(single)
    for clause in choice:
        unique.update(dict.fromkeys(clause))
    return tuple(unique) if unique.keys().isdisjoint([-literal for literal in unique]) else None
