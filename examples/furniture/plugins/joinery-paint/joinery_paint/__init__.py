"""A coat of paint on all that is wooden."""

from __future__ import annotations

from joinery import Order, Part, Supply, supplies, surface_of, tone
from sarto_runtime import add, after

TONES = {"sage": "#8a9a7b", "rust": "#a4553a", "ink": "#34495e"}


@after(tone)
def painted(result: str, material: str, order: Order) -> str:
    """Its colour, in place of the wood's."""
    return TONES[order.which(*TONES)] if material == order.wood else result


@add(supplies)
def paint(order: Order, found: list[Part]) -> Supply:
    """Two coats: a litre for five square metres."""
    return Supply(f"{order.which(*TONES)} paint", round(surface_of(found, order.wood) / 5, 2), "l")
