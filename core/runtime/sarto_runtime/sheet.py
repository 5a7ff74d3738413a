"""How text is laid out for whoever reads it: as wide as the terminal and with colour there, in one piece in a pipe."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TextIO

__all__ = ["PLAIN", "Sheet", "sheet_of"]

NARROWEST = 24
"""Columns that the last column of a table needs; where there are fewer, it begins on a line of its own."""
BOLD, DIM, GREEN = "1", "2", "32"


class Sheet(NamedTuple):
    """``width`` is in columns, with 0 for no bound; ``is_coloured`` says whether escape sequences may stand in it."""

    width: int
    is_coloured: bool

    def table(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Lines with the ``rows`` in columns, the first row as heading; the second column has states, on or off."""
        widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
        lines: list[str] = []
        for number, row in enumerate(rows):
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            line = "  ".join([*cells, row[-1]]).rstrip()
            if number == 0:
                lines.append(self._in(BOLD, line))
                continue
            start = sum(widths) + 2 * len(widths)
            first, *rest = self._wrapped(row[-1], start) if len(line) > self.width > 0 else [row[-1]]
            cells[1] = self._in(DIM if row[1] == "off" else GREEN, cells[1])
            lines.append("  ".join([*cells, first]).rstrip())
            lines += rest
        return lines

    def fitted(self, text: str) -> list[str]:
        """A line of text in lines that are no wider than the sheet, the further ones indented more than the first."""
        if not 0 < self.width < len(text):
            return [text]
        indent = " " * (len(text) - len(text.lstrip()) + 4)
        return textwrap.wrap(text, max(self.width, NARROWEST), subsequent_indent=indent, break_on_hyphens=False)

    def _wrapped(self, text: str, start: int) -> list[str]:
        """What stands in the last column, which begins after ``start``: the rest of its line, and whole lines."""
        if self.width - start >= NARROWEST:
            first, *rest = textwrap.wrap(text, self.width - start, break_on_hyphens=False) or [""]
            return [first, *(" " * start + line for line in rest)]
        return ["", *textwrap.wrap(text, max(self.width, NARROWEST), initial_indent="    ", subsequent_indent="    ")]

    def _in(self, style: str, text: str) -> str:
        return f"\033[{style}m{text}\033[0m" if self.is_coloured else text


PLAIN = Sheet(0, False)


def sheet_of(stream: TextIO | None, environment: Mapping[str, str] = os.environ) -> Sheet:
    """The sheet that a stream is: plain unless it is a terminal, which has colours unless ``NO_COLOR`` is set."""
    if stream is None or not stream.isatty():
        return PLAIN
    import shutil

    is_able = environment.get("TERM") != "dumb" and (sys.platform != "win32" or "WT_SESSION" in environment)
    return Sheet(shutil.get_terminal_size().columns, is_able and not environment.get("NO_COLOR"))
