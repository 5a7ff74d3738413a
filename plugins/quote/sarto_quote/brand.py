"""What an offer takes from the brand: a colour that is safe to write into a document."""

from __future__ import annotations

import re

from sarto.model.cosmetics import CosmeticType
from sarto.model.prices import Offer

__all__ = ["colour_of"]

USUAL = "#444444"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def colour_of(offer: Offer) -> str:
    """The first colour of the brand, as ``#rrggbb``; a dark grey where the line has none."""
    names = [slot.name for slot in offer.line.cosmetics.values() if slot.type is CosmeticType.COLOUR]
    colours = (offer.brand.get(name, "") for name in names)
    return next((colour.lower() for colour in colours if _COLOUR.fullmatch(colour)), USUAL)
