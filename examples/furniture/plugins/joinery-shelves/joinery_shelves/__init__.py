"""Shelves: boards between two sides, before a thin back."""

from __future__ import annotations

from dataclasses import replace

from joinery import Order, Part, Piece, pieces
from sarto_runtime import add

STEP, FOOT, BOARD = 320, 120, 22


@add(pieces)
def shelves(order: Order) -> Piece:
    """As wide as ordered, with as many boards."""
    wood, width, boards = order.wood, order.length("shelf_width"), order.number("boards")
    height, inside = STEP * (boards - 1) + BOARD, width - 2 * BOARD
    side = Part(name="side", material=wood, x=0, y=FOOT, width=BOARD, height=height, depth=320)
    board = Part(name="board", material=wood, x=BOARD, y=FOOT, width=inside, height=BOARD, depth=310)
    return Piece(
        name="shelves", width=width, depth=320, legs=FOOT,
        parts=(
            Part(name="back", material="plywood", x=BOARD, y=FOOT, width=inside, height=height, depth=6),
            side,
            replace(side, x=width - BOARD),
            *(replace(board, y=FOOT + STEP * number) for number in range(boards)),
        ),
    )  # fmt: skip
