"""One SAT solver with the formula loaded, asked many small questions under assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import neg

from pysat.solvers import Solver

from .formula import Clause, Formula
from .walk import Walk

__all__ = ["SatSession"]

SOLVER = "glucose4"

MANY, FEW, POOR = 300, 0.02, 5
"""Where POOR searches disproved less than FEW of the candidates each, and MANY are left, a walk is worth making."""
MISSTEPS = 100
"""So many steps that fail, and searches are cheaper after all."""
SMALL, LITTLE = 1000, 24
"""Over SMALL variables a search costs hardly more than that: for LITTLE candidates or fewer it is not asked there."""
NEAR, NEEDS = 400, 40
"""Of NEAR candidates or fewer it is worth asking what the denial of each needs; the first NEEDS literals tell."""


class SatSession:
    """Answers about the solutions of a formula; clauses may be added, never taken back.

    ``fixed`` are the literals that follow from the clauses it was made with by unit propagation.
    """

    def __init__(self, clauses: Iterable[Clause], size: int, fixed: frozenset[int] | None = None) -> None:
        self.size = size
        self._clauses = list(clauses)
        self._solver = Solver(name=SOLVER)
        self.fixed = fixed or frozenset[int]()
        if fixed is not None:
            self._solver.append_formula(self._clauses)
            return
        start = self.fresh()
        # Unit clauses wait for `start`: the solver reports what it propagates from assumptions, not from clauses.
        self._solver.append_formula([clause if len(clause) > 1 else (*clause, -start) for clause in self._clauses])
        _, found = self._solver.propagate(assumptions=[start])
        self.fixed = frozenset(found)
        self._solver.add_clause([start])

    @classmethod
    def of(cls, formula: Formula) -> SatSession:
        """A session over all clauses of the formula; from the third on without what follows from its units."""
        begun: _Begun | None = formula.found.get(__name__)
        if begun is None:
            session = cls(formula.clauses, formula.size)
            formula.found[__name__] = _Begun(frozenset(each for each in session.fixed if abs(each) <= formula.size))
            return session
        if not begun.clauses:
            begun = formula.found[__name__] = _Begun(begun.fixed, _without(formula.clauses, begun.fixed))
        return cls(begun.clauses, formula.size, begun.fixed)

    def add(self, clauses: Iterable[Clause]) -> None:
        """Add clauses; an empty one makes everything impossible."""
        for clause in clauses:
            self._clauses.append(clause)
            if clause:
                self._solver.add_clause(clause)
            else:
                variable = self.fresh()
                self._solver.append_formula([[variable], [-variable]])

    def fresh(self) -> int:
        """A variable that is not used yet."""
        self.size += 1
        return self.size

    def is_possible(self, assumptions: Sequence[int] = ()) -> bool:
        """Whether a solution exists in which all assumptions hold."""
        return bool(self._solver.solve(assumptions=list(assumptions)))

    def solution(self) -> list[int]:
        """The solution that the last successful call found: at each variable's index its true literal."""
        found: list[int] = self._solver.get_model() or []
        found.insert(0, 0)
        found.extend(-variable for variable in range(len(found), self.size + 1))
        return found

    def prefer(self, literals: Iterable[int]) -> None:
        """Try these literals first in the searches to come; it changes which solution is found, not whether."""
        self._solver.set_phases(list(literals))

    def core(self) -> list[int]:
        """The assumptions of the last failed call that cannot hold together; not yet minimal."""
        return list(self._solver.get_core() or [])

    def implied(self, assumptions: Sequence[int]) -> set[int]:
        """What follows from the clauses and the assumptions by unit propagation."""
        _, found = self._solver.propagate(assumptions=list(assumptions))
        return {*self.fixed, *found}

    def consequences(
        self, assumptions: Sequence[int], variables: Iterable[int], go_on: Callable[[], None] = lambda: None
    ) -> list[int] | None:
        """Every literal over the variables that all solutions under the assumptions share.

        None where there is no solution. Each solution that is found rules out all candidates that
        it denies; phases are set against the remaining ones, and once these are few, for what follows from their
        denials, too, so that a few calls settle most (after the iterative method of Janota, Lynce and Marques-Silva,
        2015). Where they settle few, as in a large alternative, of which each solution shows one member, small steps
        from a solution do, at less cost. ``go_on`` is called before each question and may raise to end it.
        """
        if not self.is_possible(assumptions):
            return None
        solution = self.solution()
        known = self.implied(assumptions)
        shared = [solution[variable] for variable in variables]
        found = [literal for literal in shared if literal in known]
        candidates = [literal for literal in shared if literal not in known]
        standing = dict.fromkeys(candidates)
        proved: list[int] = []
        needs: dict[int, list[int] | None] = {}
        walk: Walk | None = None
        failed = is_stepping = False
        missteps = poor = 0
        for candidate in candidates:
            if candidate not in standing:
                continue
            if is_stepping and walk:
                if _is_stepped_over(walk, candidate, standing):
                    continue
                missteps += 1
            go_on()
            if not failed:  # a failed search leaves the phases of the others as they are
                self._prefer_denials(standing, assumptions, needs)
            is_refuted = needs.get(-candidate, ()) is None
            failed = is_refuted or not self.is_possible([*assumptions, *proved, -candidate])
            if failed:
                proved.append(candidate)
                del standing[candidate]
                is_stepping = False
                continue
            solution, before = self.solution(), len(standing)
            standing = {literal: None for literal in standing if solution[abs(literal)] == literal}
            poor += before - len(standing) < FEW * before and before > MANY
            is_stepping = poor >= POOR and missteps < MISSTEPS and (walk is not None or len(standing) > MANY)
            if is_stepping:
                walk = walk or self.walk()
                walk.start(bytes(map((0).__lt__, solution[1:])), {*known, *assumptions, *proved})
        return sorted([*found, *proved], key=abs)

    def _prefer_denials(
        self, candidates: Iterable[int], assumptions: Sequence[int], needs: dict[int, list[int] | None]
    ) -> None:
        """Prefer that the candidates do not hold.

        ``needs`` keeps what follows from the denial of each by unit propagation; None where that refutes it.
        """
        denials = list(map(neg, candidates))
        if len(denials) > NEAR or (len(denials) <= LITTLE and self.size <= SMALL):
            self.prefer(denials)
            return
        for literal in denials:
            if literal not in needs:
                is_consistent, found = self._solver.propagate(assumptions=[*assumptions, literal])
                needs[literal] = found[:NEEDS] if is_consistent else None
        # Where two denials need what cannot be together, the first one has its way: it is asked for next.
        self.prefer(chain(*(needs[literal] or () for literal in reversed(denials)), denials))

    def walk(self) -> Walk:
        """A walk over the solutions of all its clauses so far."""
        return Walk(self._clauses, self.size)

    def minimal_core(self, assumptions: Sequence[int], always: Sequence[int] = ()) -> list[int]:
        """A smallest-by-inclusion subset of the assumptions that is impossible together with ``always``.

        The assumptions must be impossible. Later assumptions are given up first (deletion, Dershowitz et al., 2006).
        """
        if self.is_possible([*always, *assumptions]):
            raise ValueError("the assumptions are possible")
        present = set(self.core())
        kept = [literal for literal in assumptions if literal in present]
        for literal in reversed(list(kept)):
            if literal not in kept:
                continue
            rest = [other for other in kept if other != literal]
            if not self.is_possible([*always, *rest]):
                present = set(self.core())
                kept = [other for other in rest if other in present]
        return kept

    def close(self) -> None:
        """Free the solver."""
        self._solver.delete()


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a session over a formula begins with: the ``fixed`` literals, and the clauses with these put in."""

    fixed: frozenset[int]
    clauses: tuple[Clause, ...] = ()


def _without(clauses: Iterable[Clause], fixed: frozenset[int]) -> tuple[Clause, ...]:
    """Clauses that say the same as these and are fewer: the fixed literals, and what these leave of the others.

    Where the fixed literals contradict a clause, it stays as it is.
    """
    left = (
        tuple(literal for literal in clause if -literal not in fixed) or clause
        for clause in clauses
        if fixed.isdisjoint(clause)
    )
    return (*((literal,) for literal in sorted(fixed, key=abs)), *left)


def _is_stepped_over(walk: Walk, candidate: int, standing: dict[int, None]) -> bool:
    """Whether a step to another solution denies a candidate; all that it denies stand no longer."""
    turned = walk.step(-candidate)
    for literal in turned or ():
        standing.pop(-literal, None)
    return turned is not None
