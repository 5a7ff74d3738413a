"""How often one may try to log in: by the name that is tried, and all names together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sarto.order_book import TooManyAttempts
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text, true

from .schema import attempts

__all__ = ["BY_NAME", "IN_ALL", "Limit", "forget_attempts", "note_attempt"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts without success within so many seconds."""

    attempts: int
    seconds: int


BY_NAME = Limit(10, 15 * 60)
IN_ALL = Limit(200, 60)


def note_attempt(connection: Connection, name: str, now: datetime) -> None:
    """Count an attempt before it is known how it ends, so that a thousand at the same time are a thousand.

    Raises TooManyAttempts, and then does not count it: who goes on trying is not kept waiting for ever.
    """
    if connection.dialect.name == "postgresql":  # in SQLite whoever writes is alone
        connection.execute(text("LOCK TABLE attempts IN EXCLUSIVE MODE"))
    kept = max(BY_NAME.seconds, IN_ALL.seconds)
    connection.execute(delete(attempts).where(attempts.c.at <= now - timedelta(seconds=kept)))
    digest = _digest(name)
    _check(connection, BY_NAME, attempts.c.name == digest, now)
    _check(connection, IN_ALL, true(), now)
    connection.execute(insert(attempts).values(name=digest, at=now))


def forget_attempts(connection: Connection, name: str) -> None:
    """Count anew for somebody who has logged in."""
    connection.execute(delete(attempts).where(attempts.c.name == _digest(name)))


def _check(connection: Connection, limit: Limit, whose: ColumnElement[bool], now: datetime) -> None:
    since = now - timedelta(seconds=limit.seconds)
    recent = select(attempts.c.at).where(whose, attempts.c.at > since)
    if connection.execute(select(func.count()).select_from(recent.subquery())).scalar_one() < limit.attempts:
        return
    newest = recent.order_by(attempts.c.at.desc()).limit(limit.attempts)
    oldest = min(connection.execute(newest).scalars())
    raise TooManyAttempts(max(1, ceil((oldest - since).total_seconds())))


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
