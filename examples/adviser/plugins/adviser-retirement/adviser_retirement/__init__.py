"""Half of the bonds follow prices."""

from __future__ import annotations

from fractions import Fraction

from adviser import Asset, Client, Weights, assets, weights
from adviser.assets import asset
from sarto_runtime import add, after


@add(assets)
def indexed_bonds(client: Client) -> Asset:
    """Bonds that pay more where prices rise."""
    return asset("indexed bonds", gain="2.2", risk="6", paid="1.2", fee="0.12")


@after(weights)
def indexed(result: Weights, client: Client, growth: Fraction) -> Weights:
    """Bonds of both kinds, half and half."""
    return {**result, "bonds": result["bonds"] / 2, "indexed bonds": result["bonds"] / 2}
