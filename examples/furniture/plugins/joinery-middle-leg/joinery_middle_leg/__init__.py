"""A further leg, of whatever kind the others are, in the middle of the table."""

from __future__ import annotations

from dataclasses import replace

from joinery import Order, Part, Piece, legs
from sarto_runtime import after


@after(legs)
def with_middle_leg(result: list[Part], piece: Piece, order: Order) -> list[Part]:
    """One in front and one behind, as at the ends."""
    if piece.name != "table":
        return result
    return [*result, replace(result[0], x=(piece.width - result[0].width) // 2)]
