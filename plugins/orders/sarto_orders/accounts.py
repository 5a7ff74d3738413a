"""Who may use a book: users with their roles, logging in, and sessions."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sarto.errors import SartoError, did_you_mean
from sarto.order_book import Role, User
from sqlalchemy import Connection, Row, delete, exc, insert, select, update

from .database import Database
from .limits import forget_attempts, note_attempt
from .passwords import Passwords
from .schema import sessions, users
from .texts import customer_text

__all__ = ["Account", "Accounts", "now_in_utc"]

SESSION = timedelta(hours=12)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")


def now_in_utc() -> datetime:
    """The time by which books go."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Account:
    """A user of a book, who cannot log in while ``is_disabled``."""

    user: User
    is_disabled: bool
    created: datetime


class Accounts:
    """The users of a book and their sessions, which last for 12 hours at most."""

    def __init__(self, database: Database, passwords: Passwords, now: Callable[[], datetime] = now_in_utc) -> None:
        self._database = database
        self._passwords = passwords
        self._now = now

    def check(self, name: str, role: Role, customer: str = "") -> User:
        """The user that can be added. Raises SartoError for a name or a role that does not go."""
        if not _NAME.fullmatch(name):
            hint = "up to 64 letters from a to z, digits and . _ @ + -, the first a letter or a digit"
            raise SartoError(f"'{name[:100]}' is no name for a user", hint=hint)
        if role is Role.CUSTOMER and not customer:
            raise SartoError("a user with the role customer belongs to a customer")
        if role is Role.VENDOR and customer:
            raise SartoError("a vendor's user belongs to no customer")
        with self._database.reading() as connection:
            if name in _names(connection):
                raise _taken(name)
        return User(name, role, customer_text(customer) if customer else "")

    def add(self, name: str, password: str, role: Role, customer: str = "") -> User:
        """A new user. Raises SartoError where :meth:`check` does, and for a password that is none."""
        user = self.check(name, role, customer)
        values = {"role": role.value, "customer": user.customer, "password": self._passwords.hashed(password)}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(users).values(name=name, is_disabled=False, created=self._now(), **values))
        except exc.IntegrityError:
            raise _taken(name) from None
        return user

    def all(self) -> tuple[Account, ...]:
        """The users, by name."""
        with self._database.reading() as connection:
            return tuple(_account(row) for row in connection.execute(select(users).order_by(users.c.name)))

    def named(self, name: str) -> User:
        """The user of that name. Raises SartoError where there is none, or a disabled one."""
        known = {account.user.name: account for account in self.all()}
        if name not in known:
            raise _unknown(name, known)
        if known[name].is_disabled:
            raise SartoError(f"the user '{name}' is disabled", hint=f"sarto orders user enable {name}")
        return known[name].user

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password, which ends all their sessions."""
        self._change(name, password=self._passwords.hashed(password))

    def disable(self, name: str) -> None:
        """Let a user log in no more, and end all their sessions."""
        self._change(name, is_disabled=True)

    def enable(self, name: str) -> None:
        """Let a user log in again."""
        self._change(name, is_disabled=False)

    def log_in(self, name: str, password: str) -> str | None:
        """A new session's token, or None (see :class:`~sarto.order_book.OrderBook`)."""
        now = self._now()
        with self._database.writing() as connection:
            note_attempt(connection, name, now)
            found = connection.execute(select(users).where(users.c.name == _askable(name))).first()
        kept: str | None = None if found is None else found.password
        if not self._passwords.fits(password, kept) or kept is None:
            return None
        newer = self._passwords.hashed(password) if self._passwords.is_outdated(kept) else kept
        token = secrets.token_urlsafe(32)
        same = (users.c.name == name, users.c.password == kept, users.c.is_disabled.is_(False))
        with self._database.writing() as connection:
            # whoever disabled the user or changed the password in between had the last word
            if connection.execute(update(users).where(*same).values(password=newer)).rowcount != 1:
                return None
            forget_attempts(connection, name)
            connection.execute(delete(sessions).where(sessions.c.expires <= now))
            connection.execute(insert(sessions).values(digest=_digest(token), user=name, expires=now + SESSION))
        return token

    def user_of(self, token: str) -> User | None:
        """Whose session it is (see :class:`~sarto.order_book.OrderBook`)."""
        is_open = (sessions.c.digest == _digest(token)) & (sessions.c.expires > self._now())
        query = select(users).join(sessions).where(is_open, users.c.is_disabled.is_(False))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _account(row).user

    def log_out(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == _digest(token)))

    def _change(self, name: str, **values: Any) -> None:
        with self._database.writing() as connection:
            if connection.execute(update(users).where(users.c.name == _askable(name)).values(**values)).rowcount != 1:
                raise _unknown(name, _names(connection))
            connection.execute(delete(sessions).where(sessions.c.user == name))


def _names(connection: Connection) -> list[str]:
    return list(connection.execute(select(users.c.name).order_by(users.c.name)).scalars())


def _taken(name: str) -> SartoError:
    return SartoError(f"there is a user '{name}' already")


def _unknown(name: str, known: Any) -> SartoError:
    return SartoError(f"there is no user '{name[:100]}' in the order book", hint=did_you_mean(name, known))


def _account(row: Row[Any]) -> Account:
    return Account(User(row.name, Role(row.role), row.customer), row.is_disabled, row.created)


def _askable(name: str) -> str:
    """The name, where it can be one: a database refuses some texts that nobody is called by."""
    return name if _NAME.fullmatch(name) else ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
