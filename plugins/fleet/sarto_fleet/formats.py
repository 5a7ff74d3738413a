"""In which formats a fleet is handed out: those that are asked for, and those in which a build was before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import Application, complete_format

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BUNDLE", "asked_formats", "formats_for", "formats_option"]

BUNDLE = "bundle"
"""The format that every build of a fleet has: the other commands read it."""


def formats_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that ``sarto build`` has for it."""
    said = "Hand the builds out in this format, too, and keep it up from now on; 'sarto plugins' lists the formats."
    option = click.option(
        "-f", "--format", "formats", metavar="F", multiple=True, shell_complete=complete_format, help=said
    )
    return option(command)


def asked_formats(application: Application, names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once, without the bundle's. Raises SartoError for a format that no plugin has."""
    for name in names:
        application.plugins.build_format(name)
    return tuple(name for name in dict.fromkeys(names) if name != BUNDLE)


def formats_for(builds: Path, name: str, asked: Sequence[str]) -> tuple[str, ...]:
    """What a build is made in beside the bundle: as asked, and as before, for else old files would lie there."""
    from .records import recorded_formats

    return tuple(sorted({*asked, *recorded_formats(builds, name)}))
