"""The feature ``quote`` of Sarto: what a selection costs, as text, as a page and as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sarto.hooks import QuoteFormat, QuoteLanguage, hookimpl

if TYPE_CHECKING:
    import click
    from sarto.model.prices import Offer

__all__ = ["sarto_commands", "sarto_quote_formats", "sarto_quote_languages"]

__version__ = "0.1.0"


@hookimpl
def sarto_quote_formats() -> Sequence[QuoteFormat]:
    """Quotes as HTML and as PDF."""
    return [
        QuoteFormat(name="html", media_type="text/html; charset=utf-8", render=_html),
        QuoteFormat(name="pdf", media_type="application/pdf", render=_pdf),
    ]


@hookimpl
def sarto_quote_languages() -> Sequence[QuoteLanguage]:
    """Quotes in Italian and in Turkish."""
    from .languages import ITALIAN, TURKISH

    return [ITALIAN, TURKISH]


@hookimpl
def sarto_commands() -> Sequence[click.Command]:
    """``sarto quote``."""
    from .command import quote

    return [quote]


def _html(offer: Offer) -> bytes:
    from .page import render

    return render(offer)


def _pdf(offer: Offer) -> bytes:
    from .paper import render

    return render(offer)
