"""What the processes of the tests do with a book: race for an order, or be killed in the middle of a step."""

from __future__ import annotations

import os
import signal
import sys
import time

from sarto.order_book import OrderState, Role, StaleOrder, User
from sarto_orders.book import SqlOrderBook
from sarto_orders.database import Database, database_url
from sqlalchemy import event

USER = User("vera", Role.VENDOR)


def append(book: SqlOrderBook, id: str, word: str) -> None:
    """Add a word to the selection, as somebody who looks again whenever others were faster."""
    order = book.order(USER, id)
    while True:
        try:
            book.save(USER, id, order.version, selection=f"{order.selection} {word}")
            return
        except StaleOrder as stale:
            order = stale.current


def race(url: str, id: str, name: str, times: int) -> None:
    book = SqlOrderBook.open(url)
    for number in range(times):
        append(book, id, f"{name}{number}")
    book.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def approve(url: str, id: str, at: int) -> None:
    """Approve an order, but be killed before statement number ``at`` of that; the last one is the commit.

    Killed after all of them, where there are not so many.
    """
    database = Database(database_url(url))
    book = SqlOrderBook(database)
    order = book.order(USER, id)
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            die()

    event.listen(database.engine, "before_cursor_execute", count)
    event.listen(database.engine, "commit", count)
    book.advance(USER, id, order.version, OrderState.APPROVED)
    print("done", flush=True)
    die()


def approve_all(url: str, ids: list[str]) -> None:
    """Approve the first order in a process that is killed at once, the next in one that is killed a bit later, …"""
    for at, id in enumerate(ids, start=1):
        child = os.fork()
        if child == 0:
            approve(url, id, at)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


if __name__ == "__main__":
    if sys.argv[1] == "race":
        race(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
    else:
        approve_all(sys.argv[2], sys.argv[3:])
