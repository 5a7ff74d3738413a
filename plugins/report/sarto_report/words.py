"""How numbers are written on the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

__all__ = ["amount", "chance", "counted", "large", "percent", "printable", "quantity", "size"]

SPACE = "\N{NO-BREAK SPACE}"
UNITS: Mapping[str, int] = {"GB": 10**9, "MB": 10**6, "kB": 10**3}
TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
DIGITS = 15


def percent(share: Fraction | float) -> str:
    """``42 %``; what is neither nothing nor all never looks as if it were."""
    rounded = round(share * 100)
    if rounded == 0 and share > 0:
        return f"<1{SPACE}%"
    if rounded == 100 and share < 1:
        return f">99{SPACE}%"
    return f"{rounded}{SPACE}%"


def chance(probability: float) -> str:
    """``1.2 %``, and no smaller than a thousandth of a percent."""
    return f"<0.001{SPACE}%" if probability < 0.00001 else f"{probability * 100:.2g}{SPACE}%"


def quantity(number: Fraction | float) -> str:
    """``2.4``."""
    return f"{float(number):,.1f}"


def size(number: int) -> str:
    """``12.3 MB``, in powers of a thousand."""
    for unit, bytes_in_it in UNITS.items():
        if number >= bytes_in_it:
            return f"{number / bytes_in_it:,.1f}{SPACE}{unit}"
    return counted(number, "byte")


def amount(value: Decimal, decimals: int, currency: str) -> str:
    """``1,250.00 EUR``; the ends of a histogram's bars may need more decimals than money has."""
    normal = value.normalize()
    places = max(decimals, -int(normal.as_tuple().exponent) if normal else 0)
    return f"{value:,.{places}f}" + (f" {currency}" if currency else "")


def large(number: int) -> str:
    """``1,234``, and ``1.2 × 10^30`` for what nobody reads."""
    text = str(Decimal(number)) if number.bit_length() < 10_000 else ""
    if text and len(text) <= DIGITS:
        return f"{number:,}"
    mantissa, exponent = f"{Decimal(number):.1e}".split("e+")
    return f"{mantissa} × 10^{exponent}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 part``, ``1,200 parts``."""
    return f"{number:,}{SPACE}{noun if number == 1 else plural or noun + 's'}"


def printable(value: object) -> object:
    """A text with a visible sign for whatever HTML cannot hold, or would move other text; markup as it is."""
    if not isinstance(value, str) or isinstance(value, Markup) or (value.isascii() and value.isprintable()):
        return value
    return "".join(map(_sign, value))


def _sign(sign: str) -> str:
    code = ord(sign)
    if sign in "\n\t":
        return sign
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    is_hidden = unicodedata.category(sign) in ("Cc", "Cs") or unicodedata.bidirectional(sign) in TURNING
    return "\ufffd" if is_hidden or code & 0xFFFE == 0xFFFE else sign
