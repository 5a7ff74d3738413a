"""The schema of a book: which one it has, and bringing an older one up to date, in one transaction."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sarto.errors import SartoError
from sqlalchemy import Connection, inspect, text

from .database import Database, shown_url
from .schema import METADATA

__all__ = ["check_exists", "check_schema", "migrate", "newest_schema", "schema_of"]

SCRIPTS = Path(__file__).parent / "migrations"
VERSION_TABLE = "sarto_orders_schema"
_LOCK = 7311
"""What two who migrate one PostgreSQL database at the same time wait for."""


def newest_schema() -> str:
    """The schema that this version of the plugin works with."""
    head = _scripts().get_current_head()
    if head is None:
        raise FileNotFoundError(SCRIPTS)
    return head


def schema_of(connection: Connection) -> str | None:
    """The schema of the book in a database; None where there is no book."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def check_schema(database: Database) -> None:
    """Raise SartoError where there is no book in the database, or one of another schema than the newest."""
    where, found = shown_url(database.url), check_exists(database)
    if found == newest_schema():
        return
    if _is_known(found):
        what = f"this order book has schema {found}, and this version of Sarto needs {newest_schema()}"
        raise SartoError(what, where=where, hint="make a copy of it, then run: sarto orders migrate")
    raise _newer(found, where)


def check_exists(database: Database) -> str:
    """The schema of the book in the database. Raises SartoError where there is none."""
    missing = SartoError(
        "there is no order book here", where=shown_url(database.url), hint="sarto orders init makes one"
    )
    if database.file is not None and not database.file.is_file():
        raise missing
    with database.reading() as connection:
        found = schema_of(connection)
    if found is None:
        raise missing
    return found


def migrate(database: Database, to: str | None = None) -> tuple[str | None, str]:
    """Bring the schema up to the newest, or ``to`` another; the one that was there (None: no book) and that one.

    All in one transaction: what fails on the way leaves everything as it was. A file that is made for it is its owner's
    alone. Raises SartoError for a newer schema, and where its tables' names are taken.
    """
    if database.file is not None:
        _make_file(database.file)
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        before = schema_of(connection)
        if before is not None and not _is_known(before):
            raise _newer(before, shown_url(database.url))
        taken = sorted(set(METADATA.tables) & set(inspect(connection).get_table_names()))
        if before is None and taken:
            what = f"this database has a table '{taken[0]}' that is no order book's"
            raise SartoError(what, where=shown_url(database.url), hint="name an empty database, or a new file")
        _upgrade(connection, to or newest_schema())
        return before, schema_of(connection) or ""


def _make_file(file: Path) -> None:
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SartoError(f"the order book cannot be made here: {reason}", where=str(file)) from error


def _upgrade(connection: Connection, to: str) -> None:
    scripts = _scripts()

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs(to, revision)

    with EnvironmentContext(_config(), scripts) as environment:
        environment.configure(connection=connection, fn=steps, version_table=VERSION_TABLE)
        environment.run_migrations()


def _is_known(schema: str) -> bool:
    return any(script.revision == schema for script in _scripts().walk_revisions())


def _newer(found: str, where: str) -> SartoError:
    what = f"this order book has schema {found}, which is newer than this version of Sarto"
    return SartoError(what, where=where, hint="install a newer version of sarto-orders")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", SCRIPTS.as_posix().replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(SCRIPTS.as_posix())
