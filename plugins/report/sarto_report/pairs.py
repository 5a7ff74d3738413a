"""Which features customers have together more or less often than by chance.

The lift of two features is the number of customers who have both, over the number to be expected if the one had
nothing to do with the other (Brin, Motwani, Ullman and Tsur, 1997). With few customers it says little by itself. So
each pair has the probability that chance alone brings it at least so far from what is expected, by Fisher's exact
test (1935), doubled since either direction would have been told; and only where that is small, even after all pairs
that were looked at (Bonferroni's correction), is a pair called clear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nlargest
from itertools import combinations
from math import comb, exp, lgamma

from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.solve.encoding import encode
from sarto.solve.session import SatSession
from sarto.solve.values import domains_of

from .choices import is_in

__all__ = ["LEVEL", "Pair", "Pairs", "chance_of", "least_customers", "pairs", "rules_of"]

LEVEL = 0.05
"""What chance brings less often than this is told."""

MOST = 10
"""So many pairs of each kind are told."""

CLOSELY = 2000
"""So many pairs, those furthest from what is expected, are looked at closely."""

Binds = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two features of which ``count_a`` and ``count_b`` of the ``customers`` have one, and ``together`` both.

    ``chance`` is the probability that chance brings as much or more; it is clear where that holds after all ``tried``.
    """

    a: str
    b: str
    together: int
    count_a: int
    count_b: int
    customers: int
    chance: float
    tried: int

    @property
    def expected(self) -> Fraction:
        """How many customers would have both if the one had nothing to do with the other."""
        return Fraction(self.count_a * self.count_b, self.customers)

    @property
    def lift(self) -> Fraction:
        """1 where they have nothing to do with each other, 0 where they never meet."""
        return self.together / self.expected

    @property
    def is_clear(self) -> bool:
        """Whether it can hardly be chance."""
        return self.chance * self.tried < LEVEL


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that stand out, the least likely first: of ``tried`` pairs of features in which customers differ.

    Pairs that the line's own rules bind are left out where ``knows_rules``. With fewer than ``needed`` customers no
    pair can be clear.
    """

    more: tuple[Pair, ...]
    fewer: tuple[Pair, ...]
    tried: int
    needed: int
    knows_rules: bool


def pairs(configurations: Sequence[Mapping[str, Value]], features: Iterable[str], binds: Binds | None) -> Pairs:
    """The pairs of these features that stand out; ``binds`` says whether rules forbid one of the four ways to have two.

    Features that all customers have, or none, tell nothing and are passed over.
    """
    number = len(configurations)
    masks: dict[str, int] = {}
    for name in features:
        mask = sum(1 << place for place, each in enumerate(configurations) if is_in(each, name))
        if 0 < mask.bit_count() < number:
            masks[name] = mask
    tried = comb(len(masks), 2)
    found = sorted(_standing_out(masks, number, tried), key=lambda each: each.chance)
    more = _free((each for each in found if each.together > each.expected), binds)
    fewer = _free((each for each in found if each.together < each.expected), binds)
    return Pairs(more, fewer, tried, least_customers(tried), binds is not None)


def _standing_out(masks: Mapping[str, int], number: int, tried: int) -> Iterator[Pair]:
    counts = {name: mask.bit_count() for name, mask in masks.items()}
    off = (
        (_distance((masks[a] & masks[b]).bit_count(), counts[a], counts[b], number), -place, a, b)
        for place, (a, b) in enumerate(combinations(masks, 2))
    )
    for _, _, a, b in nlargest(CLOSELY, off):
        together = (masks[a] & masks[b]).bit_count()
        chance = chance_of(together, counts[a], counts[b], number)
        if chance < LEVEL:
            yield Pair(a, b, together, counts[a], counts[b], number, chance, tried)


def _distance(together: int, a: int, b: int, number: int) -> float:
    """How many standard deviations of the hypergeometric distribution it is off."""
    variance = a * b * (number - a) * (number - b) / (number * number * (number - 1))
    return float(abs(together - a * b / number) / variance**0.5)


def chance_of(together: int, a: int, b: int, number: int) -> float:
    """The probability that chance brings ``together``, or what is less likely in the same direction, doubled."""
    is_more = together * number >= a * b
    reached = range(together, min(a, b) + 1) if is_more else range(together, max(0, a + b - number) - 1, -1)
    whole = 0.0
    for each in reached:
        part = exp(_log_comb(a, each) + _log_comb(number - a, b - each) - _log_comb(number, b))
        whole += part
        if part < whole * 1e-17:  # the rest falls off faster and faster
            break
    return min(1.0, 2 * whole)


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def least_customers(tried: int) -> int:
    """With how many customers a pair could first be clear: one half has both features, the other half neither."""
    number = 2
    while 2 * max(tried, 1) >= LEVEL * comb(number, number // 2):
        number += 1
    return number


def _free(found: Iterable[Pair], binds: Binds | None) -> tuple[Pair, ...]:
    kept: list[Pair] = []
    for each in found:
        if len(kept) == MOST:
            break
        if binds is None or not binds(each.a, each.b):
            kept.append(each)
    return tuple(kept)


def rules_of(model: FeatureModel) -> Binds:
    """Whether a model lets two features not be had in one of the four ways: both, either alone, neither.

    Raises TooHard where that needs arithmetic that is not decided here.
    """
    formula = encode(model, domains_of(model, {}))
    session = SatSession.of(formula)

    def binds(a: str, b: str) -> bool:
        one, two = formula.variables[a], formula.variables[b]
        return not all(session.is_possible([x, y]) for x in (one, -one) for y in (two, -two))

    return binds
