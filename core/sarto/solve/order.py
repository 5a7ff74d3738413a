"""The order of variables in which a search decides them, so that the clauses soon fall apart."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from .formula import Clause

__all__ = ["elimination_order"]

WIDEST = 300
"""Where each variable left has more neighbours than this, hardly any order helps, and finding one takes long."""
LONGEST = 60
"""In a longer clause only literals that stand side by side are made neighbours."""


def elimination_order(clauses: Iterable[Clause], size: int) -> list[int]:
    """The variables 1..``size`` in an order whose end takes the clauses apart when it is decided first.

    Again and again the variable with few neighbours is taken out and its neighbours joined to one another (minimum
    degree; Markowitz, 1957, and Rose, 1972). What was taken out before it, one after the other, counts as well, by
    its logarithm: so a chain is halved and halved again instead of worn off from its end.
    """
    near = _neighbours(clauses, size)
    depth = [0] * (size + 1)

    def turn(variable: int) -> tuple[int, int, int]:
        level = depth[variable]
        return max(len(near[variable]), 2) + level.bit_length(), level, variable

    waiting = [turn(variable) for variable in range(1, size + 1)]
    heapq.heapify(waiting)
    order: dict[int, None] = {}
    while waiting:
        first = heapq.heappop(waiting)
        variable = first[-1]
        if variable in order or first != turn(variable):
            continue
        order[variable] = None
        if len(near[variable]) > WIDEST:
            continue
        for other in near[variable]:
            near[other] |= near[variable]
            near[other] -= {other, variable}
            depth[other] = max(depth[other], depth[variable] + 1)
            heapq.heappush(waiting, turn(other))
    return list(order)


def _neighbours(clauses: Iterable[Clause], size: int) -> list[set[int]]:
    near: list[set[int]] = [set() for _ in range(size + 1)]
    for clause in clauses:
        variables = [abs(literal) for literal in clause]
        for index, variable in enumerate(variables):
            near[variable].update(variables if len(clause) <= LONGEST else variables[max(index - 1, 0) : index + 2])
    for variable, others in enumerate(near):
        others.discard(variable)
    return near
