"""What is in a study."""

from __future__ import annotations

from homestead import Fitting, Room, fittings
from sarto_runtime import add


@add(fittings)
def desk(room: Room) -> Fitting | None:
    """Below the windows."""
    return Fitting("desk", room.width // 2 - 800, 120, 1600, 750) if room.kind == "study" else None


@add(fittings)
def chair(room: Room) -> Fitting | None:
    """At the desk."""
    return Fitting("chair", room.width // 2 - 260, 960, 520, 520, radius=260) if room.kind == "study" else None
