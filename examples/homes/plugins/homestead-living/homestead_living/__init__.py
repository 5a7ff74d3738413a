"""What is in a living room."""

from __future__ import annotations

from homestead import Fitting, Room, fittings
from sarto_runtime import add


@add(fittings)
def sofa(room: Room) -> Fitting | None:
    """Below the windows."""
    return Fitting("sofa", room.width // 2 - 1150, 200, 2300, 850, radius=160) if room.kind == "living" else None


@add(fittings)
def low_table(room: Room) -> Fitting | None:
    """Before the sofa."""
    return Fitting("low table", room.width // 2 - 500, 1200, 1000, 420) if room.kind == "living" else None
