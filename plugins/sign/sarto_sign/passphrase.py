"""Where the passphrase of a private key comes from: a variable, or whoever sits at the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from sarto.errors import SartoError

__all__ = ["VARIABLE", "asked", "chosen"]

VARIABLE = "SARTO_KEY_PASSPHRASE"


def asked(file: Path) -> str:
    """The passphrase of the key in ``file``. Raises :class:`SartoError` where there is nobody to ask."""
    given = os.environ.get(VARIABLE, "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise SartoError("this key has a passphrase", where=str(file), hint=f"give it in the variable {VARIABLE}")
    words: str = click.prompt(f"Passphrase of {file}", hide_input=True, err=True)
    return words


def chosen() -> str:
    """A passphrase for a new key, typed twice, or that of the variable."""
    given = os.environ.get(VARIABLE, "")
    words: str = given or click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    return words
