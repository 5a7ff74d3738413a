"""The order book in a database: every change is one transaction that adds a version, and overwrites none."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sarto.errors import SartoError
from sarto.order_book import (
    BookedOrder,
    HistoryEntry,
    NoSuchOrder,
    NotAllowed,
    OrderState,
    Role,
    StaleOrder,
    User,
)
from sqlalchemy import ColumnElement, Connection, Row, Select, exists, insert, or_, select, true, update

from .accounts import Accounts, now_in_utc
from .changes import Content, after_saving, after_step, difference, word_for
from .database import Database, database_url
from .keeping import files_in, keep, kept, kept_files
from .migrating import check_schema
from .passwords import Passwords
from .schema import folded, orders, versions
from .texts import customer_text, kept_text, searched_text

__all__ = ["SqlOrderBook"]


class SqlOrderBook:
    """An :class:`~sarto.order_book.OrderBook` in SQLite or PostgreSQL, with the ``accounts`` of its users."""

    def __init__(
        self, database: Database, passwords: Passwords | None = None, now: Callable[[], datetime] = now_in_utc
    ) -> None:
        self.database = database
        self.accounts = Accounts(database, passwords or Passwords(), now)
        self._now = now

    @classmethod
    def open(cls, url: str) -> SqlOrderBook:
        """The book at a URL. Raises SartoError where there is none, or one of another schema."""
        database = Database(database_url(url))
        try:
            check_schema(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def log_in(self, name: str, password: str) -> str | None:
        """A new session's token, or None."""
        return self.accounts.log_in(name, password)

    def user_of(self, token: str) -> User | None:
        """Whose session it is."""
        return self.accounts.user_of(token)

    def log_out(self, token: str) -> None:
        """End a session."""
        self.accounts.log_out(token)

    def create(
        self, user: User, *, customer: str, line: str, selection: str, files: Mapping[str, bytes] | None = None
    ) -> BookedOrder:
        """A new order."""
        customer, line = customer_text(customer), kept_text("the line's name", line, 200)
        if user.role is Role.CUSTOMER and customer != user.customer:
            raise NotAllowed(f"{user.name} orders for {user.customer}, not for others")
        content = Content(OrderState.CONFIGURING, kept_text("the selection", selection), files=kept_files(files or {}))
        with self.database.writing() as connection:
            values = {"customer": customer, "line": line, "created": self._now(), "version": 1}
            row = insert(orders).values(id=secrets.token_urlsafe(16), words=folded(f"{customer}\n{line}"), **values)
            number = connection.execute(row.returning(orders.c.number)).scalar_one()
            keep(connection, files or {})
            self._add_version(connection, number, 1, user, "created", content)
            return _present(connection, user, orders.c.number == number)

    def order(self, user: User, id: str) -> BookedOrder:
        """The order as it is."""
        with self.database.reading() as connection:
            return _present(connection, user, _has_id(id))

    def numbered(self, user: User, number: int) -> BookedOrder:
        """The order of that number as it is. Raises NoSuchOrder."""
        with self.database.reading() as connection:
            return _present(connection, user, orders.c.number == number)

    def orders(self, user: User, *, search: str = "", state: OrderState | None = None) -> Sequence[BookedOrder]:
        """The orders that the user may see, the newest first."""
        query = _orders(user).order_by(orders.c.number.desc())
        if state is not None:
            query = query.where(versions.c.state == state.value)
        if search.strip():
            query = query.where(_has_words(search.strip()))
        with self.database.reading() as connection:
            return [_booked(row) for row in connection.execute(query)]

    def save(
        self, user: User, id: str, version: int, *, selection: str, files: Mapping[str, bytes] | None = None
    ) -> BookedOrder:
        """The order with another selection."""
        kept_text("the selection", selection)
        others = None if files is None else kept_files(files)

        def saved(order: BookedOrder, present: str) -> Content:
            return after_saving(order, selection, present if others is None else others)

        return self._change(user, id, version, "saved", saved, files or {})

    def advance(
        self, user: User, id: str, version: int, to: OrderState, *,
        quote: str = "", lock: str = "", build: str = "", selection: str = "",
    ) -> BookedOrder:  # fmt: skip
        """The order in another state."""
        brought = {"quote": quote, "lock": lock, "build": build, "selection": selection}
        for name, text in brought.items():
            kept_text(f"the {name}", text)

        def stepped(order: BookedOrder, files: str) -> Content:
            return after_step(order, user, to, brought, files)

        return self._change(user, id, version, word_for(to), stepped)

    def file(self, user: User, id: str, path: str) -> bytes:
        """A file that the order has. Raises SartoError where it has none of that path, or it is damaged."""
        with self.database.reading() as connection:
            order = _present(connection, user, _has_id(id))
            if path not in order.files:
                raise SartoError(f"order {order.number} has no file '{path}'")
            return kept(connection, order.files[path], f"the file '{path}' of order {order.number}")

    def history(self, user: User, id: str) -> Sequence[HistoryEntry]:
        """All changes of an order."""
        with self.database.reading() as connection:
            number = _present(connection, user, _has_id(id)).number
            query = select(versions).where(versions.c.order == number).order_by(versions.c.version)
            rows = connection.execute(query).all()
        return [_entry(before, row) for before, row in zip((None, *rows), rows, strict=False)]

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def _change(
        self, user: User, id: str, version: int, what: str, content: Callable[[BookedOrder, str], Content],
        files: Mapping[str, bytes] | None = None,
    ) -> BookedOrder:  # fmt: skip
        """Add a version to the one that was looked at, if that is still the present one; ``files`` are to be kept.

        ``content`` is asked with the order and with what its present version says of files.
        """
        with self.database.writing() as connection:
            order = _present(connection, user, _has_id(id))
            if order.version != version:
                raise StaleOrder(order, version)
            new = content(order, _files(connection, order))
            keep(connection, files or {})
            present = (orders.c.number == order.number, orders.c.version == version)
            if connection.execute(update(orders).where(*present).values(version=version + 1)).rowcount != 1:
                raise StaleOrder(_present(connection, user, _has_id(id)), version)
            self._add_version(connection, order.number, version + 1, user, what, new)
            return _present(connection, user, _has_id(id))

    def _add_version(
        self, connection: Connection, number: int, version: int, user: User, what: str, content: Content
    ) -> None:
        texts = (content.selection, content.quote, content.lock, content.build)
        words = folded("\n".join((user.name, what, content.state, *texts)))
        values = dict(zip(("selection", "quote", "lock", "build"), texts, strict=True)) | {"files": content.files}
        row = {"order": number, "version": version, "at": self._now(), "user": user.name, "what": what, "words": words}
        connection.execute(insert(versions).values(**row, **values, state=content.state.value))


