"""The feature ``report`` of Sarto: one page for a vendor about a line and its customers."""

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
    """``sarto report``."""
    from .command import report

    return [report]
