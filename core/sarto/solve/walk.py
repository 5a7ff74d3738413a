"""From one solution to another close by: a literal is turned over, and what that breaks is mended, without search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from .formula import Clause

__all__ = ["Walk"]

FURTHEST = 8000
"""How much effort goes into one step before it is given up: about one for each clause that is looked at."""

LONG = 50
"""A clause of more literals is looked through from where it was last seen to hold, as a step often goes close by."""

OPPOSITE = bytes([1]) + bytes(255)


class Walk:
    """A solution of clauses over variables 1..``size`` that moves in small steps.

    A step that fails says nothing; one that succeeds ends in a solution, by which the literal that
    was asked for is shown to be possible. (After the rotatable literals of Janota, Lynce and Marques-Silva,
    2015, and the break counts of Selman, Kautz and Cohen, 1994.)
    """

    def __init__(self, clauses: Sequence[Clause], size: int) -> None:
        # All lists here are read at a literal, a negative one from their end.
        self._partners: list[list[int]] = [[] for _ in range(2 * size + 1)]
        self._longer: list[list[Clause]] = [[] for _ in range(2 * size + 1)]
        for clause in clauses:
            if len(clause) == 2:
                first, second = clause
                self._partners[first].append(second)
                self._partners[second].append(first)
            else:
                for literal in clause:
                    self._longer[literal].append(clause)
        self._seen: dict[int, int] = {}  # where long clauses were last seen to hold, by identity
        self._holds = bytearray()
        self._locked: set[int] = set()
        self._effort = 0

    def start(self, values: bytes, locked: Iterable[int]) -> None:
        """Begin at a solution, given as 0 or 1 for each variable from 1 on; no step gives up a ``locked`` literal."""
        self._holds = bytearray(b"\0" + values + values[::-1].translate(OPPOSITE))
        self._locked = set(locked)

    def step(self, literal: int, kept: int = 0) -> list[int] | None:
        """Move to a solution with the literal: the literals that came true, or None where no way was found.

        The literal ``kept``, where one is given, holds, and stays as it is.
        """
        if not kept or kept in self._locked:
            return self._stepped(literal)
        self._locked.add(kept)
        try:
            return self._stepped(literal)
        finally:
            self._locked.discard(kept)

    def _stepped(self, literal: int) -> list[int] | None:
        turned: dict[int, None] = {}
        holds, forced, broken = self._holds, [literal], list[Clause]()
        self._effort = 0
        while forced or broken:
            if forced:
                literal = forced.pop()
            else:
                clause = broken.pop()
                if any(map(holds.__getitem__, clause)):
                    continue
                literal = self._easiest(clause, turned)
            if literal in turned:
                continue
            if not literal or -literal in turned or -literal in self._locked or self._effort > FURTHEST:
                for each in turned:
                    holds[each], holds[-each] = False, True
                return None
            turned[literal] = None
            holds[literal], holds[-literal] = True, False
            partners, longer = self._broken_by(literal)
            forced += partners
            broken += longer
        return list(turned)

    def _broken_by(self, literal: int) -> tuple[list[int], list[Clause]]:
        """What is broken where the literal's opposite is false: the partners in short clauses, and longer clauses."""
        holds = self._holds
        partners, longer = self._partners[-literal], self._longer[-literal]
        self._effort += 10 + len(partners) + 4 * len(longer)
        broken = []
        for clause in longer:
            if len(clause) > LONG:
                if not self._is_held(clause):
                    broken.append(clause)
                continue
            for other in clause:
                if holds[other]:
                    break
            else:
                broken.append(clause)
        return [partner for partner in partners if not holds[partner]], broken

    def _is_held(self, clause: Clause) -> bool:
        """Whether a literal of a long clause holds."""
        start = self._seen.get(id(clause), 0)
        for place in chain(range(start, len(clause)), range(start)):
            if self._holds[clause[place]]:
                self._seen[id(clause)] = place
                return True
        return False

    def _easiest(self, clause: Clause, turned: dict[int, None]) -> int:
        """The literal of a broken clause that breaks fewest others when it comes true; 0 where none may."""
        best, fewest = 0, 0
        for literal in clause:
            if -literal not in turned and -literal not in self._locked:
                self._holds[-literal] = False
                partners, longer = self._broken_by(literal)
                breaks = len(partners) + len(longer)
                self._holds[-literal] = True
                if not best or breaks < fewest:
                    best, fewest = literal, breaks
        return best
