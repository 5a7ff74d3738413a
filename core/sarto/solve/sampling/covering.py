"""Few configurations in which every interaction of so many features occurs that a model allows: a t-wise sample.

Each configuration is made greedily from the literals that have the most open interactions with those it has
already, in the manner of IncLing (Al-Hajjaji et al., 2016) and YASA (Krieter et al., 2020). Which interactions are
possible at all is decided before, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from time import monotonic

from ...model.feature_model import FeatureModel
from ..session import SatSession
from .interactions import Interactions, bits_of
from .singles import single_sample
from .space import Configuration, ConfigurationSpace
from .sparing import Tally

__all__ = ["CoveringSample", "covering_sample", "features_to_cover"]

STEPS = {2: 40, 3: 16}
"""In how many steps a configuration is made, by strength: after each, the literals left are weighed anew."""


@dataclass(frozen=True, slots=True)
class CoveringSample:
    """Configurations, in general those that cover the most new interactions first.

    ``is_complete`` says that all possible interactions of the strength are covered; they are not where the time was
    over before. No configuration can be spared.
    """

    strength: int
    configurations: tuple[Configuration, ...]
    is_complete: bool


def features_to_cover(model: FeatureModel, *, abstract: bool = False) -> tuple[str, ...]:
    """The features whose interactions are covered by default: the concrete ones; ``abstract`` adds the others."""
    return tuple(name for name in model.preorder() if abstract or not model.features[name].abstract)


def covering_sample(
    model: FeatureModel,
    strength: int = 2,
    features: Sequence[str] | None = None,
    *,
    seed: int = 0,
    seconds: float = 60.0,
    report: Callable[[str], None] = lambda _: None,
) -> CoveringSample:
    """A sample that covers each possible interaction of ``strength`` (1, 2 or 3) of the features.

    An interaction says of so many features whether each is selected; it is possible where a configuration
    agrees with it. ``features`` are the concrete ones where none are given. The same seed gives the same sample,
    unless the time is over. ``report`` is told how far it is. Raises SartoError for what a formula cannot express;
    a void model has the empty sample.
    """
    if strength != 1 and strength not in STEPS:
        raise ValueError(f"the strength is one of {[1, *STEPS]}")
    end = monotonic() + seconds
    space = ConfigurationSpace(model)
    try:
        if not space.session.is_possible():
            return CoveringSample(strength, (), True)
        names = features_to_cover(model) if features is None else features
        variables = [space.variables[name] for name in names]
        solutions: Sequence[Sequence[int]]
        if strength == 1:
            solutions, is_complete = single_sample(space.session, variables, Random(seed), report, end)
        else:
            sampler = _Sampler(space.session, variables, strength, Random(seed), report, end)
            is_complete = sampler.run()
            solutions = sampler.needed()
        chosen = tuple(space.configuration(space.selected_by(each)) for each in solutions)
    finally:
        space.close()
    return CoveringSample(strength, chosen, is_complete)


class _TimeIsOver(Exception):
    """The sample stays as it is."""


class _Sampler:
    """The sample in the making.

    ``open[a]`` are the interactions that literal ``a`` is still to be seen in: for a strength of 2 a set of literals,
    for 3 one such set after the other, that for each second literal.
    """

    def __init__(
        self, session: SatSession, variables: Sequence[int], strength: int,
        random: Random, report: Callable[[str], None], end: float,
    ) -> None:  # fmt: skip
        self.session = session
        self.variables = variables
        self.strength = strength
        self.random = random
        self.report = report
        self.end = end
        self.interactions: Interactions
        self.open: list[int] = []
        self.found: list[tuple[int, Sequence[int]]] = []

    def run(self) -> bool:
        """Make configurations until all is covered, or the time is over; whether all is."""
        try:
            self.interactions = Interactions(self.session, self.variables, self._hear("literals"))
            self.open = self._possible()
        except _TimeIsOver:
            self.found.append((0, self._any_solution()))
            return False
        total = sum(map(int.bit_count, self.open))
        left = total
        while left or not self.found:
            self._add(self._next() if left else self._any_solution())
            left = sum(map(int.bit_count, self.open))
            self.report(f"{len(self.found)} configurations, {1 - left / max(total, 1):.2%} covered")
            if monotonic() > self.end:
                break
        return not left

    def needed(self) -> list[Sequence[int]]:
        """The solutions found, without those all of whose interactions others have, too."""
        if len(self.found) < 2 or not self.open:
            return [solution for _, solution in self.found[:1]]
        tally = Tally(len(self.open))
        for bits, _ in self.found:
            tally.add(bits_of(bits), self._mask(bits))
        kept = []
        for bits, solution in self.found:
            rows, mask = [*bits_of(bits)], self._mask(bits)
            if tally.can_spare(rows, mask):
                tally.take(rows, mask)
            else:
                kept.append(solution)
        return kept

    def _possible(self) -> list[int]:
        """All possible interactions, in the form of ``open``."""
        found = self.interactions
        found.bar_pairs(self._hear("pairs"))
        allowed = [found.everything & ~barred for barred in found.barred]
        if self.strength == 2:
            return allowed
        triples = found.barred_triples(self._hear("triples"))
        return [
            int.from_bytes(
                b"".join(
                    (row & allowed[second] & ~triples[first].get(second, 0) if row >> second & 1 else 0)
                    .to_bytes(found.width // 8, "little")
                    for second in range(len(allowed))
                ),
                "little",
            )
            for first, row in enumerate(allowed)
        ]  # fmt: skip

    def _hear(self, what: str) -> Callable[[int, int], None]:
        def go_on(done: int, of: int) -> None:
            self.report(f"which {what} are possible, {done / of:.0%}")
            if monotonic() > self.end:
                raise _TimeIsOver

        return go_on

    def _mask(self, bits: int) -> int:
        """The interactions, in the form of ``open``, that literals have with one that is among them."""
        if self.strength == 2:
            return bits
        width = self.interactions.width
        row, empty = bits.to_bytes(width // 8, "little"), bytes(width // 8)
        return int.from_bytes(b"".join(row if bits >> place & 1 else empty for place in range(width)), "little")

    def _add(self, solution: Sequence[int]) -> None:
        bits = self.interactions.of_solution(solution)
        self.found.append((bits, solution))
        if self.open:
            rest = ~self._mask(bits)
            for place in bits_of(bits):
                self.open[place] &= rest

    def _any_solution(self) -> Sequence[int]:
        self.session.is_possible()
        return self.session.solution()

    def _next(self) -> Sequence[int]:
        """A solution that covers many open interactions, and at least one."""
        draft = _Draft(self.session, self.interactions)
        for place in self._first():
            draft.take(place)
        active = [place for place, interactions in enumerate(self.open) if interactions]
        self.random.shuffle(active)
        for steps in range(STEPS[self.strength], 0, -1):
            active = self._ranked(draft, active)
            draft.lean_to(active)
            for place in active[: -(-len(active) // steps)]:
                draft.take(place)
        return draft.solution

    def _first(self) -> list[int]:
        """An open interaction of the literal that has the most."""
        start = max(range(len(self.open)), key=lambda place: (self.open[place].bit_count(), self.random.random()))
        others = self.random.choice([*bits_of(self.open[start])])
        return [start, others] if self.strength == 2 else [start, *divmod(others, self.interactions.width)]

    def _ranked(self, draft: _Draft, places: Sequence[int]) -> list[int]:
        """The undecided among the literals, the one with the most open interactions with those decided first."""
        decided = bin(draft.decided | self.interactions.opposite(draft.decided) | 1 << len(self.open))[:2:-1]
        mask = self._mask(draft.decided)
        weights = {place: (self.open[place] & mask).bit_count() for place in places if decided[place] == "0"}
        totals = {place: self.open[place].bit_count() for place in weights}
        return sorted(weights, key=lambda place: (-weights[place], -totals[place]))


class _Draft:
    """A configuration in the making: literals that are ``decided``, and a ``solution`` that has them all."""

    def __init__(self, session: SatSession, interactions: Interactions) -> None:
        self.session = session
        self.interactions = interactions
        self.decided = 0
        self.solution: Sequence[int] = ()
        self._assumed: list[int] = []
        self._holds = 0

    def lean_to(self, places: Sequence[int]) -> None:
        """Let the solutions to come have these literals where they can, the first of a literal and its opposite."""
        wished: dict[int, int] = {}
        for place in places:
            wished.setdefault(place >> 1, self.interactions.literals[place])
        self.session.prefer(wished.values())

    def take(self, place: int) -> None:
        """Decide that this literal holds, or its opposite where it cannot."""
        if self.decided >> place & 1 or self.decided >> (place ^ 1) & 1:
            return
        literal = self.interactions.literals[place]
        if not self._holds >> place & 1:
            if self.session.is_possible([*self._assumed, literal]):
                self.solution = self.session.solution()
                self._holds = self.interactions.of_solution(self.solution)
            else:
                place, literal = place ^ 1, -literal
        self._assumed.append(literal)
        self.decided |= 1 << place
        self.decided |= self.interactions.opposite(self.interactions.barred[place])
