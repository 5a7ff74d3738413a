"""A table: a top on an apron."""

from __future__ import annotations

from dataclasses import replace

from joinery import Order, Part, Piece, pieces
from sarto_runtime import add


@add(pieces)
def table(order: Order) -> Piece:
    """As wide and deep as ordered, 740 mm high."""
    wood, width, depth = order.wood, order.length("table_width"), order.length("table_depth")
    side = Part(name="side apron", material=wood, x=40, y=623, width=22, height=90, depth=depth - 124)
    return Piece(
        name="table", width=width, depth=depth, legs=713,
        parts=(
            side,
            replace(side, x=width - 62),
            Part(name="apron", material=wood, x=40, y=623, width=width - 80, height=90, depth=22, quantity=2),
            Part(name="top", material=wood, x=0, y=713, width=width, height=27, depth=depth, radius=6),
        ),
    )  # fmt: skip
