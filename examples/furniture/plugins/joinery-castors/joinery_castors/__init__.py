"""Castors in place of the shelves' legs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from joinery import Order, Part, Piece, legs
from sarto_runtime import around


@around(legs)
def on_castors(proceed: Callable[[Piece, Order], list[Part]], piece: Piece, order: Order) -> list[Part]:
    """Four of them; the other pieces keep their legs."""
    if piece.name != "shelves":
        return proceed(piece, order)
    castor = Part(name="castor", material="steel", x=30, y=0, width=120, height=120, depth=40, quantity=2, radius=60)
    return [castor, replace(castor, x=piece.width - 150)]
