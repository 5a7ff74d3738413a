"""How results look: tables whose columns line up, text that fits the terminal, JSON."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from ..model.columns import columns

__all__ = ["Cell", "counted", "print_json", "print_table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a table with how it looks on a terminal."""

    text: str
    colour: str = ""
    dim: bool = False
    bold: bool = False

    def painted(self, text: str) -> str:
        """``text`` with this cell's looks, which do not reach a pipe."""
        if not (self.colour or self.dim or self.bold):
            return text
        return click.style(text, fg=self.colour or None, dim=self.dim or None, bold=self.bold or None)


def print_table(rows: Iterable[Sequence[Cell | str]], *, indent: str = "") -> None:
    """Print rows with aligned columns; the last is wrapped under itself on a terminal, and whole in a pipe."""
    table = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(*([c.text for c in row[:-1]] for row in table), strict=True)]
    room = _room() - len(indent) - sum(widths) - 2 * len(widths)
    for row in table:
        start = indent + "".join(
            cell.painted(cell.text) + " " * (width - columns(cell.text) + 2)
            for cell, width in zip(row[:-1], widths, strict=True)
        )
        lines = textwrap.wrap(row[-1].text, room) if room >= 20 else [row[-1].text]
        under = "\n" + indent + " " * (sum(widths) + 2 * len(widths))
        click.echo((start + under.join(row[-1].painted(line) for line in lines)).rstrip())


def _room() -> int:
    """Columns of the terminal; 0, for no limit, in a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def print_json(data: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 part``, ``2 parts``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
