"""Legs of bent steel in place of wooden ones."""

from __future__ import annotations

from joinery import Order, Part, Piece, legs
from sarto_runtime import replace

HAIRPIN = ((0.42, 0), (0.58, 0), (1, 1), (0.9, 1), (0.5, 0.06), (0.1, 1), (0, 1))


@replace(legs)
def hairpin_legs(piece: Piece, order: Order) -> list[Part]:
    """Two at each end."""
    return [
        Part(
            name="hairpin leg", material="steel", x=x, y=0, width=130, height=piece.legs, depth=130, quantity=2,
            outline=HAIRPIN,
        )
        for x in (40, piece.width - 170)
    ]  # fmt: skip
