"""What a line says of its looks, as far as the pages use it: a name and one colour."""

from __future__ import annotations

from dataclasses import dataclass

from sarto.model.cosmetics import CosmeticType
from sarto.model.line import LineDescription

__all__ = ["Look", "look_of"]


@dataclass(frozen=True, slots=True)
class Look:
    """The name over the pages, and their one accent colour (``#rrggbb``, or empty)."""

    brand: str
    colour: str


def look_of(line: LineDescription) -> Look:
    """The looks of a line: its name, and the default of the first colour among its cosmetics."""
    colours = (str(slot.default) for slot in line.cosmetics.values() if slot.type is CosmeticType.COLOUR)
    return Look(line.name, next(filter(None, colours), ""))
