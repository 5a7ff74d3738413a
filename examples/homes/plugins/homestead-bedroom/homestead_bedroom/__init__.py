"""What is in a bedroom."""

from __future__ import annotations

from homestead import Fitting, Room, fittings
from sarto_runtime import add


@add(fittings)
def bed(room: Room) -> Fitting | None:
    """With its head at the outer wall."""
    return Fitting("bed", 700, 120, 1500, 1900, radius=60) if room.kind == "bedroom" else None


@add(fittings)
def wardrobe(room: Room) -> Fitting | None:
    """On the left, beside the corridor."""
    return Fitting("wardrobe", 60, 3320, 1800, 620) if room.kind == "bedroom" else None
