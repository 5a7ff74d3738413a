"""Order books for the tests: real ones in SQLite and PostgreSQL, with people in them and a clock set by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sarto.order_book import BookedOrder, Role, User

from .postgresql import Server
from .shop import Browser

pytest.importorskip("sarto_orders", reason="the plugin orders is not installed, which keeps the books")

from argon2 import PasswordHasher
from sarto_orders import database as databases
from sarto_orders.book import SqlOrderBook
from sarto_orders.database import Database, database_url
from sarto_orders.migrating import migrate
from sarto_orders.passwords import Passwords
from sqlalchemy import Connection, create_engine, event, text

__all__ = ["PASSWORD", "PEOPLE", "Shelf", "Shelves", "log_in"]

PASSWORD = "correct horse battery"
PEOPLE = {
    "vera": User("vera", Role.VENDOR), "anna": User("anna", Role.CUSTOMER, "Acme"),
    "bert": User("bert", Role.CUSTOMER, "Bolts"),
}  # fmt: skip
PATIENCE = 2
"""So many seconds a book of the tests waits for a database that is busy; in all others it is half a minute."""


class Shelf:
    """The database of a book with vera of the vendor, anna of Acme and bert of Bolts; a ``server`` has PostgreSQL's.

    ``book`` is the one that is served, ``other`` one that somebody else has opened, on the same database.
    """

    def __init__(self, url: str, server: Server | None) -> None:
        self.url = url
        self.server = server
        self.clock = datetime(2026, 11, 29, 9, tzinfo=UTC)
        with _impatient():
            self.book, self.other = self._opened(), self._opened()
        for user in PEOPLE.values():
            self.other.accounts.add(user.name, PASSWORD, user.role, user.customer)

    def wait(self, **time: float) -> None:
        self.clock += timedelta(**time)

    def order(self, id: str) -> BookedOrder:
        """An order as it stands in the database."""
        return self.other.order(PEOPLE["vera"], id)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody else writes, and does not come to an end."""
        with self.other.database.writing() as connection:
            self._take(connection)
            yield

    def go(self) -> None:
        """The database goes away: its server stops, or its file is taken away."""
        if self.server:
            self.server.stop()
            return
        self.close()
        shutil.move(self._file, self._file.with_suffix(".away"))

    def come_back(self) -> None:
        if self.server:
            self.server.start()
            return
        assert not self._file.exists()
        shutil.move(self._file.with_suffix(".away"), self._file)

    def close(self) -> None:
        self.book.close()
        self.other.close()

    def _opened(self) -> SqlOrderBook:
        database = Database(database_url(self.url))
        if database.is_sqlite:  # the tests lose no power
            event.listen(database.engine, "connect", lambda made, _: made.execute("PRAGMA synchronous = OFF"))
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        return SqlOrderBook(database, Passwords(cheap), lambda: self.clock)

    @property
    def _file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def _take(self, connection: Connection) -> None:
        if self.server:
            connection.execute(text("LOCK TABLE orders, versions IN EXCLUSIVE MODE"))


class Shelves:
    """Makes shelves: each a copy of an empty book, which is made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._server: Server | None = None
        self._empty: Path | None = None

    def sqlite(self, folder: Path) -> Shelf:
        """A book in a file of the folder."""
        if self._empty is None:
            self._empty = self._folder / "empty.db"
            _make_book(f"sqlite:///{self._empty}")
        shutil.copy(self._empty, folder / "orders.db")
        return Shelf(f"sqlite:///{folder / 'orders.db'}", None)

    def postgresql(self) -> Shelf:
        """A book in a database of its own, on one server for all."""
        if self._server is None:
            self._server = Server()
            self._server.start()
            self._execute("CREATE DATABASE empty")
            _make_book(self._server.url("empty"))
        if not self._server.is_running:  # a test has failed in the middle
            self._server.start()
        name = f"book{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE empty")
        return Shelf(self._server.url(name), self._server)

    def close(self) -> None:
        if self._server is not None:
            if self._server.is_running:
                self._server.stop()
            self._server.remove()

    def _execute(self, statement: str) -> None:
        assert self._server is not None
        engine = create_engine(database_url(self._server.url("postgres")), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _make_book(url: str) -> None:
    database = Database(database_url(url))
    migrate(database)
    database.close()


async def log_in(browser: Browser, name: str) -> Browser:
    """Log in, as the page does."""
    answer = await browser.ask("POST", "/api/session", {"name": name, "password": PASSWORD})
    browser.client.headers["x-csrf-token"] = answer["csrf"]
    return browser


@contextmanager
def _impatient() -> Iterator[None]:
    """Books that are opened now do not wait for long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(databases, "BUSY_SECONDS", PATIENCE)
        yield
