"""A carport at the left end of the corridor."""

from __future__ import annotations

from homestead import Fitting, Home, Layout, outside
from sarto_runtime import add


@add(outside)
def carport(home: Home, layout: Layout) -> Fitting:
    """For one car; its roof stands on posts."""
    return Fitting("carport", -3300, layout.depth // 2 - 2500, 3100, 5000, dashed=True)
