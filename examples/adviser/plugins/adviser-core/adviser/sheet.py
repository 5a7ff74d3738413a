"""The words of the proposal: percentages that add up, and what became of them on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from sarto_runtime import Trace
from sarto_runtime.tracing import Event

from .client import Client
from .portfolio import Portfolio, advice, fee

__all__ = ["DISCLAIMER", "changes", "sheet", "tenths"]

DISCLAIMER = "All figures are made up: this shows how a product line works, and is no advice."
WORDS = {"growing": "what is for growth", "weights": "the weights", "fee": "the fee", "figures": "the figures",
         "assets": "the assets", "advice": "the sentences"}  # fmt: skip
OF_ONE = ("growing", "weights", "fee")
"""Points that are called once for a proposal, whose result the core may have given."""


def tenths(shares: Sequence[Fraction]) -> list[int]:
    """Shares of a whole in tenths of a percent that add up to 1000: who loses most by rounding down gets the rest.

    (The method of largest remainders, Hamilton, 1792; of equals the first.)
    """
    exact = [share * 1000 for share in shares]
    found = [each.numerator // each.denominator for each in exact]
    losses = sorted(range(len(exact)), key=lambda number: (found[number] - exact[number], number))
    for number in losses[: 1000 - sum(found)]:
        found[number] += 1
    return found


def sheet(title: str, client: Client, portfolio: Portfolio) -> Iterator[str]:
    """The proposal, line by line."""
    yield f"{title}: a portfolio for {client.name}"
    for (asset, _), share in zip(portfolio.parts, tenths([weight for _, weight in portfolio.parts]), strict=True):
        yield f"  {asset.name:<14}{_percent(share):>7}"
    yield f"  {'in all':<14}{'100.0 %':>7}"
    cost = fee(client, portfolio)
    yield f"expected gain  {_rounded(portfolio.gain - cost)} a year after fees of {_rounded(cost)}"
    yield f"of this paid   {_rounded(portfolio.paid)}"
    yield f"risk           {portfolio.risk * 100:.2f} % (standard deviation of a year)"
    yield from advice(client, portfolio)
    yield DISCLAIMER


def changes(trace: Trace) -> Iterator[str]:
    """Which feature gave or changed what while a proposal was made, each once, in the order in which it happened."""
    told = (
        f"{WORDS.get(event.point, event.point)}: {_who(event)} {event.effect}"
        for event in trace.events
        if event.effect != "left all as it was" and (event.feature or event.point in OF_ONE)
    )
    yield from dict.fromkeys(told)


def _who(event: Event) -> str:
    return f"'{event.feature}' ({event.kind})" if event.feature else "the core"


def _percent(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10} %"


def _rounded(share: Fraction) -> str:
    return f"{Decimal(share.numerator * 100) / Decimal(share.denominator):.2f} %"
