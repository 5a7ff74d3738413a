"""``sarto orders init`` and ``migrate``: the book itself."""

from __future__ import annotations

from pathlib import Path

import click
from sarto.commands import json_option, print_json
from sarto.errors import SartoError

from .desk import book_options, book_url

__all__ = ["init", "migrate"]


@click.command("init")
@click.argument("url", metavar="[URL]", required=False)
@book_options
@json_option
def init(url: str | None, book: str | None, line: Path, as_json: bool) -> None:
    """Make an order book.

    URL is sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE for a database that is there and empty.
    """
    from ..database import Database, database_url, shown_url
    from ..migrating import migrate, newest_schema, schema_of

    database = Database(database_url(book_url(url or book, line)))
    shown = shown_url(database.url)
    try:
        if database.file is None or database.file.is_file():
            with database.reading() as connection:
                found = schema_of(connection)
            if found is not None:
                hint = "" if found == newest_schema() else "sarto orders migrate brings it up to date"
                raise SartoError("there is an order book already", where=shown, hint=hint)
        migrate(database)
    finally:
        database.close()
    if as_json:
        print_json({"book": shown, "schema": newest_schema()})
    else:
        click.echo(f"made an order book: {shown}; who works with it: sarto orders user add NAME --role vendor")


@click.command("migrate")
@book_options
@json_option
def migrate(book: str | None, line: Path, as_json: bool) -> None:
    """Bring an older order book up to date.

    All in one transaction: where something fails, the book is as it was.
    """
    from ..database import Database, database_url, shown_url
    from ..migrating import check_exists
    from ..migrating import migrate as migrate_book

    database = Database(database_url(book_url(book, line)))
    try:
        check_exists(database)
        before, after = migrate_book(database)
    finally:
        database.close()
    shown = shown_url(database.url)
    if as_json:
        print_json({"book": shown, "before": before, "after": after})
    elif before == after:
        click.echo(f"{shown} is up to date (schema {after})")
    else:
        click.echo(f"migrated {shown} from schema {before} to {after}")
