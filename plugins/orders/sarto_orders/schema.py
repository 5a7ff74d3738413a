"""The tables of a book as they are now; how they came about stands in ``migrations``."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

__all__ = ["METADATA", "Moment", "attempts", "files", "folded", "orders", "sessions", "users", "versions"]

METADATA = MetaData()


class Moment(TypeDecorator[datetime]):
    """A time in UTC, to the microsecond; SQLite, which knows no time zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time for the database."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy calls it so)
        """The time from the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


orders = Table(
    "orders", METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String(43), nullable=False, unique=True),
    Column("customer", Text, nullable=False, index=True),
    Column("line", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("words", Text, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip
"""Each order, with the version at which it stands, which is all that ever changes here; ``words`` are for searching."""

versions = Table(
    "versions", METADATA,
    Column("order", ForeignKey("orders.number"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("user", Text, nullable=False),
    Column("what", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("selection", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("lock", Text, nullable=False),
    Column("build", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("files", Text, nullable=False, server_default=""),
)  # fmt: skip
"""What every order was at each of its versions: rows are added and never changed, which the database sees to."""

files = Table(
    "files", METADATA,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)  # fmt: skip
"""The contents of files that orders have, each once, by its sha256; they stand as the versions do."""

users = Table(
    "users", METADATA,
    Column("name", String(64), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("customer", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("is_disabled", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
)  # fmt: skip

sessions = Table(
    "sessions", METADATA,
    Column("digest", String(64), primary_key=True),
    Column("user", ForeignKey("users.name"), nullable=False, index=True),
    Column("expires", Moment, nullable=False, index=True),
)  # fmt: skip
"""Who is logged in, by the sha256 of the token: who reads the table can take over no session."""

attempts = Table(
    "attempts", METADATA,
    Column("number", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Index("ix_attempts_name_at", "name", "at"),
)  # fmt: skip
"""Attempts to log in that have not succeeded, by the sha256 of the name, for some people type a password there."""


def folded(text: str) -> str:
    """The text as it is searched: without regard to case and to how its characters are made up."""
    return unicodedata.normalize("NFKC", text).casefold()
