"""An offer as one HTML file that needs nothing else, for the screen and for paper."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from sarto.model.offer_text import heading, product_name, rows
from sarto.model.prices import Offer

from .brand import colour_of

__all__ = ["render"]


def render(offer: Offer) -> bytes:
    """The page, in UTF-8. Whatever the texts of the offer say, they are text in it."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files(__package__).joinpath("offer.html").read_text(encoding="utf-8")
    page = environment.from_string(source).render(
        colour=colour_of(offer), facts=heading(offer)[1:], language=offer.language, product=product_name(offer),
        rows=rows(offer),
    )  # fmt: skip
    return f"{page}\n".encode()
