"""What the running product should look like, as its brand says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sarto_runtime import Product

__all__ = ["Look", "current_look", "look_of"]

PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Look:
    """A product's appearance: texts as they were written, an empty one where there is nothing to show.

    ``colour`` is ``#rrggbb`` or empty; ``logo`` is a picture of a kind that browsers show, or None.
    """

    title: str = ""
    footer: str = ""
    colour: str = ""
    logo: Path | None = None

    @property
    def logo_type(self) -> str:
        """The logo's media type."""
        return PICTURES[self.logo.suffix.lower()] if self.logo else ""


def current_look() -> Look | None:
    """The look of the product that runs here, or None in a Datasette that Sarto did not build."""
    try:
        from sarto_runtime import ProductError, product
    except ImportError:
        return None
    try:
        return look_of(product())
    except ProductError:
        return None


def look_of(product: Product) -> Look:
    """The look of a product. Colour and logo are for those that are ``branded``, where the line knows that feature."""
    brand = product.brand
    title, footer = brand.get("title") or brand.get("name", ""), brand.get("footer", "")
    if product.features.get("branded", True) is False:
        return Look(title, footer)
    colour = brand.get("colour", "")
    return Look(title, footer, colour if re.fullmatch("#[0-9a-fA-F]{6}", colour) else "", _logo(product))


def _logo(product: Product) -> Path | None:
    if not product.brand.get("logo"):
        return None
    file = product.brand_file("logo")
    return file if file.suffix.lower() in PICTURES and file.is_file() else None
