"""The typeface of a PDF, Open Sans: which signs it has, and how wide texts in it are."""

from __future__ import annotations

import unicodedata
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from sarto.errors import SartoError
from ttf_opensans import OPENSANS_BOLD, OPENSANS_REGULAR

__all__ = ["BOLD", "REGULAR", "printable", "register", "width", "wrapped"]

REGULAR = "sarto-open-sans"
BOLD = "sarto-open-sans-bold"


@cache
def register() -> frozenset[int]:
    """Make the typeface known to reportlab; the code points of the signs that it has."""
    signs: list[set[int]] = []
    for name, file in ((REGULAR, OPENSANS_REGULAR), (BOLD, OPENSANS_BOLD)):
        font = TTFont(name, str(file.path))
        pdfmetrics.registerFont(font)
        signs.append(set(font.face.charToGlyph))
    return frozenset.intersection(*map(frozenset, signs))


def printable(text: str) -> str:
    """The text in composed characters and plain spaces.

    Raises SartoError where it has signs that the typeface has not: a document that leaves some out would be wrong.
    """
    signs = register()
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in composed)
    if missing := list(dict.fromkeys(sign for sign in plain if ord(sign) not in signs)):
        shown = ", ".join(f"'{sign}' (U+{ord(sign):04X})" for sign in missing[:5]) + (", …" if missing[5:] else "")
        what = f"the typeface of a PDF, Open Sans, has no {shown}"
        raise SartoError(what, where=f"“{text}”", hint="--format html shows every sign, and prints on paper, too")
    return plain


def width(text: str, font: str, size: float) -> float:
    """How wide the text is, in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """The text in lines that are at most ``room`` points wide: between words, and where one is too long, inside."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer, font, size) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for sign in word:
            if width(lines[-1] + sign, font, size) > room and lines[-1]:
                lines.append("")
            lines[-1] += sign
    return lines
