"""What furniture is made of, and the points at which features add to it or change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sarto_runtime import variation_point

from .order import Order

__all__ = [
    "BOX", "TAPER", "Outline", "Part", "Piece", "Supply", "legs", "parts", "pieces", "supplies", "surface_of", "tone",
]  # fmt: skip

Outline = tuple[tuple[float, float], ...]
BOX: Outline = ((0, 0), (1, 0), (1, 1), (0, 1))
TAPER: Outline = ((0.3, 0), (0.7, 0), (1, 1), (0, 1))
"""What is seen of a part from the front: corners in shares of its width and height, from below on the left."""

LEG, INSET = 60, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Equal parts, one behind the other, where they are seen from the front: from the left, and from the floor up.

    All lengths are in millimetres. ``radius`` rounds the corners of a box; ``label`` is written on it.
    """

    name: str
    material: str
    x: int
    y: int
    width: int
    height: int
    depth: int
    quantity: int = 1
    outline: Outline = BOX
    radius: int = 0
    label: str = ""

    @property
    def size(self) -> tuple[int, int, int]:
        """Length, width and thickness, as a saw wants them."""
        length, width, thickness = sorted((self.width, self.height, self.depth), reverse=True)
        return length, width, thickness

    @property
    def surface(self) -> Decimal:
        """What there is to paint, of all of them, in square metres."""
        length, width, thickness = map(Decimal, self.size)
        return self.quantity * 2 * (length * width + length * thickness + width * thickness) / 10**6


def surface_of(found: Iterable[Part], material: str) -> Decimal:
    """What these parts have of a material, in square metres."""
    return sum((part.surface for part in found if part.material == material), Decimal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of furniture: its measures, how far up its legs reach, and its own parts, without the legs."""

    name: str
    width: int
    depth: int
    legs: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """What a workshop takes from its stores by number or measure."""

    name: str
    amount: Decimal
    unit: str


@variation_point(collect=True)
def pieces(order: Order) -> list[Piece]:
    """The pieces of the set; each feature can add one."""
    return []


@variation_point
def parts(piece: Piece, order: Order) -> list[Part]:
    """All parts of a piece, what is behind first."""
    return [*legs(piece, order), *piece.parts]


@variation_point
def legs(piece: Piece, order: Order) -> list[Part]:
    """The legs of a piece, the left ones first: of its wood, and tapered."""
    return [
        Part(
            name="leg", material=order.wood, x=x, y=0, width=LEG, height=piece.legs, depth=LEG, quantity=2,
            outline=TAPER,
        )
        for x in (INSET, piece.width - INSET - LEG)
    ]  # fmt: skip


@variation_point(collect=True)
def supplies(order: Order, found: list[Part]) -> list[Supply]:
    """What else is needed for these parts."""
    return []


@variation_point
def tone(material: str, order: Order) -> str:
    """The colour of a material in the picture."""
    return TONES[material]


TONES = {
    "oak": "#c89b62", "ash": "#e0c79c", "walnut": "#7a5238",
    "plywood": "#b59a70", "steel": "#3b4148", "linen": "#cfc5b0", "wool": "#5c7186", "leather": "#8c4a2f",
}  # fmt: skip
