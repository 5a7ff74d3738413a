"""How many further customers will need what, from how many of the known ones do.

The probability that the next customer needs something that ``k`` of ``n`` known ones need is ``(k + 1) / (n + 2)``,
Laplace's rule of succession (Laplace, 1774), which supposes no more than that customers come in no particular order
and that at first every share was as likely as any other. What all configurations have needs no estimate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, lgamma

from sarto.derive.catalog import Catalog
from sarto.derive.lockfile import LockedWheel
from sarto.model.selection import Selection
from sarto.solve.analysis import core_and_dead

from .demand import Demand

__all__ = ["Outlook", "PartOutlook", "features_outlook", "outlook", "parts_outlook"]

TAIL = 0.05


@dataclass(frozen=True, slots=True)
class Outlook:
    """``known`` customers have it. The ``share`` of further ones that will, how many that is on average, and a range.

    Of ten times, the number is nine times from ``least`` to ``most``, both included.
    """

    known: int
    share: Fraction
    expected: float
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class PartOutlook:
    """A wheel and how many further customers will need it."""

    wheel: LockedWheel
    outlook: Outlook


def outlook(known: int, customers: int, further: int, certain: bool | None = None) -> Outlook:
    """What ``known`` of ``customers`` say of so many ``further`` ones; ``certain`` where all (True) or none have it."""
    if certain is not None:
        number = further if certain else 0
        return Outlook(known, Fraction(int(certain)), float(number), number, number)
    share = Fraction(known + 1, customers + 2)
    least, most = _range(known, customers, further)
    return Outlook(known, share, float(share * further), least, most)


def _range(known: int, customers: int, further: int) -> tuple[int, int]:
    """The quantiles of the beta-binomial distribution that goes with the rule (the posterior predictive one)."""
    below, least, most = 0.0, 0, further
    a, b = known + 1, customers - known + 1
    for number in range(further + 1):
        before, below = below, below + exp(_log_chance(number, further, a, b))
        if before < TAIL <= below:
            least = number
        if before < 1 - TAIL <= below:
            most = number
    return least, most


def _log_chance(number: int, further: int, a: int, b: int) -> float:
    ways = lgamma(further + 1) - lgamma(number + 1) - lgamma(further - number + 1)
    return ways + _log_beta(number + a, further - number + b) - _log_beta(a, b)


def _log_beta(a: int, b: int) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def features_outlook(orders: Sequence[Demand], further: int) -> Mapping[str, Outlook]:
    """For each feature of the line of these orders, in the order of its tree."""
    model = orders[0].line.model
    counted = Counter(name for order in orders for name in order.features)
    core, dead = core_and_dead(model) or (frozenset(), frozenset())
    return {
        name: outlook(counted[name], len(orders), further, True if name in core else False if name in dead else None)
        for name in model.features
    }


def parts_outlook(orders: Sequence[Demand], further: int) -> tuple[PartOutlook, ...]:
    """For each wheel of the line's own target, also those that nobody has needed so far; the most needed first."""
    line = orders[0].line
    catalog = line.catalog(Selection(line=line.description.file, customer=""))
    core, dead = core_and_dead(line.model) or (frozenset(), frozenset())
    always = {wheel.filename for wheel in catalog.wheels(core)}
    counted = Counter(wheel.filename for order in orders for wheel in order.wheels)
    wheels = {wheel.filename: wheel for order in orders for wheel in order.wheels}
    wheels |= {wheel.filename: wheel for wheel in _all(catalog, dead)}
    found = [
        PartOutlook(wheel, outlook(counted[name], len(orders), further, True if name in always else None))
        for name, wheel in sorted(wheels.items())
    ]
    return tuple(sorted(found, key=lambda each: -each.outlook.share))


def _all(catalog: Catalog, dead: frozenset[str]) -> Iterable[LockedWheel]:
    """One feature at a time: some may exclude each other."""
    for name in catalog.request.features or ("",):
        if name not in dead:
            yield from catalog.wheels([name])
