"""So much cash at hand."""

from __future__ import annotations

from fractions import Fraction

from adviser import Client, Weights, scaled, weights
from sarto_runtime import after


@after(weights)
def kept(result: Weights, client: Client, growth: Fraction) -> Weights:
    """All else gives its part."""
    return scaled(result, "cash", client.twentieths("reserve"))
