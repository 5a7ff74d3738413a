"""``sarto orders``: the order book on the command line."""

from __future__ import annotations

import click

from .books import init, migrate
from .looking import history, list_orders, show
from .making import build, deliver, upgrade
from .people import user
from .wishing import approve, edit, new, quote, reopen, save

__all__ = ["orders"]


@click.group("orders")
def orders() -> None:
    """The order book: orders from wish to delivery.

    Each with its selection, quote, lock, build and history. The book is a database: an SQLite file orders.db
    beside the line, or what --book or SARTO_ORDERS names. Whoever can open it may do all that a vendor may; the
    web asks for passwords.
    """


for command in (
    init, migrate, user, list_orders, show, history, new, edit, save, quote, reopen, approve, build, deliver, upgrade,
):  # fmt: skip
    orders.add_command(command)
