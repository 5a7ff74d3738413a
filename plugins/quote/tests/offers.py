"""Offers of a shop for the tests, as the program makes them and with names that try to break out."""

from __future__ import annotations

from collections.abc import Mapping

from sarto.hooks import QuoteLanguage
from sarto.model.expression import Value
from sarto.model.prices import Offer, offer_of
from sarto.model.quote_language import ENGLISH
from sarto.model.selection import Selection
from sarto.model.toml_line import read_line

__all__ = ["HOSTILE", "LINE", "offer"]

LINE = """
[line]
name = "shop"
version = "1.0"
summary = "A shop"
root = "shop"

[core]
parts = ["shop"]
command = "shop"

[features.shop]
optional = ["maps", "outlines", "seats"]

[features.maps]
summary = "Maps"
attributes = { price = 400 }

[features.outlines]
attributes = { price = 200 }

[features.seats]
type = "integer"

[cosmetics]
colour = { type = "colour", default = "#276890" }

[prices]
currency = "EUR"
base = 899.95

[[prices.rules]]
name = "Seats"
per = "seats"
add = 4.335
because = "Each has an account."

[[prices.rules]]
name = "Maps and outlines together"
bundle = ["maps", "outlines"]
price = 500

[[prices.taxes]]
name = "KDV"
percent = 20
"""
EVERYTHING: Mapping[str, Value] = {"shop": True, "maps": True, "outlines": True, "seats": 3}
HOSTILE = '<b>&amp;</b><script>alert(\'1\')</script>"{{ 7*7 }}<para><font size="99"/>'


def offer(
    customer: str = "Çiğdem Işık & Γιώργος Ώς",
    *,
    line: str = LINE,
    brand: Mapping[str, str] | None = None,
    configuration: Mapping[str, Value] = EVERYTHING,
    number: str = "2026-17",
    language: QuoteLanguage = ENGLISH,
) -> Offer:
    """An offer of the shop."""
    selection = Selection(line="features.toml", customer=customer, brand=brand or {})
    return offer_of(
        read_line(line, "features.toml"), selection, configuration,
        number=number, date="2026-11-29", valid_until="2026-12-31", language=language,
    )  # fmt: skip
