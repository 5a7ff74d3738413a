"""A terrace along the lower side of the house."""

from __future__ import annotations

from homestead import Fitting, Home, Layout, outside
from sarto_runtime import add


@add(outside)
def terrace(home: Home, layout: Layout) -> Fitting:
    """Three metres deep."""
    return Fitting("terrace", 0, layout.depth + 60, 1500 * home.number("terrace"), 3000)
