"""Solutions kept from earlier questions: what they show to be possible need not be asked again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .session import SatSession

__all__ = ["Witnesses"]

MOST = 2000
"""How many solutions are kept; the oldest are forgotten first."""


class Witnesses:
    """Asks a session what follows from assumptions over some of its variables, from question to question faster.

    A solution is kept as one integer with a bit for each variable, so that thousands are sifted at once.
    """

    def __init__(self, session: SatSession, variables: Iterable[int]) -> None:
        self.session = session
        self.variables = tuple(variables)
        self._bit = {variable: 1 << index for index, variable in enumerate(self.variables)}
        self._digit = {literal: "01"[literal > 0] for v in self.variables for literal in (v, -v)}
        self._found: list[int] = []

    def consequences(self, assumptions: Sequence[int], known: frozenset[int]) -> frozenset[int] | None:
        """Every literal over the variables that all solutions under the assumptions share; None where there is none.

        ``known`` are such literals of fewer assumptions, which hold all the more.
        """
        fitting = self._fitting(assumptions)
        solution: list[int] | None = None
        if not fitting:
            solution = self._ask(assumptions)
            if solution is None:
                return None
            fitting = [self._found[-1]]
        forced = {*known, *self._own(self.session.implied(assumptions))}
        ever, always = 0, -1
        for found in fitting:
            ever |= found
            always &= found
        candidates: dict[int, int] = {}
        for variable, bit in self._bit.items():
            if variable in forced or -variable in forced:
                continue
            if always & bit:
                candidates[variable] = variable
            elif not ever & bit:
                candidates[variable] = -variable
        return frozenset(forced | self._proved(assumptions, candidates))

    def _proved(self, assumptions: Sequence[int], candidates: dict[int, int]) -> set[int]:
        """The candidates that no solution denies."""
        proved: list[int] = []
        while candidates:
            self.session.prefer(-candidate for candidate in candidates.values())
            variable, literal = next(iter(candidates.items()))
            solution = self._ask([*assumptions, *proved, -literal])
            if solution is None:
                del candidates[variable]
                proved.append(literal)
            else:
                candidates = {v: candidate for v, candidate in candidates.items() if solution[v] == candidate}
        return set(proved)

    def _ask(self, assumptions: Sequence[int]) -> list[int] | None:
        if not self.session.is_possible(assumptions):
            return None
        solution = self.session.solution()
        digits = "".join(map(self._digit.__getitem__, map(solution.__getitem__, reversed(self.variables))))
        self._found.append(int(digits, 2) if digits else 0)
        del self._found[:-MOST]
        return solution

    def _fitting(self, assumptions: Sequence[int]) -> list[int]:
        wanted = sum(self._bit[literal] for literal in set(assumptions) if literal > 0)
        barred = sum(self._bit[-literal] for literal in set(assumptions) if literal < 0)
        return [found for found in self._found if found & wanted == wanted and not found & barred]

    def _own(self, literals: Iterable[int]) -> Iterable[int]:
        return (literal for literal in literals if abs(literal) in self._bit)
