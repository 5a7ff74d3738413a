"""The bill of materials: equal parts counted, timber added up, and the price as the quote has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .order import Order
from .pieces import Supply, parts, pieces, supplies

__all__ = ["Bill", "Row", "bill_of", "price_lines", "sheet"]

DENSITY = {"oak": 720, "ash": 690, "walnut": 640}
"""Kilograms in a cubic metre of each wood."""


@dataclass(frozen=True, slots=True)
class Row:
    """So many equal parts of a piece; the size is length, width and thickness in millimetres."""

    piece: str
    quantity: int
    part: str
    material: str
    size: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Bill:
    """What a set is made of; ``timber`` in cubic metres, ``weight`` that of the timber in kilograms."""

    rows: tuple[Row, ...]
    supplies: tuple[Supply, ...]
    timber: Decimal
    weight: Decimal


def bill_of(order: Order) -> Bill:
    """The bill of materials of an order."""
    by_piece = [(piece.name, parts(piece, order)) for piece in pieces(order)]
    counted: Counter[tuple[str, str, str, tuple[int, int, int]]] = Counter()
    for piece, found in by_piece:
        for part in found:
            counted[piece, part.name, part.material, part.size] += part.quantity
    rows = tuple(Row(piece, count, name, material, size) for (piece, name, material, size), count in counted.items())
    wooden = [row for row in rows if row.material in DENSITY]
    timber = sum((row.quantity * _volume(row.size) for row in wooden), Decimal())
    everything = [part for _, found in by_piece for part in found]
    return Bill(rows, tuple(supplies(order, everything)), timber, timber * DENSITY[order.wood])


def sheet(order: Order, bill: Bill) -> Iterator[str]:
    """The lines of the workshop sheet."""
    yield f"{order.customer}: {', '.join(dict.fromkeys(row.piece for row in bill.rows))}"
    for row in bill.rows:
        size = " x ".join(map(str, row.size))
        yield f"{row.piece:8} {row.quantity:3} {row.part:14} {row.material:8} {size}"
    for supply in bill.supplies:
        yield f"{'stores':8} {supply.amount} {supply.unit} {supply.name}"
    yield f"timber: {bill.timber:.4f} m3 of {order.wood}, {bill.weight:.1f} kg"


def price_lines(quote: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a price, out of what ``sarto quote --json`` printed."""
    for line in quote["lines"]:
        yield f"{line['label']:44} {line['amount']:>10} {quote['currency']}"
    yield f"{'to pay':44} {quote['total']:>10} {quote['currency']}"


def _volume(size: tuple[int, int, int]) -> Decimal:
    length, width, thickness = map(Decimal, size)
    return length * width * thickness / 10**9
