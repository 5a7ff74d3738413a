"""``sarto web --static``: a line as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click
from sarto.commands import Application, write_whole
from sarto.errors import SartoError
from sarto.line import ProductLine

from .line import OfferedLine
from .pages.standalone import standalone

__all__ = ["export"]


def export(program: Application, path: Path | None, output: Path | None) -> None:
    """Write the file, whole or not at all; the one that Sarto has written there before it replaces."""
    if output is None or output.suffix != ".html":
        where = str(output) if output else None
        raise SartoError("--static writes an HTML file, which is to be named", where=where, hint="-o FILE.html")
    line = ProductLine.open(path, plugins=program.plugins)
    write_whole(output, standalone(OfferedLine(line)))
    click.echo(f"wrote {output}: it needs nothing but a browser")
