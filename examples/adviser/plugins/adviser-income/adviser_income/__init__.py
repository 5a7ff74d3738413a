"""A quarter of shares and bonds goes into property, which pays rents."""

from __future__ import annotations

from fractions import Fraction

from adviser import Asset, Client, Weights, assets, weights
from adviser.assets import asset
from sarto_runtime import add, after


@add(assets)
def property_(client: Client) -> Asset:
    """Houses that are let."""
    return asset("property", gain="4.5", risk="12", paid="4.0", fee="0.30")


@after(weights)
def let(result: Weights, client: Client, growth: Fraction) -> Weights:
    """Property in place of a quarter of each of the two."""
    bonds, shares = result["bonds"], result["shares"]
    return {**result, "bonds": bonds * 3 / 4, "shares": shares * 3 / 4, "property": (bonds + shares) / 4}
