"""Shares and bonds from a list of sustainable ones."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from adviser import Asset, Client, figures
from sarto_runtime import after


@after(figures)
def listed(result: Asset, asset: Asset, client: Client) -> Asset:
    """Who keeps the list is paid for it."""
    if asset.name not in ("shares", "bonds"):
        return result
    return dataclasses.replace(result, fee=result.fee + Fraction(25, 10000))
