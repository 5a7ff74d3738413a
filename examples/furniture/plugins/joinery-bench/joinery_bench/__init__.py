"""A bench: a seat on two rails."""

from __future__ import annotations

from joinery import Order, Part, Piece, pieces
from sarto_runtime import add


@add(pieces)
def bench(order: Order) -> Piece:
    """As wide as ordered, 450 mm high."""
    wood, width = order.wood, order.length("bench_width")
    return Piece(
        name="bench", width=width, depth=400, legs=413,
        parts=(
            Part(name="rail", material=wood, x=40, y=343, width=width - 80, height=70, depth=22, quantity=2),
            Part(name="seat", material=wood, x=0, y=413, width=width, height=37, depth=400, radius=6),
        ),
    )  # fmt: skip
