"""What the running product should look like, as its brand says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sarto_runtime import Product

__all__ = ["Look", "current_look", "languages_accepted", "look_of"]

PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
TEXTS = ("title", "welcome", "footer")


@dataclass(frozen=True, slots=True)
class Look:
    """A product's appearance: texts as they were written, an empty one where there is nothing to show.

    ``colour``, ``ink`` (on it) and ``link`` are ``#rrggbb`` or empty; ``logo`` and ``icon`` are pictures of a kind that
    browsers show, or None. ``pages`` are the pages about the site, ``texts`` the texts, by language where there are
    several; those in ``title``, ``welcome`` and ``footer`` are in the line's first language.
    """

    title: str = ""
    footer: str = ""
    colour: str = ""
    logo: Path | None = None
    ink: str = ""
    link: str = ""
    welcome: str = ""
    icon: Path | None = None
    pages: Mapping[str, Path] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def logo_type(self) -> str:
        """The logo's media type."""
        return media_type(self.logo)

    @property
    def is_by_language(self) -> bool:
        """Whether readers of different languages see different pages."""
        return bool(self.texts) or len(self.pages) > 1

    def text(self, slot: str, header: str = "") -> str:
        """The title, the welcome or the footer in a reader's language; the ``header`` is their Accept-Language."""
        by_language = self.texts.get(slot, {})
        found = {"title": self.title, "welcome": self.welcome, "footer": self.footer}[slot]
        return next((by_language[each] for each in languages_accepted(header) if each in by_language), found)

    def page(self, header: str = "") -> Path | None:
        """The page about the site in the reader's language, else in the first one."""
        wanted = (self.pages[each] for each in languages_accepted(header) if each in self.pages)
        return next(wanted, next(iter(self.pages.values()), None))


def media_type(picture: Path | None) -> str:
    """The media type of a picture."""
    return PICTURES[picture.suffix.lower()] if picture else ""


def languages_accepted(header: str) -> Sequence[str]:
    """The languages of an Accept-Language header (RFC 9110, 12.5.4), the best first, each also without its region."""
    found: list[tuple[float, str]] = []
    for entry in header[:1000].split(","):
        tag, _, weight = entry.partition(";")
        quality = re.fullmatch(r"\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", weight)
        found.append((float(quality[1]) if quality else 1.0, tag.strip()))
    ordered = (tag for quality, tag in sorted(found, key=lambda each: -each[0]) if tag and quality > 0)
    return tuple(each for tag in ordered for each in dict.fromkeys((tag, tag.partition("-")[0].lower())))


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
    """The look of a product. Colours and logo are for those that are ``branded``, where the line knows that feature."""
    brand = product.brand
    is_branded = product.features.get("branded", True) is not False
    return Look(
        title=brand.get("title") or brand.get("name", ""),
        footer=brand.get("footer", ""),
        colour=_colour(product, "colour") if is_branded else "",
        logo=_picture(product, "logo") if is_branded else None,
        ink=_colour(product, "ink") if is_branded else "",
        link=_colour(product, "link") if is_branded else "",
        welcome=brand.get("welcome", ""),
        icon=_picture(product, "icon") if is_branded else None,
        pages=_pages(product),
        texts={slot: texts for slot, texts in product.look.texts.items() if slot in TEXTS},
    )


def _pages(product: Product) -> Mapping[str, Path]:
    if not product.brand.get("about"):
        return {}
    return {language: product.brand_file("about", language) for language in product.look.languages or ("",)}


def _colour(product: Product, slot: str) -> str:
    colour = product.brand.get(slot, "")
    return colour if re.fullmatch("#[0-9a-fA-F]{6}", colour) else ""


def _picture(product: Product, slot: str) -> Path | None:
    if not product.brand.get(slot):
        return None
    file = product.brand_file(slot)
    return file if file.suffix.lower() in PICTURES and file.is_file() else None
