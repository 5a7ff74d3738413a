"""What every command of the order book begins with: which book, which line, and in whose name."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from sarto.commands import Application, json_option
from sarto.errors import SartoError
from sarto.order_book import BookedOrder, OrderState, Role, StaleOrder, User

if TYPE_CHECKING:
    from sarto.line import ProductLine

    from ..book import SqlOrderBook

__all__ = [
    "LARGEST",
    "PATH",
    "Desk",
    "at_desk",
    "book_options",
    "book_url",
    "number_argument",
    "output_option",
    "step",
    "version_option",
]

PATH = click.Path(path_type=Path)
LARGEST = 2**31 - 1
C = TypeVar("C", bound=Callable[..., Any])

number_argument = click.argument("number", metavar="N", type=click.IntRange(1, LARGEST))
version_option = click.option(
    "--version", metavar="V", type=click.IntRange(1, LARGEST), help="Only if the order is still at this version."
)
output_option = click.option(
    "-o", "--output", metavar="DIR", type=PATH, help="Where the build goes.  [default: builds/order-N]"
)


def book_options(function: C) -> C:
    """``--book`` and ``--line``."""
    for option in (
        click.option("--line", metavar="LINE", type=PATH, default=Path(), help="The line, where it is not here."),
        click.option("--book", metavar="URL", envvar="SARTO_ORDERS", show_envvar=True,
                     help="The order book.  [default: orders.db beside the line]"),
    ):  # fmt: skip
        function = option(function)
    return function


def at_desk(function: C) -> C:
    """The options that all have who look at orders or change them: those of the book, ``--as`` and ``--json``."""
    name = click.option("--as", "name", metavar="NAME", help="In the name of this user of the book, with their role.")
    return book_options(name(json_option(function)))


def book_url(book: str | None, line: Path) -> str:
    """The URL of the book that is meant; what is no URL is a file."""
    if book and "://" in book:
        return book
    folder = line if line.is_dir() else line.parent
    return f"sqlite:///{book or folder / 'orders.db'}"


@dataclass(frozen=True, slots=True)
class Desk:
    """An open book, and in whose name something is done with it."""

    book: SqlOrderBook
    user: User
    place: Path

    @classmethod
    @contextmanager
    def open(cls, book: str | None, line: Path, name: str | None) -> Iterator[Desk]:
        """Open the book; without a name it is the vendor who sits there."""
        from ..book import SqlOrderBook

        opened = SqlOrderBook.open(book_url(book, line))
        try:
            user = User(_own_name(), Role.VENDOR) if name is None else opened.accounts.named(name)
            yield cls(opened, user, line)
        finally:
            opened.close()

    def line(self) -> ProductLine:
        """The line whose orders are dealt with."""
        from sarto.line import ProductLine

        application = click.get_current_context().find_object(Application) or Application()
        path = None if self.place == Path() else self.place
        return ProductLine.open(path, plugins=application.plugins)

    def order(self, number: int, version: int | None = None) -> BookedOrder:
        """The order of that number, which has to be at that version where one is said. Raises StaleOrder."""
        try:
            order = self.book.numbered(self.user, number)
        except SartoError as error:
            raise type(error)(f"there is no order {number}", hint="sarto orders list shows them") from None
        if version is not None and order.version != version:
            raise StaleOrder(order, version)
        return order


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "vendor"


def step(
    number: int, version: int | None, to: OrderState, book: str | None, line: Path, name: str | None
) -> BookedOrder:
    """Bring an order into a state to which nothing else belongs."""
    with Desk.open(book, line, name) as desk:
        order = desk.order(number, version)
        return desk.book.advance(desk.user, order.id, order.version, to)
