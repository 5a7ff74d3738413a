"""``sarto lock``: the versions of a line's parts, written down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .application import Application
from .declaring import PATH, declare, json_option, line_argument
from .output import counted, print_json, print_table
from .progress import reporting
from .writing import refuse_overwriting, write_whole

if TYPE_CHECKING:
    from ..line import Locked

__all__ = ["command"]


@declare("lock", "sarto lock", "sarto lock --upgrade", "sarto lock --standard pylock.toml")
@line_argument
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit, whatever the lock says.")
@click.option("--standard", type=PATH, metavar="FILE", help="Also write a standard lock (PEP 751), features as extras.")
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@json_option
@click.pass_obj
def command(
    application: Application, line: Path | None, upgrade: bool, standard: Path | None, force: bool, as_json: bool
) -> None:
    """The versions of a line's parts, written down.

    LINE is a features.toml or its folder; by default the one in this folder. The lock, sarto.lock, stands beside it:
    every build takes the versions in it as long as they fit, on every machine. Without a lock each machine keeps the
    versions that it found first. The standard lock is for the line's targets and whatever installer reads pylock.toml.
    """
    from ..line import ProductLine

    if standard is not None:
        refuse_overwriting(standard, force=force)
    opened = ProductLine.open(line, plugins=application.plugins)
    with reporting() as reporter, reporter(opened.description.name) as progress:
        locked = opened.lock(upgrade=upgrade, progress=progress)
    write_whole(locked.file, locked.text)
    if standard is not None:
        write_whole(standard, locked.standard())
    if as_json:
        print_json(_as_data(locked, standard))
    else:
        _print(locked, standard)


def _as_data(locked: Locked, standard: Path | None) -> dict[str, object]:
    return {
        "file": str(locked.file),
        "standard": None if standard is None else str(standard),
        "parts": {name: list(versions) for name, versions in locked.versions.items()},
        "changed": [{"part": name, "from": list(old), "to": list(new)} for name, old, new in locked.changes],
    }


def _print(locked: Locked, standard: Path | None) -> None:
    rows = [(name, ", ".join(old) or "-", "->", ", ".join(new) or "-") for name, old, new in locked.changes]
    if rows and locked.had_lock:
        print_table(rows, indent="  ")
    changed = f"; {counted(len(rows), 'part')} changed" if rows and locked.had_lock else ""
    more = f" and {standard}" if standard is not None else ""
    click.echo(f"locked {counted(len(locked.versions), 'part')} in {locked.file}{more}{changed}")
