"""Back to the weights from time to time."""

from __future__ import annotations

from fractions import Fraction

from adviser import Client, Portfolio, advice, fee
from sarto_runtime import add, after


@after(fee)
def with_trades(result: Fraction, client: Client, portfolio: Portfolio) -> Fraction:
    """Each time costs two hundredths of a percent."""
    return result + Fraction(12, client.number("rebalancing")) * Fraction(2, 10000)


@add(advice)
def when(client: Client, portfolio: Portfolio) -> str:
    """How often."""
    months = client.number("rebalancing")
    return f"Back to these weights every {months} months." if months > 1 else "Back to these weights every month."
