"""Drawers in the front apron of the table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from joinery import Order, Part, Piece, Supply, parts, supplies
from sarto_runtime import add, after


@after(parts)
def with_drawers(result: list[Part], piece: Piece, order: Order) -> list[Part]:
    """Fronts of 400 mm, each in the middle of its share of the apron."""
    if piece.name != "table":
        return result
    share = (piece.width - 200) // order.number("drawers")
    lefts = [100 + share * number + (share - 400) // 2 for number in range(order.number("drawers"))]
    front = Part(name="drawer front", material=order.wood, x=0, y=631, width=400, height=74, depth=18)
    knob = Part(name="knob", material="steel", x=188, y=656, width=24, height=24, depth=24, radius=12)
    return [*result, *(replace(part, x=left + part.x) for left in lefts for part in (front, knob))]


@add(supplies)
def boxes(order: Order, found: list[Part]) -> Supply:
    """What is behind the fronts comes ready."""
    return Supply("drawer box with runners", Decimal(order.number("drawers")), "pcs")
