"""A backrest for the bench, with a line carved into it."""

from __future__ import annotations

from dataclasses import replace

from joinery import Order, Part, Piece, parts
from sarto_runtime import after


@after(parts)
def with_backrest(result: list[Part], piece: Piece, order: Order) -> list[Part]:
    """A board on two posts."""
    if piece.name != "bench":
        return result
    post = Part(name="post", material=order.wood, x=90, y=450, width=45, height=370, depth=32)
    board = Part(
        name="backrest", material=order.wood, x=20, y=660, width=piece.width - 40, height=170, depth=22, radius=14,
        label=order.text("engraving"),
    )  # fmt: skip
    return [post, replace(post, x=piece.width - 135), *result, board]
