"""The feature ``orders`` of Sarto: the order book, in which orders go from wish to delivery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sarto.hooks import OrderBooks, hookimpl

if TYPE_CHECKING:
    import click
    from sarto.order_book import OrderBook

__all__ = ["sarto_commands", "sarto_order_books"]

__version__ = "0.1.0"


@hookimpl
def sarto_commands() -> Sequence[click.Command]:
    """``sarto orders``."""
    from .commands import orders

    return [orders]


@hookimpl
def sarto_order_books() -> Sequence[OrderBooks]:
    """Books in SQLite and in PostgreSQL."""
    return [OrderBooks(name="sql", schemes=("sqlite", "postgresql"), open=_open)]


def _open(url: str) -> OrderBook:
    from .book import SqlOrderBook

    return SqlOrderBook.open(url)
