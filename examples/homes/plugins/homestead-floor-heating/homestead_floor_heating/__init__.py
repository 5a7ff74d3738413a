"""Heating in the floors of the rooms that have it."""

from __future__ import annotations

from decimal import Decimal

from homestead import Fitting, Home, Material, Room, fittings, materials
from sarto_runtime import add


@add(fittings)
def loop(room: Room) -> Fitting | None:
    """Below the whole floor, but for its edges."""
    return Fitting("heating loop", 150, 150, room.width - 300, 3700, dashed=True) if room.is_heated else None


@add(materials)
def pipe(home: Home) -> Material:
    """Seven metres for each square metre."""
    return Material("heating pipe", 7 * sum((room.area for room in home.rooms if room.is_heated), Decimal()), "m")
