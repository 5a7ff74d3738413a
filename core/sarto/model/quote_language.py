"""In what language an offer is written: its words, and how numbers, money and dates are written in it, exactly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

__all__ = ["ENGLISH", "QuoteLanguage", "written_date", "written_money", "written_number"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HELD = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLanguage:
    """A language for offers.

    ``tag`` is of BCP 47 (``it``, ``pt-BR``), ``months`` are the twelve as they stand in a date. ``decimal`` stands
    before the decimals, ``grouping`` between each three digits before it. ``money`` places ``{sign}`` and ``{number}``,
    ``signs`` has what is written for currencies (ISO 4217) instead of their codes, and ``date`` places ``{day}``,
    ``{month}`` and ``{year}``. All others are the words for what an offer says.
    """

    tag: str
    product: str
    customer: str
    offer: str
    dated: str
    valid_until: str
    what: str
    amount: str
    net: str
    total: str
    months: tuple[str, ...]
    decimal: str = "."
    grouping: str = ","
    money: str = "{sign}{number}"
    signs: Mapping[str, str] = field(default_factory=dict)
    date: str = "{day} {month} {year}"


ENGLISH = QuoteLanguage(
    tag="en",
    product="Product",
    customer="Customer",
    offer="Offer",
    dated="Date",
    valid_until="Valid until",
    what="What",
    amount="Amount",
    net="Net",
    total="Total",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    signs={"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "USD": "$"},
)  # fmt: skip


def written_number(number: Decimal, language: QuoteLanguage) -> str:
    """The number with all its digits and no others: ``1,234.50``."""
    whole, point, decimals = f"{number.copy_abs():f}".partition(".")
    first = len(whole) % 3 or 3
    groups = [whole[:first], *(whole[at : at + 3] for at in range(first, len(whole), 3))]
    written = language.grouping.join(groups) + (f"{language.decimal}{decimals}" if point else "")
    return f"-{written}" if number < 0 else written


def written_money(amount: Decimal, currency: str, language: QuoteLanguage) -> str:
    """The amount with its currency: ``-€1,234.50``, or ``CHF 5.00`` where no sign says it; without one a number."""
    number = written_number(amount.copy_abs(), language)
    if currency:
        sign = language.signs.get(currency, currency)
        is_joined = sign[-1:].isalpha() and "{sign}{number}" in language.money
        number = language.money.format(sign=f"{sign}{_HELD}" if is_joined else sign, number=number)
    return f"-{number}" if amount < 0 else number


def written_date(text: str, language: QuoteLanguage) -> str:
    """A date that is given as ``2026-11-29``: ``29 November 2026``. Any other text is left as it is."""
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        return text
    return language.date.format(day=day.day, month=language.months[day.month - 1], year=day.year)
