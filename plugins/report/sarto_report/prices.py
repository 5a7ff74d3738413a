"""How what customers pay is distributed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from math import ceil, log2

from sarto.model.prices import Quote

__all__ = ["Bar", "Distribution", "distribution"]

EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Bar:
    """So many customers pay ``low`` or more and less than ``high``."""

    low: Decimal
    high: Decimal
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """What ``count`` customers pay without taxes, in one ``currency``; ``taxes`` are what comes on top of the ``sum``.

    The quartiles are interpolated between neighbours (the seventh way of Hyndman and Fan, 1996); what is not exact in
    ``decimals`` is rounded, halves away from zero.
    """

    currency: str
    decimals: int
    count: int
    sum: Decimal
    taxes: Decimal
    mean: Decimal
    least: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    most: Decimal
    bars: tuple[Bar, ...]


def distribution(quotes: Sequence[Quote]) -> Distribution | None:
    """The distribution of the quotes of one line; None where there is none, or nothing costs anything."""
    amounts = sorted(quote.net for quote in quotes)
    if not any(amounts):
        return None
    decimals = quotes[0].decimals
    whole = _sum(amounts)
    return Distribution(
        currency=quotes[0].currency,
        decimals=decimals,
        count=len(amounts),
        sum=whole,
        taxes=_sum([quote.taxes for quote in quotes]),
        mean=_rounded(EXACT.divide(whole, Decimal(len(amounts))), decimals),
        least=amounts[0],
        lower=_rounded(_quantile(amounts, 1), decimals),
        median=_rounded(_quantile(amounts, 2), decimals),
        upper=_rounded(_quantile(amounts, 3), decimals),
        most=amounts[-1],
        bars=_bars(amounts),
    )


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    whole = Decimal(0)
    for each in amounts:
        whole = EXACT.add(whole, each)
    return whole


def _rounded(amount: Decimal, decimals: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT)


def _quantile(amounts: Sequence[Decimal], quarter: int) -> Decimal:
    place, rest = divmod((len(amounts) - 1) * quarter, 4)
    low, high = amounts[place], amounts[min(place + 1, len(amounts) - 1)]
    return EXACT.add(low, EXACT.multiply(EXACT.subtract(high, low), Decimal(rest) / 4))


def _bars(amounts: Sequence[Decimal]) -> tuple[Bar, ...]:
    """Bars of a round width, about as many as Sturges (1926) takes, from a multiple of it on."""
    width = _width(EXACT.subtract(amounts[-1], amounts[0]), ceil(log2(len(amounts))) + 1)
    first = (amounts[0] / width).to_integral_value(ROUND_FLOOR)
    last = (amounts[-1] / width).to_integral_value(ROUND_FLOOR)
    counts = [0] * (int(last - first) + 1)
    for each in amounts:
        counts[int((each / width).to_integral_value(ROUND_FLOOR) - first)] += 1
    return tuple(
        Bar(EXACT.multiply(first + place, width), EXACT.multiply(first + place + 1, width), count)
        for place, count in enumerate(counts)
    )


def _width(room: Decimal, number: int) -> Decimal:
    """The least of 1, 2, 5, 10, … (and their tenths, …) of which ``number`` fill the room."""
    if not room:
        return Decimal(1)
    step = Decimal(1).scaleb((room / number).adjusted())
    return next(step * each for each in (1, 2, 5, 10) if step * each * number >= room)
