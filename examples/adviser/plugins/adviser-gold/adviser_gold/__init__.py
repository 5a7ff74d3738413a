"""A twentieth of the money in gold."""

from __future__ import annotations

from fractions import Fraction

from adviser import Asset, Client, Weights, assets, scaled, weights
from adviser.assets import asset
from sarto_runtime import add, after


@add(assets)
def gold(client: Client) -> Asset:
    """Bars in a vault."""
    return asset("gold", gain="2.0", risk="15", paid="0", fee="0.25", foreign=True)


@after(weights)
def a_twentieth(result: Weights, client: Client, growth: Fraction) -> Weights:
    """All else gives its part."""
    return scaled(result, "gold", Fraction(1, 20))
