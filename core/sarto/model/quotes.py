"""Quotes as values: what a product comes to, line by line, what is handed to a customer with one, and both as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .expression import Value
from .quote_language import ENGLISH, QuoteLanguage

if TYPE_CHECKING:
    from .line import LineDescription

__all__ = ["Offer", "PriceKind", "PriceLine", "Quote", "quote_from_data", "quote_to_data"]


class PriceKind(StrEnum):
    """Where a line of a quote comes from."""

    BASE = "base"
    FEATURE = "feature"
    RULE = "rule"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a quote; ``amount`` is rounded to the quote's decimals.

    ``feature`` is that of a line about one, by the name that the line's own file has for it. ``quantity`` says how many
    the amount is for, where they were counted or measured.
    """

    label: str
    amount: Decimal
    feature: str = ""
    quantity: Decimal | None = None
    because: str = ""
    kind: PriceKind = PriceKind.RULE


@dataclass(frozen=True, slots=True)
class Quote:
    """What a product costs. The lines without the taxes add up to ``net``, the taxes to ``taxes``, both to ``total``.

    ``currency`` is an ISO 4217 code, or empty; every amount has so many ``decimals``.
    """

    currency: str
    decimals: int
    lines: tuple[PriceLine, ...]
    net: Decimal
    taxes: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A quote for a customer, with all that a document about it needs.

    ``date`` and ``valid_until`` are dates such as ``2026-11-29`` or other texts, empty where nothing was said: whoever
    shows an offer adds no time of its own, so that the same offer gives the same bytes. ``brand`` fills the slots of
    the line's cosmetics, but that of a file is the path that was written; ``name`` in it is the product's name. What an
    offer says it says in its ``language``.
    """

    line: LineDescription
    customer: str
    quote: Quote
    configuration: Mapping[str, Value]
    number: str = ""
    date: str = ""
    valid_until: str = ""
    brand: Mapping[str, str] = field(default_factory=dict)
    language: QuoteLanguage = ENGLISH


def quote_to_data(quote: Quote) -> dict[str, Any]:
    """The quote as JSON has it: amounts and quantities are texts, digit by digit, for JSON's numbers are not exact."""
    return {
        "currency": quote.currency,
        "decimals": quote.decimals,
        "lines": [
            {
                "kind": line.kind.value,
                "label": line.label,
                "feature": line.feature,
                "quantity": None if line.quantity is None else f"{line.quantity:f}",
                "amount": f"{line.amount:f}",
                "because": line.because,
            }
            for line in quote.lines
        ],
        "net": f"{quote.net:f}",
        "taxes": f"{quote.taxes:f}",
        "total": f"{quote.total:f}",
    }


def quote_from_data(data: Mapping[str, Any]) -> Quote:
    """The quote that :func:`quote_to_data` gave. Raises KeyError, TypeError or ArithmeticError where it is none."""
    return Quote(
        currency=str(data["currency"]),
        decimals=int(data["decimals"]),
        lines=tuple(
            PriceLine(
                label=str(line["label"]),
                amount=Decimal(line["amount"]),
                feature=str(line["feature"]),
                quantity=None if line["quantity"] is None else Decimal(line["quantity"]),
                because=str(line["because"]),
                kind=PriceKind(line["kind"]),
            )
            for line in data["lines"]
        ),
        net=Decimal(data["net"]),
        taxes=Decimal(data["taxes"]),
        total=Decimal(data["total"]),
    )
