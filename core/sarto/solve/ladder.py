"""At most so many of many literals: a ladder of partial counts that grows with the bound that is asked of it."""

from __future__ import annotations

from collections.abc import Sequence

from .session import SatSession

__all__ = ["Ladder"]


class Ladder:
    """Literals of a session that say how many of some literals are true at most (after Sinz, 2005).

    A bound near none or all of the literals takes few rungs: one for each literal and each count that decides.
    """

    def __init__(self, session: SatSession, literals: Sequence[int]) -> None:
        self.literals = tuple(literals)
        self._session = session
        self._rungs: dict[tuple[int, int], int] = {}

    def at_most(self, bound: int) -> int:
        """A literal that can be true only where at most ``bound`` literals are, and then changes nothing else.

        The bound is from 0 up to fewer than all.
        """
        work = [(0, bound)]
        while work:
            place, left = key = work.pop()
            if key in self._rungs:
                continue
            below = [(place + 1, left), (place + 1, left - 1)]
            waiting = [each for each in below if self._decides(*each) and each not in self._rungs]
            if waiting:
                work += [key, *waiting]
                continue
            self._rungs[key] = rung = self._session.fresh()
            literal = self.literals[place]
            if self._decides(*below[0]):
                self._session.add([(-rung, self._rungs[below[0]])])
            if left == 0:
                self._session.add([(-rung, -literal)])
            elif self._decides(*below[1]):
                self._session.add([(-rung, -literal, self._rungs[below[1]])])
        return self._rungs[0, bound]

    def _decides(self, place: int, left: int) -> bool:
        """Whether it is open that at most ``left`` of the literals from a place on are true."""
        return 0 <= left < len(self.literals) - place
