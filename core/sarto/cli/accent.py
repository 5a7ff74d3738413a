"""The edition on a terminal: its name, and its accent where something is headed.

Plain Sarto does not look for an edition: what that imports would be a third of the time in which help is shown.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from .. import __version__

if TYPE_CHECKING:
    from ..edition import Edition

__all__ = ["AccentContext", "accented", "headline", "terminal_colour", "version_text"]

VARIABLE = "SARTO_PRODUCT"
"""In this variable a build says what runs, as :mod:`sarto.edition` reads it; without it, Sarto is plain."""
ACCENT = "#0b7a75"
"""The accent of plain Sarto, that of :data:`sarto.edition.DEFAULTS`."""
MANY_COLOURS = ("truecolor", "24bit")
CUBE = (0, 95, 135, 175, 215, 255)
"""The levels of red, green and blue in the 216 colours that terminals with 256 have from the 16th on."""


def accented(text: str) -> str:
    """The text in bold and in the edition's accent, which does not reach a pipe."""
    found = _edition()
    accent = found.brand["accent"] if found else ACCENT
    return click.style(text, fg=terminal_colour(accent, os.environ), bold=True)


def _edition() -> Edition | None:
    """The edition that runs, unless it is plain."""
    if not os.environ.get(VARIABLE):
        return None
    from ..edition import edition

    found = edition()
    return None if found.is_plain else found


def terminal_colour(colour: str, environment: Mapping[str, str]) -> tuple[int, int, int] | int:
    """``#rrggbb`` for click: as it is where the terminal says that it can, else the nearest of 216 colours."""
    channels = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    if environment.get("COLORTERM") in MANY_COLOURS:
        return channels[0], channels[1], channels[2]
    levels = [min(range(6), key=lambda level: abs(CUBE[level] - channel)) for channel in channels]
    return 16 + 36 * levels[0] + 6 * levels[1] + levels[2]


def version_text() -> str:
    """``sarto 0.1.0``, or ``Sarto Studio (sarto 0.1.0)``."""
    found, plain = _edition(), f"sarto {__version__}"
    return f"{found.name} ({plain})" if found else plain


def headline() -> str:
    """The name of the edition with what it says of itself, in the user's language; empty for plain Sarto."""
    found = _edition()
    if found is None:
        return ""
    from ..edition import languages_of_user

    tagline = found.text("tagline", languages_of_user(os.environ))
    return f"{found.name}: {tagline}" if tagline else found.name


class _Formatter(click.HelpFormatter):
    def write_heading(self, heading: str) -> None:
        """A heading in the accent."""
        self.write(f"{'':{self.current_indent}}{accented(f'{heading}:')}\n")


class AccentContext(click.Context):
    """A context whose help has its headings in the accent."""

    formatter_class = _Formatter
