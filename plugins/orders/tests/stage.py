"""A book as the tests use it: its clock is set by hand, its passwords are cheap, and who is who is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

from argon2 import PasswordHasher
from sarto.order_book import BookedOrder, OrderState, Role, User
from sarto_orders.book import SqlOrderBook
from sarto_orders.database import Database, database_url
from sarto_orders.passwords import Passwords
from sqlalchemy import event

VENDOR = User("vera", Role.VENDOR)
ACME = User("anna", Role.CUSTOMER, "Acme")
BOLT = User("bob", Role.CUSTOMER, "Bolt")
WISH = 'line = "features.toml"\ncustomer = "Acme"\n\n[select]\nmaps = true\n'

BROUGHT: dict[OrderState, dict[str, str]] = {
    OrderState.QUOTED: {"quote": '{"total": "900"}'},
    OrderState.BUILT: {"lock": "lock-version = '1.0'", "build": '{"sha256": "5e"}'},
    OrderState.UPGRADED: {"lock": "lock-version = '1.1'", "build": '{"sha256": "7f"}'},
}
WAY = (OrderState.QUOTED, OrderState.APPROVED, OrderState.BUILT, OrderState.DELIVERED, OrderState.UPGRADED)


class CountingHasher(PasswordHasher):
    """Checks cheaply, and counts how often."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checks = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.checks += 1
        return super().verify(hash, password)


class Stage:
    """The book at ``url``, and its ``clock``."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
        self.hasher = CountingHasher()
        database = Database(database_url(url))
        if database.is_sqlite:  # the tests lose no power
            event.listen(database.engine, "connect", lambda made, _: made.execute("PRAGMA synchronous = OFF"))
        self.book = SqlOrderBook(database, Passwords(self.hasher), lambda: self.clock)

    def wait(self, **time: float) -> None:
        self.clock += timedelta(**time)

    def order(self, customer: str = "Acme", selection: str = WISH) -> BookedOrder:
        return self.book.create(VENDOR, customer=customer, line="shop", selection=selection)

    def brought_to(self, state: OrderState, customer: str = "Acme") -> BookedOrder:
        """An order in that state, by the shortest way."""
        order = self.order(customer)
        for step in WAY[: WAY.index(state) + 1] if state in WAY else ():
            order = self.step(order, step)
        return order

    def step(self, order: BookedOrder, to: OrderState, user: User = VENDOR) -> BookedOrder:
        return self.book.advance(user, order.id, order.version, to, **BROUGHT.get(to, {}))
