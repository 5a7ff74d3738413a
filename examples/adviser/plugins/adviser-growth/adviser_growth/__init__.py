"""A tenth more in what grows."""

from __future__ import annotations

from fractions import Fraction

from adviser import Client, weights
from sarto_runtime import before


@before(weights)
def a_tenth_more(client: Client, growth: Fraction) -> dict[str, Fraction]:
    """Of the whole, and not more than all of it."""
    return {"growth": min(growth + Fraction(1, 10), Fraction(1))}
