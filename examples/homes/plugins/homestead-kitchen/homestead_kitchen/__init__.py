"""What is in a kitchen."""

from __future__ import annotations

from homestead import Fitting, Room, fittings
from sarto_runtime import add


@add(fittings)
def worktop(room: Room) -> Fitting | None:
    """Along the left wall."""
    return Fitting("worktop", 60, 60, 620, 2600) if room.kind == "kitchen" else None


@add(fittings)
def hob(room: Room) -> Fitting | None:
    """On the worktop."""
    return Fitting("hob", 120, 900, 500, 520, radius=90) if room.kind == "kitchen" else None


@add(fittings)
def sink(room: Room) -> Fitting | None:
    """On the worktop, too."""
    return Fitting("sink", 130, 1700, 440, 560, radius=120) if room.kind == "kitchen" else None
