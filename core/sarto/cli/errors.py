"""How errors look: on stderr for people, as data for ``--json``."""

from __future__ import annotations

import json
from typing import IO, Any

import click

from ..errors import MoreErrors, Place, SartoError
from .streams import give_up_stdout

__all__ = ["Refused", "error_as_data", "show"]

MOST_SHOWN = 100
"""Errors of one input that a person is shown; the rest is counted. JSON has all of them."""

_COLOURS = {"error": "red", "warning": "yellow", "notice": "cyan"}


class Refused(click.ClickException):
    """The user's input cannot be honoured: exit code 1, the errors on stderr, with ``--json`` on stdout too."""

    exit_code = 1

    def __init__(self, error: SartoError, *, as_json: bool, colour: bool | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.as_json = as_json
        self.colour = colour

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the errors."""
        if self.as_json:
            try:
                click.echo(json.dumps({"error": error_as_data(self.error)}, indent=2, ensure_ascii=False))
            except OSError:  # it may be what the error is about
                give_up_stdout()
        show(self.error, file=file, colour=self.colour)


def show(error: SartoError, *, label: str = "error", file: IO[Any] | None = None, colour: bool | None = None) -> None:
    """Print the first single errors of ``error``: what is wrong, where, and the hint; and how many there are."""
    told = [single for single in error.errors if not isinstance(single, MoreErrors)]
    number = len(told) + sum(single.number for single in error.errors if isinstance(single, MoreErrors))
    text = "\n".join(_block(single, label) for single in told[:MOST_SHOWN])
    if number > 1:
        first = f", of which these are the first {MOST_SHOWN}" if number > MOST_SHOWN else ""
        text += f"\n{_label(label)}: {number:,} problems{first}"
    click.echo(text, file=file, err=file is None, color=colour)


def _block(error: SartoError, label: str) -> str:
    head, *more = error.what.splitlines()
    lines = [f"{_label(label)}: {head}"]
    if error.where and str(error.where):
        lines.append(f"  {click.style('-->', fg='blue', bold=True)} {error.where}")
    lines += more
    if error.hint:
        lines.append(f"  {click.style('hint', fg='cyan', bold=True)}: {error.hint}")
    return "\n".join(lines)


def _label(label: str) -> str:
    return click.style(label, fg=_COLOURS[label], bold=True)


def error_as_data(error: SartoError) -> dict[str, Any]:
    """The error for ``--json``: the whole message, and each single error with its place taken apart."""
    from ..solve.conflict import Conflict

    data = {"message": str(error), "errors": [_single(single) for single in error.errors]}
    if isinstance(error, Conflict):
        data |= {"reasons": list(error.reasons), "repairs": [repair.sentence for repair in error.repairs]}
    return data


def _single(error: SartoError) -> dict[str, Any]:
    place = error.where if isinstance(error.where, Place) else Place(error.where or "")
    data = {"what": error.what, "file": place.file, "key": place.key, "line": place.line, "column": place.column}
    return {key: value for key, value in {**data, "hint": error.hint}.items() if value not in ("", None)}
