"""An offer as plain text: what its lines say, and how they stand in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .columns import columns
from .names import one_line
from .quotes import Offer, PriceKind, PriceLine

__all__ = ["Row", "RowKind", "heading", "offer_lines", "offer_text", "product_name", "rows", "shown_amount"]


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
    """A row of an offer, in words: one line each, and no control characters in them."""

    kind: RowKind
    label: str
    quantity: str
    amount: str
    because: str = ""


def heading(offer: Offer) -> tuple[tuple[str, str], ...]:
    """What stands above the prices: names of facts with the facts that are known."""
    facts = (
        ("Product", product_name(offer)),
        ("Customer", offer.customer),
        ("Offer", offer.number),
        ("Date", offer.date),
        ("Valid until", offer.valid_until),
    )
    return tuple((name, one_line(fact)) for name, fact in facts if one_line(fact))


def product_name(offer: Offer) -> str:
    """The name under which the product is sold, with the version of its line."""
    return one_line(f"{offer.brand.get('name') or offer.line.name} {offer.line.version}")


def rows(offer: Offer) -> tuple[Row, ...]:
    """Every line, then the net amount and the taxes where there are any, then the total."""
    quote = offer.quote
    lines = [_row(RowKind.LINE, line) for line in quote.lines if line.kind is not PriceKind.TAX]
    taxes = [_row(RowKind.TAX, line) for line in quote.lines if line.kind is PriceKind.TAX]
    if taxes:
        taxes.insert(0, Row(RowKind.NET, "Net", "", shown_amount(quote.net)))
    label = f"Total {quote.currency}".rstrip()
    return (*lines, *taxes, Row(RowKind.TOTAL, label, "", shown_amount(quote.total)))


def shown_amount(amount: Decimal) -> str:
    """An amount with all of its decimals: ``-1234.50``."""
    return f"{amount:f}"


def shown_quantity(quantity: Decimal | None) -> str:
    """How many, as it stands before what there is so much of: ``12 ×``; nothing where that was not counted."""
    return "" if quantity is None else f"{quantity:f} ×"


def offer_text(offer: Offer) -> str:
    """The offer as text, in columns that line up where every character has its width."""
    return "".join(f"{line}\n" for _, line in offer_lines(offer))


def offer_lines(offer: Offer) -> tuple[tuple[RowKind, str], ...]:
    """The lines of the text, each with what it is."""
    facts = heading(offer)
    names = max((columns(name) for name, _ in facts), default=0)
    lines = [f"{name}{' ' * (names - columns(name) + 2)}{fact}" for name, fact in facts]
    return (*((RowKind.HEADING, line) for line in (*lines, "")), *_table(rows(offer)))


def _row(kind: RowKind, line: PriceLine) -> Row:
    quantity, amount = shown_quantity(line.quantity), shown_amount(line.amount)
    return Row(kind, one_line(line.label), quantity, amount, one_line(line.because))


def _table(table: Sequence[Row]) -> Iterator[tuple[RowKind, str]]:
    labels = max(columns(row.label) for row in table)
    quantities = max(columns(row.quantity) for row in table)
    amounts = max(columns(row.amount) for row in table)
    for row in table:
        if row.kind in (RowKind.NET, RowKind.TOTAL):
            yield RowKind.RULER, "-" * (labels + quantities + amounts + 4)
        gap = " " * (labels - columns(row.label) + 2)
        yield row.kind, f"{row.label}{gap}{row.quantity:>{quantities}}  {row.amount:>{amounts}}"
        if row.because:
            yield RowKind.BECAUSE, f"  {row.because}"
