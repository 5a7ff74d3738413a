"""The feature ``web`` of Sarto: choosing together, in a browser or through an HTTP API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sarto.hooks import hookimpl

if TYPE_CHECKING:
    import click

__all__ = ["sarto_commands"]

__version__ = "0.1.0"


@hookimpl
def sarto_commands() -> Sequence[click.Command]:
    """``sarto web``."""
    from .command import web

    return [web]
