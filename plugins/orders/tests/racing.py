"""What the processes of the tests do with a book: race for an order, or be killed in the middle of a step."""

from __future__ import annotations

import os
import signal
import sys
import time

from sarto.order_book import OrderState, StaleOrder
from sarto_orders.book import SqlOrderBook
from sarto_orders.database import Database, database_url
from sqlalchemy import event

VENDOR_NAME = "vera"


def append(book: SqlOrderBook, id: str, word: str) -> None:
    """Add a word to the selection, as somebody who looks again whenever others were faster."""
    from sarto.order_book import Role, User

    user = User(VENDOR_NAME, Role.VENDOR)
    order = book.order(user, id)
    while True:
        try:
            book.save(user, id, order.version, selection=f"{order.selection} {word}")
            return
        except StaleOrder as stale:
            order = stale.current


def race(url: str, id: str, name: str, times: int) -> None:
    book = SqlOrderBook.open(url)
    for number in range(times):
        append(book, id, f"{name}{number}")
    book.close()


def approve(url: str, id: str, at: int) -> None:
    """Approve an order, but be killed as the statement number ``at`` of that is to be carried out (-1: after all)."""
    from sarto.order_book import Role, User

    database = Database(database_url(url))
    book, user = SqlOrderBook(database), User(VENDOR_NAME, Role.VENDOR)
    order = book.order(user, id)
    seen = 0

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            die()

    event.listen(database.engine, "before_cursor_execute", count)
    event.listen(database.engine, "commit", count)
    book.advance(user, id, order.version, OrderState.APPROVED)
    print(seen, flush=True)
    die()


if __name__ == "__main__":
    if sys.argv[1] == "race":
        race(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
    else:
        approve(sys.argv[2], sys.argv[3], int(sys.argv[4]))
