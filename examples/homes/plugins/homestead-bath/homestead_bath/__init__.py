"""What is in a bath."""

from __future__ import annotations

from homestead import Fitting, Room, fittings
from sarto_runtime import add


@add(fittings)
def tub(room: Room) -> Fitting | None:
    """Below the outer wall, on the left."""
    return Fitting("tub", 80, 200, 720, 1700, radius=260) if room.kind == "bath" else None


@add(fittings)
def toilet(room: Room) -> Fitting | None:
    """Opposite."""
    return Fitting("toilet", room.width - 480, 300, 400, 600, radius=190) if room.kind == "bath" else None


@add(fittings)
def basin(room: Room) -> Fitting | None:
    """On the left wall."""
    return Fitting("basin", 60, 2900, 420, 620, radius=120) if room.kind == "bath" else None
