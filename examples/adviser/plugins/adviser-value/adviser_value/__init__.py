"""Shares that are picked for their price."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from adviser import Asset, Client, figures
from sarto_runtime import after


@after(figures)
def picked(result: Asset, asset: Asset, client: Client) -> Asset:
    """They pay more, move more, and somebody is paid for picking them."""
    if asset.name != "shares":
        return result
    return dataclasses.replace(
        result,
        paid=result.paid + Fraction(12, 1000),
        risk=result.risk + Fraction(1, 100),
        fee=result.fee + Fraction(45, 10000),
    )
