"""The feature ``upgrade`` of Sarto: from the build that a customer has to a newer one, with only what is missing."""

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
    """``sarto upgrade``."""
    from .command import upgrade

    return [upgrade]
