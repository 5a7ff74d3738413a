"""A cushion for the bench, in the fabric that was chosen."""

from __future__ import annotations

from joinery import Order, Part, Piece, Supply, parts, supplies, surface_of
from sarto_runtime import add, after


def fabric(order: Order) -> str:
    """What it is covered with."""
    return order.which("linen", "wool", "leather")


@after(parts)
def with_cushion(result: list[Part], piece: Piece, order: Order) -> list[Part]:
    """As large as the seat, 60 mm thick."""
    if piece.name != "bench":
        return result
    cushion = Part(
        name="cushion", material=fabric(order), x=10, y=450, width=piece.width - 20, height=60, depth=380, radius=28
    )
    return [*result, cushion]


@add(supplies)
def cover(order: Order, found: list[Part]) -> Supply:
    """The fabric, with a tenth for seams."""
    return Supply(fabric(order), round(surface_of(found, fabric(order)) * 11 / 10, 2), "m2")
