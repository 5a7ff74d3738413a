"""A heat pump behind the house."""

from __future__ import annotations

from homestead import Fitting, Home, Layout, outside
from sarto_runtime import add


@add(outside)
def heat_pump(home: Home, layout: Layout) -> Fitting:
    """At its upper right corner, with room for air."""
    return Fitting("heat pump", layout.width + 600, 300, 500, 1100)
