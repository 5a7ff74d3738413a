"""The database under a book: how it is reached, its transactions, and one clear error where it cannot be."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sarto.errors import SartoError
from sarto.order_book import BookUnavailable
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["Database", "database_url", "shown_url"]

BUSY_SECONDS = 30
"""So long one waits for others to finish writing, or for a database to answer."""
WRITES = "sarto_writes"
_GONE = re.compile("08|53|57|58|40|55P03")
"""SQLSTATEs of a server that is going, full, or broken, or in which two transactions met."""
_CLOSED = re.compile("28|3D|42501|25006")
"""SQLSTATEs of one that lets nobody in, has no such database, or lets nobody write."""
AGAIN = "try again when it is back; nothing was written by halves"
LOOK = "look at the URL of the order book, and at what its user may do"


def database_url(text: str) -> URL:
    """The URL of a book's database. Raises SartoError where it is none of SQLite or PostgreSQL."""
    try:
        url = make_url(text)
    except (exc.ArgumentError, ValueError):
        raise SartoError("this is not the URL of a database", hint="such as sqlite:///orders.db") from None
    kind, _, driver = url.drivername.partition("+")
    if (kind, driver) in (("sqlite", ""), ("sqlite", "pysqlite")):
        if not url.database or url.database == ":memory:" or url.query:
            raise SartoError("an order book in SQLite is a file", where=text, hint="such as sqlite:///orders.db")
        return url
    if (kind, driver) in (("postgresql", ""), ("postgresql", "pg8000")):
        return url.set(drivername="postgresql+pg8000")
    hint = "a URL that begins with sqlite:/// or postgresql://"
    raise SartoError(f"no order book can be kept in '{url.drivername}'", where=shown_url(url), hint=hint)


def shown_url(url: URL) -> str:
    """The URL as people see it, without its password."""
    plain = url.set(drivername=url.drivername.partition("+")[0])
    return plain.render_as_string(hide_password=True)


class Database:
    """An engine with the transactions that a book needs, for any number of threads."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine: Engine = create_engine(
            _existing(url) if self.is_sqlite else url,
            connect_args=_connecting(url),
            pool_pre_ping=not self.is_sqlite,
            pool_timeout=BUSY_SECONDS,
            max_overflow=20,
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_up_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database or "") if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only looks."""
        with self._refusals(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept as a whole when the block ends, and not at all where it raises.

        In SQLite it waits for its turn at the beginning, so that what it read still holds when it writes.
        """
        with self._refusals(), self.engine.execution_options(**{WRITES: True}).begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Raise BookUnavailable where the database, not what was asked of it, is at fault."""
        try:
            yield
        except exc.TimeoutError as error:
            raise self._unavailable("all its connections are in use") from error
        except exc.DBAPIError as error:
            is_closed = bool(_CLOSED.match(_sqlstate(error.orig)))
            if not is_closed and not _is_gone(error, is_sqlite=self.is_sqlite):
                raise
            raise self._unavailable(_words(error.orig), LOOK if is_closed else AGAIN) from error
        except sqlite3.Error as error:  # of a connection that is being set up
            raise self._unavailable(_words(error)) from error
        except OSError as error:
            raise self._unavailable(error.strerror or str(error)) from error

    def _unavailable(self, reason: str, hint: str = AGAIN) -> BookUnavailable:
        what = f"the order book's database does not answer: {reason}"
        return BookUnavailable(what, where=shown_url(self.url), hint=hint)


def _existing(url: URL) -> URL:
    """The URL by which an SQLite file is opened and never made: one that is gone for a while is not begun anew."""
    return url.set(database=Path(url.database or "").absolute().as_uri(), query={"mode": "rw", "uri": "true"})


def _connecting(url: URL) -> dict[str, Any]:
    """How the driver connects: no stranger listens to a socket of the machine, and getting TLS ready takes long."""
    is_here = "unix_sock" in url.query
    return {"timeout": BUSY_SECONDS, **({"ssl_context": False} if is_here else {})}


def _set_up_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Transactions are begun by hand, readers never wait, and what was committed survives a loss of power."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_gone(error: exc.DBAPIError, *, is_sqlite: bool) -> bool:
    if isinstance(error, exc.IntegrityError):
        return False
    if error.connection_invalidated or isinstance(error, exc.InterfaceError):
        return True
    if is_sqlite:
        return isinstance(error, exc.OperationalError) or type(error) is exc.DatabaseError
    return bool(_GONE.match(_sqlstate(error.orig)))


def _sqlstate(error: BaseException | None) -> str:
    said: Any = error.args[0] if error is not None and error.args else None
    return str(said.get("C", "")) if isinstance(said, dict) else ""


def _words(error: BaseException | None) -> str:
    said: Any = error.args[0] if error is not None and error.args else ""
    text = str(said.get("M", "")) if isinstance(said, dict) else str(said)
    return text.partition("\n")[0] or type(error).__name__
