"""Several at once: nothing that one of them wrote is lost, whatever happens to the others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sarto.order_book import BookedOrder, BookUnavailable, OrderState, StaleOrder
from sarto_orders.book import SqlOrderBook
from sqlalchemy import event

from .conftest import empty
from .postgresql import Server
from .racing import append
from .stage import ACME, VENDOR, Stage

RACING = Path(__file__).with_name("racing.py")


def _process(*words: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(RACING), *map(str, words)], stdout=subprocess.PIPE, text=True)


def test_threads_and_processes_that_race_for_an_order_lose_no_word(stage: Stage) -> None:
    order = stage.order(selection="begun")
    words = [f"t{number}" for number in range(20)]
    with _process("race", stage.url, order.id, "p", 10) as p, _process("race", stage.url, order.id, "q", 10) as q:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda word: append(stage.book, order.id, word), words))
        assert (p.wait(timeout=120), q.wait(timeout=120)) == (0, 0)
    expected = {"begun", *words, *(f"{name}{number}" for name in ("p", "q") for number in range(10))}
    final = stage.book.order(VENDOR, order.id)
    found = final.selection.split(" ")
    assert set(found) == expected
    assert len(found) == final.version == len(expected) == len(stage.book.history(VENDOR, order.id))


def test_of_those_who_change_one_version_at_the_same_time_one_does(stage: Stage) -> None:
    order = stage.brought_to(OrderState.QUOTED)

    def attempt(number: int) -> BookedOrder | StaleOrder:
        try:
            if number % 2:
                return stage.book.save(ACME, order.id, order.version, selection=f"by {number}")
            return stage.step(order, OrderState.APPROVED)
        except StaleOrder as stale:
            return stale

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(16)))
    (won,) = [each for each in outcomes if isinstance(each, BookedOrder)]
    assert stage.book.order(VENDOR, order.id) == won
    assert all(each.current == won for each in outcomes if isinstance(each, StaleOrder))
    assert len(stage.book.history(VENDOR, order.id)) == order.version + 1


def test_orders_that_are_made_at_the_same_time_all_have_numbers(stage: Stage) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: stage.order(selection=str(number)), range(24)))
    assert sorted(order.number for order in made) == list(range(1, 25))
    assert {order.selection for order in stage.book.orders(VENDOR)} == {str(number) for number in range(24)}


def test_a_process_that_is_killed_in_the_middle_leaves_the_order_before_or_after(stage: Stage) -> None:
    before = [stage.brought_to(OrderState.QUOTED) for _ in range(9)]
    with _process("kill", stage.url, *(order.id for order in before)) as killing:
        done = killing.communicate(timeout=120)[0].split()
    assert killing.returncode == 0
    after = [stage.book.order(VENDOR, order.id) for order in before]
    unchanged = len(before) - len(done)
    assert unchanged >= 5  # to begin, to look, to write twice, to commit
    assert after[:unchanged] == before[:unchanged]
    assert {(order.state, order.version) for order in after[unchanged:]} == {(OrderState.APPROVED, 3)}
    for order in after:
        assert len(stage.book.history(VENDOR, order.id)) == order.version
    assert stage.step(before[0], OrderState.APPROVED).state is OrderState.APPROVED


def test_a_reader_does_not_wait_for_a_writer(stage: Stage) -> None:
    order = stage.order()
    with stage.book.database.writing():
        assert stage.book.order(VENDOR, order.id) == order


def test_what_is_interrupted_in_the_middle_leaves_nothing_behind(stage: Stage) -> None:
    order = stage.brought_to(OrderState.QUOTED)

    def interrupt(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO versions"):
            raise KeyboardInterrupt

    event.listen(stage.book.database.engine, "before_cursor_execute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        stage.step(order, OrderState.APPROVED)
    event.remove(stage.book.database.engine, "before_cursor_execute", interrupt)
    assert stage.book.order(VENDOR, order.id) == order
    assert stage.step(order, OrderState.APPROVED).version == order.version + 1


@pytest.fixture
def at_hand(server: Server) -> Stage:
    empty(server)
    return Stage(server.url("book"))


def test_a_database_that_goes_away_is_one_clear_error_and_all_is_well_when_it_is_back(
    server: Server, at_hand: Stage
) -> None:
    order = at_hand.brought_to(OrderState.QUOTED)
    with ThreadPoolExecutor(6) as pool:  # several connections in the pool
        list(pool.map(lambda _: at_hand.book.order(VENDOR, order.id), range(24)))
    server.stop()
    try:
        attempts: tuple[Callable[[], object], ...] = (
            lambda: at_hand.book.order(VENDOR, order.id),
            lambda: at_hand.step(order, OrderState.APPROVED),
            lambda: at_hand.book.log_in("vera", "a password"),
            lambda: at_hand.book.user_of("a token"),
            lambda: SqlOrderBook.open(at_hand.url),
        )
        for attempt in attempts:
            with pytest.raises(BookUnavailable) as caught:
                attempt()
            assert caught.value.what.startswith("the order book's database does not answer: ")
            assert caught.value.hint == "try again when it is back; nothing was written by halves"
    finally:
        server.start()
    assert at_hand.book.order(VENDOR, order.id) == order
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda _: at_hand.book.order(VENDOR, order.id), range(24))) == [order] * 24
    assert at_hand.step(order, OrderState.APPROVED).version == order.version + 1
    at_hand.book.close()


def test_a_database_that_was_restarted_in_between_is_found_again_at_once(server: Server, at_hand: Stage) -> None:
    order = at_hand.brought_to(OrderState.QUOTED)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: at_hand.book.order(VENDOR, order.id), range(24)))
        server.stop()
        server.start()
        assert list(pool.map(lambda _: at_hand.book.order(VENDOR, order.id), range(24))) == [order] * 24
    server.stop()
    server.start()
    assert at_hand.step(order, OrderState.APPROVED).version == order.version + 1
    at_hand.book.close()


@pytest.mark.parametrize(
    ("changed", "to", "reason"),
    [
        ("/book?", "/nothing?", 'database "nothing" does not exist'),
        ("book@", "nobody:secret@", 'role "nobody" does not exist'),
        (".5432", ".1", "communication error"),
    ],
)
def test_a_database_that_lets_nobody_in_is_one_error_without_the_password(
    server: Server, changed: str, to: str, reason: str
) -> None:
    with pytest.raises(BookUnavailable) as caught:
        SqlOrderBook.open(server.url("book").replace(changed, to))
    # a server that hangs up at once may be faster than the driver, which then says no more than that
    assert reason in caught.value.what or caught.value.what.endswith("network error")
    assert "secret" not in str(caught.value)


def test_a_file_is_kept_so_that_readers_do_not_wait_and_power_may_fail(file_url: str) -> None:
    book = SqlOrderBook.open(file_url)
    with book.database.reading() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]
    book.close()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_database_that_stops_in_the_middle_of_a_step_leaves_the_order_as_it_was(
    server: Server, at_hand: Stage, mode: str
) -> None:
    order = at_hand.brought_to(OrderState.QUOTED)
    at_hand.book.database.close()

    def stop(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO versions"):
            server.stop(mode)

    event.listen(at_hand.book.database.engine, "before_cursor_execute", stop)
    try:
        with pytest.raises(BookUnavailable):
            at_hand.step(order, OrderState.APPROVED)
    finally:
        event.remove(at_hand.book.database.engine, "before_cursor_execute", stop)
        server.start()
    assert at_hand.book.order(VENDOR, order.id) == order
    assert at_hand.step(order, OrderState.APPROVED).state is OrderState.APPROVED
    at_hand.book.close()


def test_a_file_that_is_gone_is_not_begun_anew(file_url: str, tmp_path: Path) -> None:
    stage = Stage(file_url)
    order = stage.order()
    stage.book.close()
    (tmp_path / "orders.db").rename(tmp_path / "away.db")
    with pytest.raises(BookUnavailable, match="unable to open database file"):
        stage.book.order(VENDOR, order.id)
    assert not (tmp_path / "orders.db").exists()
    (tmp_path / "away.db").rename(tmp_path / "orders.db")
    assert stage.book.order(VENDOR, order.id) == order
    stage.book.close()
