"""The typefaces of a PDF, Fira Sans first: which signs there are, and how wide texts are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from sarto.errors import SartoError

from .system_fonts import Face, faces

__all__ = ["BOLD", "REGULAR", "printable", "runs", "width", "wrapped"]

REGULAR = "FiraSans-Regular"
BOLD = "FiraSans-Bold"
SCRIPTS = (
    "ARMENIAN", "BOPOMOFO", "CJK", "CYRILLIC", "FULLWIDTH", "GEORGIAN", "GREEK", "HALFWIDTH", "HANGUL SYLLABLE",
    "HIRAGANA", "IDEOGRAPHIC", "KATAKANA", "LATIN",
)  # fmt: skip
"""How the names of letters begin that stand one after the other, from left to right, each as it is."""


def printable(text: str) -> str:
    """The text in composed characters and plain spaces.

    Raises SartoError where it has signs that cannot be printed: a document that leaves some out would be wrong.
    """
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in composed)
    if missing := [sign for sign in dict.fromkeys(plain) if not (_typeface(sign, REGULAR) and _typeface(sign, BOLD))]:
        shown = ", ".join(f"'{sign}' (U+{ord(sign):04X})" for sign in missing[:5]) + (", …" if missing[5:] else "")
        html = "--format html shows every sign, and prints on paper, too"
        hint = f"{html}; or install a TrueType font that has them" if all(map(_is_alone, missing)) else html
        raise SartoError(f"a PDF cannot show {shown} here", where=f"“{text}”", hint=hint)
    return plain


def runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """A printable text in pieces, each with the typeface that it is set in."""
    for typeface, signs in groupby(text, lambda sign: _typeface(sign, font)):
        yield typeface, "".join(signs)


def width(text: str, font: str, size: float) -> float:
    """How wide the text is, in points."""
    return float(sum(pdfmetrics.stringWidth(piece, typeface, size) for typeface, piece in runs(text, font)))


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


@cache
def _typeface(sign: str, font: str) -> str:
    """In what a sign is set where the text is in ``font``: in that, else in one of the machine's; empty in none."""
    if unicodedata.category(sign).startswith("M"):
        return ""  # what goes onto another letter has to be placed
    if ord(sign) in _own(font):
        return font
    lenders = faces(is_bold=font == BOLD) if _is_alone(sign) else ()
    found = (face for face in lenders if face.name not in (REGULAR, BOLD) and face.has(sign))
    return next((name for face in found if (name := _lent(face, sign))), "")


@cache
def _own(font: str) -> frozenset[int]:
    """Make one of our own typefaces known to reportlab; the code points of its signs."""
    typeface = TTFont(font, str(files("fontpkg_fira_sans").joinpath("files", f"{font}.ttf")))
    pdfmetrics.registerFont(typeface)
    return frozenset(typeface.face.charToGlyph)


def _lent(face: Face, sign: str) -> str:
    """The name of a face of the machine, if it can be used for the sign."""
    typeface = _opened(face)
    return typeface.fontName if typeface is not None and ord(sign) in typeface.face.charToGlyph else ""


@cache
def _opened(face: Face) -> TTFont | None:
    """Make a face of the machine known to reportlab; None where that cannot read it, or it may not be embedded."""
    try:
        typeface = TTFont(f"{face.file}#{face.index}", face.file, subfontIndex=face.index)
    except (TTFError, OSError):
        return None
    pdfmetrics.registerFont(typeface)
    return typeface


@cache
def _is_alone(sign: str) -> bool:
    """Whether a sign is set by itself: it joins no other, stands on none, and runs from left to right."""
    if unicodedata.bidirectional(sign) in ("R", "AL", "AN"):
        return False
    kind = unicodedata.category(sign)[0]
    return kind in "NPS" or (kind == "L" and unicodedata.name(sign, "").startswith(SCRIPTS))
