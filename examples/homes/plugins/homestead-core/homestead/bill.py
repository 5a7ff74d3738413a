"""The list of rooms, of what is in and around them, and the price as the quote has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .home import Home, fittings, materials, outside
from .layout import Layout, layout_of

__all__ = ["laid_out", "price_lines", "sheet", "things"]


def laid_out(home: Home) -> Layout:
    """Where the rooms of a home lie."""
    return layout_of({room.number: room.modules for room in home.rooms})


def things(home: Home) -> Mapping[str, int]:
    """How many there are of each thing in the rooms and around the house."""
    inside = (fitting.name for room in home.rooms for fitting in fittings(room))
    return Counter([*inside, *(fitting.name for fitting in outside(home, laid_out(home)))])


def sheet(home: Home) -> Iterator[str]:
    """The lines of the list."""
    yield f"{home.customer}: {len(home.rooms)} rooms, {home.area:.0f} m2"
    for room in home.rooms:
        warm = "  heated floor" if room.is_heated else ""
        yield f"{room.number}  {room.kind:8} {room.area:3.0f} m2  windows: {room.windows}{warm}"
    for name, count in things(home).items():
        yield f"{count:4} {name}"
    for material in materials(home):
        yield f"{material.amount:4.0f} {material.unit} {material.name}"
    layout = laid_out(home)
    yield f"the house: {layout.width / 1000:.1f} x {layout.depth / 1000:.1f} m"


def price_lines(quote: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a price, out of what ``sarto quote --json`` printed."""
    for line in quote["lines"]:
        yield f"{line['label']:34} {line['amount']:>10} {quote['currency']}"
    yield f"{'to pay':34} {quote['total']:>10} {quote['currency']}"
