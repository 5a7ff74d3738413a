"""Making clauses fewer and shorter without losing or gaining a solution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pysat.solvers import Solver

from .formula import Clause
from .session import SatSession

__all__ = ["Part", "parts_of", "simplified"]

SOLVER = "minisat22"
Part = tuple[list[int], list[Clause]]
"""Variables, in order, and the clauses over them."""


def simplified(clauses: Sequence[Clause], size: int) -> tuple[frozenset[int], list[Clause]] | None:
    """The literals that all solutions share, and clauses over the other variables that say the rest.

    None where there is no solution.
    """
    session = SatSession(clauses, size)
    try:
        shared = session.consequences((), range(1, size + 1))
    finally:
        session.close()
    if shared is None:
        return None
    known = frozenset(shared)
    rest = {
        tuple(sorted(literal for literal in set(clause) if -literal not in known)): None
        for clause in clauses
        if known.isdisjoint(clause)
    }
    return known, _needed(reversed(_needed(rest)))


def _needed(clauses: Iterable[Clause]) -> list[Clause]:
    """The clauses without those that follow from shorter ones, or earlier ones as long, by unit propagation."""
    needed: list[Clause] = []
    with Solver(name=SOLVER) as solver:
        for clause in sorted(clauses, key=len):
            is_open, _ = solver.propagate(assumptions=[-literal for literal in clause])
            if is_open:
                needed.append(clause)
                solver.add_clause(clause)
    return needed


def parts_of(clauses: Sequence[Clause]) -> list[Part]:
    """The clauses in groups that share no variable, each with its variables."""
    above: dict[int, int] = {}

    def top(variable: int) -> int:
        while above[variable] != variable:
            above[variable] = above[above[variable]]
            variable = above[variable]
        return variable

    for clause in clauses:
        variables = [abs(literal) for literal in clause]
        for variable in variables:
            above.setdefault(variable, variable)
            above[top(variable)] = top(variables[0])
    parts: dict[int, Part] = {}
    for variable in sorted(above):
        parts.setdefault(top(variable), ([], []))[0].append(variable)
    for clause in clauses:
        parts[top(abs(clause[0]))][1].append(clause)
    return list(parts.values())
