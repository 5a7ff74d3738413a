"""The schema of a book: made, held against what is needed, brought up to date as a whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sarto.errors import SartoError
from sarto.order_book import BookUnavailable, OrderState, Role
from sarto_orders import migrating
from sarto_orders.book import SqlOrderBook
from sarto_orders.database import Database, database_url, shown_url
from sarto_orders.migrating import VERSION_TABLE, check_schema, migrate, newest_schema, schema_of
from sarto_orders.schema import METADATA
from sqlalchemy import exc, inspect, text

from .stage import VENDOR

OLD_ORDER = (
    "INSERT INTO orders (id, customer, line, created, version, words) VALUES "
    "('an-id', 'Acme', 'shop', '2026-11-29 09:00:00', 2, 'acme')",
    'INSERT INTO versions ("order", version, at, "user", what, state, selection, quote, lock, build, words) VALUES '
    "(1, 1, '2026-11-29 09:00:00', 'anna', 'created', 'configuring', 'logo = \"acme.svg\"', '', '', '', 'logo'), "
    "(1, 2, '2026-11-29 10:00:00', 'vera', 'quoted', 'quoted', 'logo = \"acme.svg\"', '{\"total\": \"900\"}', "
    "'', '', 'logo')",
)
"""An order as the first two schemas have it."""


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    database = Database(database_url(empty_url))
    yield database
    database.close()


def _message(database: Database) -> str:
    with pytest.raises(SartoError) as caught:
        check_schema(database)
    return str(caught.value).removeprefix(f"{shown_url(database.url)}: ")


def test_where_there_is_no_book_nothing_is_made(database: Database) -> None:
    assert _message(database) == "there is no order book here\n  hint: sarto orders init makes one"
    if database.file:
        assert not database.file.exists()


def test_a_book_is_made_as_its_tables_are_declared(database: Database) -> None:
    assert migrate(database) == (None, newest_schema())
    check_schema(database)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("schema", ["1", "2"])
def test_an_older_book_is_migrated_with_all_that_is_in_it(database: Database, schema: str) -> None:
    assert migrate(database, schema) == (None, schema)
    assert _message(database) == (
        f"this order book has schema {schema}, and this version of Sarto needs 3\n"
        "  hint: make a copy of it, then run: sarto orders migrate"
    )
    with database.writing() as connection:
        for statement in OLD_ORDER:
            connection.execute(text(statement))
    book = SqlOrderBook(database)
    book.accounts.add("vera", "a long password", Role.VENDOR)

    assert migrate(database) == (schema, "3")
    assert migrate(database) == ("3", "3")
    (order,) = book.orders(VENDOR, search="logo")
    assert (order.number, order.customer, order.version, order.state) == (1, "Acme", 2, OrderState.QUOTED)
    assert (order.selection, order.quote, order.files) == ('logo = "acme.svg"', '{"total": "900"}', {})
    assert [(entry.what, entry.user) for entry in book.history(VENDOR, order.id)] == [
        ("created", "anna"), ("quoted", "vera"),
    ]  # fmt: skip
    assert [account.user for account in book.accounts.all()] == [VENDOR]

    saved = book.save(VENDOR, order.id, 2, selection=order.selection, files={"acme.svg": b"<svg/>"})
    assert book.file(VENDOR, saved.id, "acme.svg") == b"<svg/>"
    assert book.create(VENDOR, customer="Acme", line="shop", selection="new").number == 2
    for refused in ("DELETE FROM files", "UPDATE files SET content = ''", "DELETE FROM versions"):
        with pytest.raises(exc.DBAPIError, match="never changed"), database.writing() as connection:
            connection.execute(text(refused))


def test_a_newer_book_is_refused_and_left_alone(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '99'"))
    refusal = (
        "this order book has schema 99, which is newer than this version of Sarto\n"
        "  hint: install a newer version of sarto-orders"
    )
    assert _message(database) == refusal
    with pytest.raises(SartoError) as caught:
        migrate(database)
    assert str(caught.value).endswith(refusal)
    with database.reading() as connection:
        assert schema_of(connection) == "99"


def test_a_database_of_something_else_is_left_alone(database: Database) -> None:
    if database.file:
        database.file.touch()
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE users (mine TEXT)"))
    with pytest.raises(SartoError) as caught:
        migrate(database)
    assert caught.value.what == "this database has a table 'users' that is no order book's"
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["users"]


def test_what_fails_on_the_way_leaves_the_book_as_it_was(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database, "1")
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    for file in (migrating.SCRIPTS / "versions").glob("*.py"):
        (scripts / "versions" / file.name).write_text(file.read_text())
    (scripts / "versions" / "bad.py").write_text(
        "from alembic import op\nrevision, down_revision = '4', '3'\n"
        "def upgrade():\n    op.execute('CREATE TABLE halfway (x INTEGER)')\n    op.execute('SELECT * FROM nowhere')\n"
    )
    monkeypatch.setattr(migrating, "SCRIPTS", scripts)
    with pytest.raises((exc.DBAPIError, BookUnavailable)):
        migrate(database)
    with database.reading() as connection:
        assert schema_of(connection) == "1"
        assert "halfway" not in inspect(connection).get_table_names()
        connection.execute(text("SELECT 1 FROM versions"))


def test_a_file_of_something_else_is_no_book(tmp_path: Path) -> None:
    file = tmp_path / "orders.db"
    file.write_text("This is a letter, not a database. " * 100)
    before = file.read_bytes()
    with pytest.raises(SartoError) as caught:
        SqlOrderBook.open(f"sqlite:///{file}")
    assert "file is not a database" in caught.value.what
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("sqlite://", "an order book in SQLite is a file"),
        ("sqlite:///:memory:", "an order book in SQLite is a file"),
        ("sqlite:///x.db?mode=ro", "an order book in SQLite is a file"),
        ("mysql://me:secret@host/x", "no order book can be kept in 'mysql'"),
        ("postgresql+psycopg2://me:secret@host/x", "no order book can be kept in 'postgresql+psycopg2'"),
        ("orders.db", "this is not the URL of a database"),
        ("postgresql://host:port/x", "this is not the URL of a database"),
        ("", "this is not the URL of a database"),
    ],
)
def test_a_url_of_something_else_is_refused(url: str, what: str) -> None:
    with pytest.raises(SartoError) as caught:
        SqlOrderBook.open(url)
    assert caught.value.what == what
    assert "secret" not in str(caught.value)


def test_a_book_in_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    database = Database(database_url(f"sqlite:///{tmp_path / 'nowhere' / 'orders.db'}"))
    with pytest.raises(SartoError, match="the order book cannot be made here: no such file or directory"):
        migrate(database)


@pytest.mark.skipif(os.name != "posix", reason="only here do files have modes")
def test_a_book_in_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    database = Database(database_url(f"sqlite:///{tmp_path / 'orders.db'}"))
    migrate(database)
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_mode & 0o077] == []
    database.close()
