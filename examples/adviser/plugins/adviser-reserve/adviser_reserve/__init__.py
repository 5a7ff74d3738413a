"""So much cash at least."""

from __future__ import annotations

from fractions import Fraction

from adviser import Client, Weights, scaled, weights
from sarto_runtime import after


@after(weights)
def kept(result: Weights, client: Client, growth: Fraction) -> Weights:
    """Where there is less of it, all else gives its part."""
    cash, wanted = result["cash"], client.twentieths("reserve")
    return scaled(result, "cash", (wanted - cash) / (1 - cash)) if cash < wanted else result
