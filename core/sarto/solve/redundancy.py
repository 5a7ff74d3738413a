"""Redundant constraints: those without which a model has the same configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import neg

from pysat.solvers import Solver

from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from ..model.instances import expanded, written
from .encoding import encode_apart
from .formula import Clause, Formula
from .values import domains_of

__all__ = ["redundant_constraints"]

SOLVER = "minisat22"
BLOCK = 400
"""How many constraints are looked at with one solver."""


def redundant_constraints(model: FeatureModel) -> tuple[Constraint, ...]:
    """Constraints, as they are written, that the tree and the others already imply, each one looked at alone.

    Of two equal constraints both are named: either may go. In a void model none is.
    """
    model = expanded(model, is_cut_off=True)
    formula, apart = encode_apart(model, domains_of(model, {}))
    solution = _solution(formula, apart)
    if solution is None:
        return ()
    found = set(_implied(formula, apart, solution))
    return tuple(constraint for index, (constraint, _) in enumerate(written(model.constraints)) if index in found)


def _solution(formula: Formula, apart: Sequence[Sequence[Clause]]) -> list[int] | None:
    """A solution of the whole; None where there is none."""
    if any(not clause for clauses in apart for clause in clauses):  # one that nothing satisfies
        return None
    with Solver(name=SOLVER) as solver:
        for clauses in (formula.clauses, *apart):
            solver.append_formula(clauses)
        return list(solver.get_model()) if solver.solve() else None


def _implied(formula: Formula, apart: Sequence[Sequence[Clause]], solution: Sequence[int]) -> Iterator[int]:
    """The indices of the constraints all whose clauses follow from the others'.

    Each block of constraints has a solver of its own, in which each of them has a switch and those outside it
    have none: a search that has to assume thousands of literals is slow. A search begins near ``solution``, since
    most constraints are needed, and little else has to change where one is broken.
    """
    for start in range(0, len(apart), BLOCK):
        block = range(start, min(start + BLOCK, len(apart)))
        switch_of = {index: formula.size + 1 + index - start for index in block}
        with Solver(name=SOLVER) as solver:
            solver.append_formula(formula.clauses)
            for index, clauses in enumerate(apart):
                switch = switch_of.get(index)
                solver.append_formula([(-switch, *clause) for clause in clauses] if switch else clauses)
            solver.set_phases(solution)
            for index in block:
                others = [switch for other, switch in switch_of.items() if other != index]
                if all(_follows(solver, clause, others) for clause in apart[index]):
                    yield index


def _follows(solver: Solver, clause: Clause, switches: list[int]) -> bool:
    """Whether a clause follows where the switches are on: often unit propagation alone tells, with no search."""
    denied = [*switches, *map(neg, clause)]
    is_open, _ = solver.propagate(assumptions=denied)
    return not (is_open and solver.solve(assumptions=denied))
