"""Which interactions a model allows: the sets of up to three literals that some configuration has together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..session import SatSession

__all__ = ["Interactions", "bits_of"]


def bits_of(number: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    digits = bin(number)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


class Interactions:
    """The literals that matter for interactions, numbered from 0: a variable's positive one is even, the next negative.

    Variables that all solutions fix are left out, and so is each that is seen to equal an earlier one or its opposite
    by unit propagation: covering the interactions of the rest covers theirs. A set of literals is a set of bits, of
    ``width`` bits. ``barred[a]`` are the literals that no solution has together with ``a``, as far as they are known.
    ``go_on(done, all)`` is told how far this is, and may raise to end it.
    """

    def __init__(self, session: SatSession, variables: Sequence[int], go_on: Callable[[int, int], None]) -> None:
        self.session = session
        fixed = set(session.consequences((), variables, lambda: go_on(0, 1)) or ())
        open_variables = [v for v in variables if v not in fixed and -v not in fixed]
        implied: dict[int, set[int]] = {}
        for done, variable in enumerate(open_variables):
            go_on(done, len(open_variables))
            implied |= {literal: session.implied([literal]) for literal in (variable, -variable)}
        self.literals = _representatives(open_variables, implied)
        self.width = -(-len(self.literals) // 8) * 8
        self.everything = (1 << len(self.literals)) - 1
        self._positive = sum(1 << place for place in range(0, len(self.literals), 2))
        self._place = {literal: place for place, literal in enumerate(self.literals)}
        self.barred = [self._bits(-other for other in implied[literal]) for literal in self.literals]
        for place, barred in enumerate(self.barred):  # unit propagation finds some of them one way only
            for other in bits_of(barred):
                self.barred[other] |= 1 << place
        self._solutions: list[int] = []

    def _bits(self, literals: Iterator[int]) -> int:
        return sum(1 << place for literal in literals if (place := self._place.get(literal)) is not None)

    def opposite(self, bits: int) -> int:
        """The negations of a set of literals."""
        positive = bits & self._positive
        return positive << 1 | (bits ^ positive) >> 1

    def of_solution(self, solution: Sequence[int]) -> int:
        """The literals that hold in a solution."""
        digits = ["01" if solution[v] > 0 else "10" for v in reversed(self.literals[::2])]
        return int("".join(digits), 2) if digits else 0

    def bar_pairs(self, go_on: Callable[[int, int], None]) -> None:
        """Complete ``barred``; ``go_on(done, all)`` is told how far this is, and may raise to end it."""
        for place in range(len(self.literals)):
            go_on(place, len(self.literals))
            bit = 1 << place
            seen = self.barred[place] | bit - 1
            for solution in self._solutions:
                if solution & bit:
                    seen |= solution
            for other in self._refused([place], self.everything & ~seen):
                self.barred[place] |= 1 << other
                self.barred[other] |= bit

    def barred_triples(self, go_on: Callable[[int, int], None]) -> list[dict[int, int]]:
        """For each literal and each other that goes with it, the third ones that do not go with both of them alone.

        The pairs must be complete.
        """
        found: list[dict[int, int]] = [{} for _ in self.literals]
        for first in range(len(self.literals)):
            go_on(first, len(self.literals))
            with_first = [solution for solution in self._solutions if solution >> first & 1]
            beside = self.everything & ~self.barred[first]
            for second in bits_of(beside >> (first + 1) << (first + 1)):
                seen = self.barred[second] | (2 << second) - 1
                for solution in with_first:
                    if solution >> second & 1:
                        seen |= solution
                kept = len(self._solutions)
                for third in self._refused([first, second], beside & ~seen):
                    for a, b, c in ((first, second, third), (second, first, third), (third, first, second)):
                        found[a][b] = found[a].get(b, 0) | 1 << c
                        found[a][c] = found[a].get(c, 0) | 1 << b
                with_first += [solution for solution in self._solutions[kept:] if solution >> first & 1]
        return found

    def _refused(self, places: Sequence[int], unseen: int) -> Iterator[int]:
        """Those of the unseen literals that no solution has together with the literals at these places."""
        if not unseen:
            return
        assumed = [self.literals[place] for place in places]
        if len(places) > 1:
            refused = unseen & self._bits(-literal for literal in self.session.implied(assumed))
            yield from bits_of(refused)
            unseen ^= refused
        while unseen:
            self.session.prefer(self.literals[place] for place in bits_of(unseen))
            place = (unseen & -unseen).bit_length() - 1
            if self.session.is_possible([*assumed, self.literals[place]]):
                solution = self.of_solution(self.session.solution())
                self._solutions.append(solution)
                unseen &= ~solution
            else:
                yield place
                unseen &= unseen - 1


def _representatives(variables: Sequence[int], implied: dict[int, set[int]]) -> list[int]:
    """The literals of the variables that equal no earlier one and no earlier one's opposite, v before -v."""
    kept: dict[int, None] = {}
    for variable in variables:
        same = (abs(other) for other in implied[variable] if abs(other) in kept)
        if not any(_are_same(variable, other, implied) for other in same):
            kept[variable] = None
    return [literal for variable in kept for literal in (variable, -variable)]


def _are_same(variable: int, other: int, implied: dict[int, set[int]]) -> bool:
    if other in implied[variable]:
        return variable in implied[other]
    return variable in implied[-other]
