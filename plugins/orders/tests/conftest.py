"""Books in both databases, with users."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sarto_orders.database import Database, database_url
from sarto_orders.migrating import migrate
from sqlalchemy import text

from .postgresql import Server
from .stage import Stage

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server()
    try:
        server.start()
        try:
            _execute(server, "postgres", "CREATE DATABASE book")
            _make_book(server.url("book"))
            yield server
        finally:
            server.stop("immediate")
    finally:
        server.remove()


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty book in SQLite."""
    file = tmp_path_factory.mktemp("book") / "orders.db"
    _make_book(f"sqlite:///{file}")
    return file


def _make_book(url: str) -> None:
    database = Database(database_url(url))
    migrate(database)
    database.close()


def _execute(server: Server, database: str, *statements: str) -> None:
    opened = Database(database_url(server.url(database)))
    with opened.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a book."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'orders.db'}"
    server: Server = request.getfixturevalue("server")
    name = f"empty{next(_NUMBERS)}"
    _execute(server, "postgres", f"CREATE DATABASE {name}")
    return server.url(name)


@pytest.fixture
def file_url(file: Path, tmp_path: Path) -> str:
    """An empty book in SQLite, for what has little to do with its database."""
    shutil.copy(file, tmp_path / "orders.db")
    return f"sqlite:///{tmp_path / 'orders.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with an empty book."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("file_url"))
    server: Server = request.getfixturevalue("server")
    empty(server)
    return server.url("book")


def empty(server: Server) -> None:
    """Begin the book anew, which no book lets anybody do: as a replica the server runs no triggers."""
    tables = "orders, versions, files, users, sessions, attempts"
    replica = "SET session_replication_role = replica"
    _execute(server, "book", replica, f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@pytest.fixture
def stage(url: str) -> Iterator[Stage]:
    """A book with a clock that is set by hand and passwords that are cheap to check."""
    stage = Stage(url)
    yield stage
    stage.book.close()
