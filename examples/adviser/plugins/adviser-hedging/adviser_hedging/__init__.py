"""Exchange rates are hedged."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from adviser import Asset, Client, figures
from sarto_runtime import after


@after(figures)
def hedged(result: Asset, asset: Asset, client: Client) -> Asset:
    """What is priced in other currencies moves a fifth less, and costs more."""
    if not result.foreign:
        return result
    return dataclasses.replace(result, risk=result.risk * 4 / 5, fee=result.fee + Fraction(15, 10000))