def _orders(user: User) -> Select[Any]:
    """Each order that the user may see, with its present version."""
    present = (versions.c.order == orders.c.number) & (versions.c.version == orders.c.version)
    columns = [column for column in versions.c if column.name not in ("order", "version", "words")]
    seen = true() if user.role is Role.VENDOR else orders.c.customer == user.customer
    query = select(orders, *columns).join(versions, present)
    return query.where(seen)


def _present(connection: Connection, user: User, which: ColumnElement[bool]) -> BookedOrder:
    row = connection.execute(_orders(user).where(which)).first()
    if row is None:
        raise NoSuchOrder("there is no such order")
    return _booked(row)


def _files(connection: Connection, order: BookedOrder) -> str:
    """What the version says of its files, as it says it."""
    which = (versions.c.order == order.number) & (versions.c.version == order.version)
    return str(connection.execute(select(versions.c.files).where(which)).scalar_one())


def _has_id(id: str) -> ColumnElement[bool]:
    return orders.c.id == searched_text(id).replace("\0", "")


def _has_words(text: str) -> ColumnElement[bool]:
    """Whether the text is in what an order is, or ever was."""
    sought = folded(searched_text(text))
    if "\0" in sought:
        return ~true()
    earlier = versions.alias("earlier")
    ever = exists().where(earlier.c.order == orders.c.number, earlier.c.words.contains(sought, autoescape=True))
    return or_(orders.c.words.contains(sought, autoescape=True), ever)


def _booked(row: Row[Any]) -> BookedOrder:
    return BookedOrder(
        id=row.id, number=row.number, customer=row.customer, line=row.line, state=OrderState(row.state),
        version=row.version, selection=row.selection, quote=row.quote, lock=row.lock, build=row.build,
        created=row.created, changed=row.at, files=files_in(row.files),
    )  # fmt: skip


def _entry(before: Row[Any] | None, row: Row[Any]) -> HistoryEntry:
    was, now = difference(None if before is None else _content(before), _content(row))
    return HistoryEntry(at=row.at, user=row.user, what=row.what, version=row.version, before=was, after=now)


def _content(row: Row[Any]) -> Content:
    return Content(OrderState(row.state), row.selection, row.quote, row.lock, row.build, row.files)
