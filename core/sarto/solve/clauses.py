"""Logical expressions as clauses: multiplied out where they stay few, else with definitions (Tseitin, 1968)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, chain, islice, product
from operator import mul, neg

from ..model.expression import And, Compare, Expression, FeatureReference, Iff, Implies, Not, Or, fold, postorder
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
        if isinstance(node, (And, Or)) and depth:
            if isinstance(node, And) is sign:
                return self._all(node.operands, sign, depth - 1)
            return self._any(node.operands, sign, depth - 1)
        if isinstance(node, Not) and depth:
            return self.clauses(node.operand, not sign, depth - 1)
        if isinstance(node, FeatureReference):
            variable = self.builder.variable(node.name)
            return [(variable,) if sign else (-variable,)]
        if depth == 0 or isinstance(node, Compare):
            literal = self.comparison(node) if isinstance(node, Compare) else self._define(node)
            return [(literal,) if sign else (-literal,)]
        if isinstance(node, Implies):
            if sign:
                return self._any((node.left, node.right), True, depth - 1, is_first_denied=True)
            return [*self.clauses(node.left, True, depth - 1), *self.clauses(node.right, False, depth - 1)]
        if isinstance(node, Iff):
            return self._alike(node, sign, depth - 1)
        raise TypeError(f"{type(node).__name__} is no logical expression")

    def _alike(self, node: Iff, sign: bool, depth: int) -> list[Clause]:
        """Clauses that say that both sides hold, or neither does (with ``sign`` False: one of them does)."""
        if self.builder.is_counted:
            first = self.builder.all_true(self.clauses(node.left, True, depth))
            second = self.builder.all_true(self.clauses(node.right, sign, depth))
        elif any(isinstance(below, Iff) for side in (node.left, node.right) for below in postorder(side)):
            # Each side is needed twice below, so that to go on like that would double the work with every level.
            first, second = self._define(node.left), self._define(node.right)
            second = second if sign else -second
        else:  # what is enough for a clause must not stand for it where it is denied
            left, right = (node.left, node.right) if sign else (Not(node.left), node.right)
            there = self._any((Not(left), right), True, depth)
            return [*there, *self._any((left, Not(right)), True, depth)]
        return [(-first, second), (first, -second)]

    def literal(self, expression: Expression) -> int:
        """A literal that is true when, and only when, the expression is."""
        return self.builder.all_true(self.clauses(expression))

    def _all(self, operands: Sequence[Expression], sign: bool, depth: int) -> list[Clause]:
        """Clauses that say that all operands hold (with ``sign`` False: that none does)."""
        found: list[Clause] = []
        variables = self.builder.variables
        for node in operands:  # as in _any
            positive = sign
            if isinstance(node, Not):
                node, positive = node.operand, not sign
            if isinstance(node, FeatureReference):
                variable = variables.get(node.name) or self.builder.variable(node.name)
                found.append((variable,) if positive else (-variable,))
            else:
                found += self.clauses(node, positive, depth)
        return found

    def _any(
        self, operands: Sequence[Expression], sign: bool, depth: int, *, is_first_denied: bool = False
    ) -> list[Clause]:
        """Clauses that say that at least one operand holds (with ``sign`` False: does not).

        Where the first one ``is_first_denied``, it is the other way round for that.
        """
        single: list[int] = []
        several: list[list[Clause]] = []
        always = False
        variables = self.builder.variables
        positive = sign is not is_first_denied
        for node in operands:
            # Most operands are features and negated ones: they do without a call of their own.
            if isinstance(node, Not):
                node, positive = node.operand, not positive
            if isinstance(node, FeatureReference):
                variable = variables.get(node.name) or self.builder.variable(node.name)
                single.append(variable if positive else -variable)
                positive = sign
                continue
            clauses = self.clauses(node, positive, depth)
            positive = sign
            if len(clauses) == 1:
                single += clauses[0]
            elif clauses:
                several.append(clauses)
            else:
                always = True
        return [] if always else self._distributed(single, several)

    def _distributed(self, single: list[int], several: list[list[Clause]]) -> list[Clause]:
        """Clauses that say that one of the ``single`` literals holds, or all clauses of one of ``several``."""
        if not several:
            merged = _merged(single)
            return [] if merged is None else [merged]
        if len(several) == 1 and len(several[0]) <= DISTRIBUTION_LIMIT:  # by far the most
            return _joined(single, several[0])
        several.sort(key=len)
        kept = sum(
            size <= DISTRIBUTION_LIMIT for size in accumulate(islice(map(len, several), DISTRIBUTION_LIMIT), mul)
        )
        while len(several) > kept:
            single.append(self.builder.enough(several.pop()))
        choices = (_merged([*single, *chain.from_iterable(choice)]) for choice in product(*several))
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


def _joined(single: list[int], clauses: list[Clause]) -> list[Clause]:
    """Each of the clauses with the ``single`` literals before it."""
    start = _merged(single)
    if start is None:
        return []
    found: list[Clause] = []
    for clause in clauses:
        if len(clause) > 1:
            merged = _merged((*start, *clause))
            if merged is not None:
                found.append(merged)
        elif clause[0] in start:
            found.append(start)
        elif -clause[0] not in start:
            found.append((*start, *clause))
    return found


def _merged(literals: Sequence[int]) -> Clause | None:
    """The literals as one clause, each once; None where it always holds."""
    if len(set(map(abs, literals))) == len(literals):  # by far the most
        return tuple(literals)
    unique = dict.fromkeys(literals)
    return tuple(unique) if unique.keys().isdisjoint(map(neg, unique)) else None
