"""Text in pictures: what can be shown, how wide it is, and where it breaks."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import accumulate

__all__ = ["printable", "width", "wrap"]

# Advance widths in hundredths of the font size. They are those of DejaVu Sans, the widest of the fonts that
# stand in for ``sans-serif``: in Arial, Helvetica, Roboto or Segoe UI the same text is up to a seventh narrower.
_WIDTHS: Mapping[str, int] = {
    sign: hundredths
    for hundredths, signs in {
        28: "'ijl", 30: "IJ", 32: " ,.", 34: "/:;\\|", 36: "f", 37: "-", 40: "()[]t", 41: "!", 42: "r", 46: '"',
        50: "*_`", 53: "sz", 54: "?", 55: "c", 56: "L", 58: "Fk", 60: "vxy", 61: "P", 62: "TYaeo",
        64: "$0123456789ESbdghnpqu{}", 66: "K", 69: "ABVXZ", 70: "CR", 74: "U", 75: "N", 76: "H", 78: "&DG",
        79: "OQ", 82: "w", 84: "#+<=>^~", 87: "M", 96: "%", 98: "m", 99: "W", 100: "@",
    }.items()
    for sign in signs
}  # fmt: skip
_CAPITAL, _OTHER, _WIDE, _PICTURE = 78, 72, 100, 125
_HIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_PART_OF_NAME = re.compile(r".+?(?:[\s_\-./:]+|(?<=[a-z])(?=[A-Z])|$)", re.DOTALL)
_WORD = re.compile(r".+?(?:\s+|$)", re.DOTALL)


def printable(text: str) -> str:
    """The text with a visible sign for everything that XML cannot hold or that would move other text.

    Control characters become their Unicode pictures (``␊`` for a new line), what has none becomes ``�``.
    """
    return text if text.isascii() and text.isprintable() else "".join(_printable(sign) for sign in text)


def _printable(sign: str) -> str:
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    is_hidden = unicodedata.category(sign) in _HIDDEN or unicodedata.bidirectional(sign) in _TURNING
    return "\ufffd" if is_hidden or code & 0xFFFE == 0xFFFE else sign


def width(text: str, size: int) -> int:
    """An upper estimate of the width of the text in pixels, at a font size in pixels."""
    return math.ceil(sum(map(_hundredths, text)) * size / 100)


def _hundredths(sign: str) -> int:
    if (known := _WIDTHS.get(sign)) is not None:
        return known
    category = unicodedata.category(sign)
    if category in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return _PICTURE if category == "So" else _WIDE
    return _CAPITAL if category in ("Lu", "Sm") else _OTHER


def wrap(text: str, size: int, limit: int, most: int, *, in_names: bool = False) -> tuple[str, ...]:
    """The text in at most ``most`` lines no wider than ``limit`` pixels, the last one cut with ``…`` where needed.

    Breaks come after spaces and, ``in_names``, after other separators and before a capital letter; anywhere
    only where what is between them is wider than a line.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(_PART_OF_NAME if in_names else _WORD, text, size, limit):
        if line and width((line + piece).rstrip(), size) > limit:
            lines.append(line.rstrip())
            line = ""
            if len(lines) == most:
                return (*lines[:-1], _cut(lines[-1], size, limit))
        line += piece
    return (*lines, line.rstrip()) if line or not lines else tuple(lines)


def _pieces(pattern: re.Pattern[str], text: str, size: int, limit: int) -> Iterator[str]:
    for match in pattern.finditer(text):
        piece = match.group()
        while width(piece.rstrip(), size) > limit and len(piece) > 1:
            length = _fitting(piece, size, limit)
            yield piece[:length]
            piece = piece[length:]
        if piece:
            yield piece


def _fitting(text: str, size: int, limit: int) -> int:
    """How many signs of the text fit into a line, at least one."""
    reached = accumulate(map(_hundredths, text))
    return next((n for n, hundredths in enumerate(reached) if n and hundredths * size > limit * 100), len(text))


def _cut(line: str, size: int, limit: int) -> str:
    while line and width(f"{line}…", size) > limit:
        line = line[:-1]
    return f"{line.rstrip()}…"
