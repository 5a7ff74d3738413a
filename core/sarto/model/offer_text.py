"""An offer as plain text: what its lines say, and how they stand in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .columns import columns
from .names import one_line
from .quote_language import written_date, written_money, written_number
from .quotes import Offer, PriceKind, PriceLine

__all__ = ["Row", "RowKind", "heading", "offer_lines", "offer_text", "product_name", "rows"]


class RowKind(StrEnum):
    """What a row or a line of an offer is, for those who show each kind in another way."""

    HEADING = "heading"
    LINE = "line"
    BECAUSE = "because"
    RULER = "ruler"
    NET = "net"
    TAX = "tax"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an offer, in words: one line each, and no control characters in them.

    How many an amount is for stands before the label: ``12 × Seats``.
    """

    kind: RowKind
    label: str
    amount: str
    because: str = ""


def heading(offer: Offer) -> tuple[tuple[str, str], ...]:
    """What stands above the prices: names of facts with the facts that are known."""
    language = offer.language
    facts = (
        (language.product, product_name(offer)),
        (language.customer, offer.customer),
        (language.offer, offer.number),
        (language.dated, written_date(offer.date, language)),
        (language.valid_until, written_date(offer.valid_until, language)),
    )
    return tuple((name, one_line(fact)) for name, fact in facts if one_line(fact))


def product_name(offer: Offer) -> str:
    """The name under which the product is sold, with the version of its line."""
    return one_line(f"{offer.brand.get('name') or offer.line.name} {offer.line.version}")


def rows(offer: Offer) -> tuple[Row, ...]:
    """Every line, then the net amount and the taxes where there are any, then the total."""
    quote, language = offer.quote, offer.language
    lines = [_row(offer, RowKind.LINE, line) for line in quote.lines if line.kind is not PriceKind.TAX]
    taxes = [_row(offer, RowKind.TAX, line) for line in quote.lines if line.kind is PriceKind.TAX]
    if taxes:
        taxes.insert(0, Row(RowKind.NET, language.net, written_money(quote.net, quote.currency, language)))
    total = Row(RowKind.TOTAL, language.total, written_money(quote.total, quote.currency, language))
    return (*lines, *taxes, total)


def offer_text(offer: Offer) -> str:
    """The offer as text, in columns that line up where every character has its width."""
    return "".join(f"{line}\n" for _, line in offer_lines(offer))


def offer_lines(offer: Offer) -> tuple[tuple[RowKind, str], ...]:
    """The lines of the text, each with what it is."""
    facts = heading(offer)
    names = max((columns(name) for name, _ in facts), default=0)
    lines = [f"{name}{' ' * (names - columns(name) + 2)}{fact}" for name, fact in facts]
    return (*((RowKind.HEADING, line) for line in (*lines, "")), *_table(rows(offer)))


def _row(offer: Offer, kind: RowKind, line: PriceLine) -> Row:
    quantity = "" if line.quantity is None else f"{written_number(line.quantity, offer.language)} × "
    amount = written_money(line.amount, offer.quote.currency, offer.language)
    return Row(kind, one_line(f"{quantity}{line.label}"), amount, one_line(line.because))


def _table(table: Sequence[Row]) -> Iterator[tuple[RowKind, str]]:
    labels = max(columns(row.label) for row in table)
    amounts = max(columns(row.amount) for row in table)
    for row in table:
        if row.kind in (RowKind.NET, RowKind.TOTAL):
            yield RowKind.RULER, "-" * (labels + amounts + 2)
        yield row.kind, f"{row.label}{' ' * (labels - columns(row.label))}  {row.amount:>{amounts}}"
        if row.because:
            yield RowKind.BECAUSE, f"  {row.because}"
