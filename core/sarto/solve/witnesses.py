"""Solutions kept from earlier questions: what they show to be possible need not be asked again."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress

from .formula import Clause
from .session import SatSession
from .walk import Walk

__all__ = ["Witnesses"]

MOST = 1500
"""How many solutions are kept; the oldest are forgotten first."""

FEW = 8
"""Where a search disproves fewer candidates than this, small steps from its solution disprove them at less cost."""

LITERAL = array("i")
SIGN = LITERAL.itemsize - 1 if sys.byteorder == "little" else 0
DIGIT = bytes(b"01"[byte < 128] for byte in range(256))
CHOSEN = bytes(byte == ord("1") for byte in range(256))


class Witnesses:
    """Asks a session what follows from assumptions over some of its variables, from question to question faster.

    ``clauses`` are all those of the session. A solution is kept as one integer with a bit for each
    variable, the first one highest, so that thousands are sifted at once.
    """

    def __init__(self, session: SatSession, variables: Iterable[int], clauses: Sequence[Clause]) -> None:
        self.session = session
        self.variables = frozenset(variables)
        self._clauses = clauses
        self._size = session.size
        self._all = self._mask(self.variables)
        self._found: list[int] = []
        self._here = 0

    def consequences(self, assumptions: Sequence[int], known: frozenset[int]) -> frozenset[int] | None:
        """Every literal over the variables that all solutions under the assumptions share; None where there is none.

        ``known`` are such literals of fewer assumptions, which hold all the more. Each solution rules out all
        candidates that it denies (the iterative method of Janota, Lynce and Marques-Silva, 2015).
        """
        fitting = self._fitting(assumptions)
        if not fitting:
            if not self._ask(assumptions):
                return None
            fitting = [self._found[-1]]
        implied = self.session.implied(assumptions)
        forced = {*known, *(literal for literal in implied if abs(literal) in self.variables)}
        ever, always = 0, -1
        for found in fitting:
            ever |= found
            always &= found
        settled = self._mask(map(abs, forced))
        in_all, in_none = always & self._all & ~settled, ~ever & self._all & ~settled
        candidates = [*self._literals(in_all), *(-literal for literal in self._literals(in_none))]
        return frozenset(forced.union(self._proved(assumptions, candidates, {*forced, *implied}, fitting[-1])))

    def _proved(
        self, assumptions: Sequence[int], candidates: Sequence[int], locked: set[int], solution: int
    ) -> Iterable[int]:
        """The candidates that no solution denies, each true in the given one, in which the ``locked`` literals hold.

        A candidate is denied by a small step from the last solution, else by a search, which tries the opposite of
        all candidates on its way; or it is proved. Proofs are quick and come in rows: no step is tried after one.
        """
        proved: list[int] = []
        standing = dict.fromkeys(candidates)
        stepping = len(standing) <= FEW
        if stepping:
            self._walk_from(solution, locked)
        failed = False
        for candidate in candidates:
            if candidate not in standing or (stepping and self._is_stepped_over(candidate, standing)):
                continue
            if not failed:
                self.session.prefer(-other for other in standing)
            failed = not self._ask([*assumptions, *proved, -candidate])
            if failed:
                proved.append(candidate)
                locked.add(candidate)
                del standing[candidate]
                stepping = False
                continue
            values, before = self._values(self._found[-1]), len(standing)
            standing = {literal: None for literal in standing if values[abs(literal) - 1] == (literal > 0)}
            stepping = before - len(standing) < FEW
            if stepping:
                self._walk_from(self._found[-1], locked)
        if not assumptions:  # they hold for good, which speeds up all that is asked later
            self.session.add((literal,) for literal in proved)
        return proved

    def _walk_from(self, solution: int, locked: Iterable[int]) -> None:
        self._here = solution
        self._walk.start(self._values(solution), locked)

    def _is_stepped_over(self, candidate: int, standing: dict[int, None]) -> bool:
        """Whether a step from the last solution denies a candidate; all that it denies stand no longer."""
        turned = self._walk.step(-candidate)
        if turned is None:
            return False
        for literal in turned:
            standing.pop(-literal, None)
            self._here ^= self._bit[abs(literal)]
        self._keep(self._here)
        return True

    @cached_property
    def _walk(self) -> Walk:
        return Walk(self._clauses, self._size)

    @cached_property
    def _bit(self) -> list[int]:
        return [0, *(1 << self._size - variable for variable in range(1, self._size + 1))]

    def _ask(self, assumptions: Sequence[int]) -> bool:
        """Search for a solution under the assumptions and keep it."""
        if not self.session.is_possible(assumptions):
            return False
        signs = array("i", self.session.solution()).tobytes()[SIGN :: LITERAL.itemsize]
        self._keep(int(signs.translate(DIGIT)[1:], 2))
        return True

    def _keep(self, solution: int) -> None:
        self._found.append(solution)
        if len(self._found) > MOST:
            del self._found[: MOST // 8]

    def _fitting(self, assumptions: Sequence[int]) -> list[int]:
        """The kept solutions in which all assumptions hold."""
        wanted = self._mask(literal for literal in assumptions if literal > 0)
        barred = self._mask(-literal for literal in assumptions if literal < 0)
        return [found for found in self._found if found & wanted == wanted and not found & barred]

    def _values(self, solution: int) -> bytes:
        """For each variable from 1 on whether it is true: 0 or 1."""
        return format(solution, f"0{self._size}b").encode().translate(CHOSEN)

    def _literals(self, mask: int) -> Iterator[int]:
        """The variables whose bits are set."""
        return compress(range(1, self._size + 1), self._values(mask))

    def _mask(self, variables: Iterable[int]) -> int:
        digits = bytearray(b"0" * self._size)
        for variable in variables:
            digits[variable - 1] = ord("1")
        return int(bytes(digits), 2)
