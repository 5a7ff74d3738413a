"""A book does what its protocol promises, in both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product

import pytest
from sarto.errors import SartoError
from sarto.order_book import STEPS, BookedOrder, NoSuchOrder, NotAllowed, OrderBook, OrderState, Role, StaleOrder, User
from sqlalchemy import exc, text

from .stage import ACME, BOLT, BROUGHT, VENDOR, WAY, WISH, Stage

CONFIGURING, QUOTED, APPROVED, BUILT, DELIVERED, UPGRADED = OrderState


def test_a_book_keeps_the_protocol(stage: Stage) -> None:
    book: OrderBook = stage.book
    assert book.orders(VENDOR) == []


def test_an_order_is_kept_exactly(stage: Stage) -> None:
    selection = WISH + "# Grüße, 東京 👋 'quoted' \\ % _ \r\n\t\u2028"
    made = stage.book.create(ACME, customer="Acme", line="shop", selection=selection)
    assert made == stage.book.order(ACME, made.id) == stage.book.numbered(VENDOR, 1)
    assert (made.number, made.version, made.state, made.customer, made.line) == (1, 1, CONFIGURING, "Acme", "shop")
    assert made.selection == selection
    assert (made.quote, made.lock, made.build) == ("", "", "")
    assert made.created == made.changed == stage.clock


def test_ids_cannot_be_guessed(stage: Stage) -> None:
    ids = {stage.order().id for _ in range(20)}
    assert len(ids) == 20
    assert all(len(id) == 22 for id in ids)


def test_an_order_goes_all_the_way_and_its_history_tells(stage: Stage) -> None:
    order = stage.order()
    stage.wait(hours=1)
    order = stage.book.save(ACME, order.id, 1, selection="other")
    for step in WAY:
        stage.wait(hours=1)
        order = stage.step(order, step, ACME if step is APPROVED else VENDOR)
    assert (order.state, order.version, order.lock) == (UPGRADED, 7, "lock-version = '1.1'")
    told = stage.book.history(ACME, order.id)
    assert [(each.version, each.user, each.what) for each in told] == [
        (1, "vera", "created"), (2, "anna", "saved"), (3, "vera", "quoted"), (4, "anna", "approved"),
        (5, "vera", "built"), (6, "vera", "delivered"), (7, "vera", "upgraded"),
    ]  # fmt: skip
    assert [(each.at - order.created).total_seconds() for each in told] == [3600 * n for n in range(7)]
    assert json.loads(told[0].before) == {}
    assert json.loads(told[0].after) == {"state": "configuring", "selection": WISH}
    assert (json.loads(told[1].before), json.loads(told[1].after)) == ({"selection": WISH}, {"selection": "other"})
    assert json.loads(told[4].before) == {"state": "approved", "lock": "", "build": ""}
    assert json.loads(told[4].after) == {"state": "built", **BROUGHT[BUILT]}
    assert json.loads(told[6].before) == {"state": "delivered", **BROUGHT[BUILT]}


@pytest.mark.parametrize("user", [VENDOR, ACME], ids=lambda user: str(user.role))
def test_nothing_follows_but_what_may_by_whom_it_may(stage: Stage, user: User) -> None:
    for state in OrderState:
        order = stage.brought_to(state)
        for to in OrderState:
            if user.role not in STEPS[state].get(to, ()):
                with pytest.raises(NotAllowed):
                    stage.step(order, to, user)
        assert stage.book.order(user, order.id) == order
        for to in OrderState:
            if user.role in STEPS[state].get(to, ()):
                assert stage.step(stage.brought_to(state), to, user).state is to


def test_a_refused_step_says_what_can_be_done(stage: Stage) -> None:
    built = stage.brought_to(BUILT)
    with pytest.raises(NotAllowed) as caught:
        stage.step(built, QUOTED)
    assert (
        str(caught.value) == "order 1 is built, after which it cannot be quoted\n  hint: what it can be next: delivered"
    )
    with pytest.raises(NotAllowed) as caught:
        stage.step(built, DELIVERED, ACME)
    assert str(caught.value) == (
        "order 1 is built, and a customer does not make it delivered\n  hint: what comes next is up to the vendor"
    )


@pytest.mark.parametrize("to", OrderState)
def test_a_state_is_not_reached_without_what_belongs_to_it_nor_with_more(stage: Stage, to: OrderState) -> None:
    (before,) = [state for state in (CONFIGURING, QUOTED, APPROVED, BUILT, DELIVERED) if to in STEPS[state]][:1]
    order = stage.brought_to(before)
    needed = BROUGHT.get(to, {})
    for missing in needed:
        with pytest.raises(NotAllowed, match=f"an order that is {to} needs its"):
            stage.book.advance(VENDOR, order.id, order.version, to, **{**needed, missing: ""})
    for beyond in {"quote", "lock", "build", "selection"} - set(needed) - ({"selection"} if to is UPGRADED else set()):
        with pytest.raises(NotAllowed, match=f"an order that becomes {to} gets no other {beyond}"):
            stage.book.advance(VENDOR, order.id, order.version, to, **{**needed, beyond: "x"})
    assert stage.book.order(VENDOR, order.id) == order


def test_a_quote_is_given_up_by_whoever_goes_on_configuring(stage: Stage) -> None:
    order = stage.brought_to(QUOTED)
    saved = stage.book.save(ACME, order.id, order.version, selection="more")
    assert (saved.state, saved.quote, saved.selection) == (CONFIGURING, "", "more")
    again = stage.step(stage.step(saved, QUOTED), CONFIGURING, ACME)
    assert (again.state, again.quote, again.selection) == (CONFIGURING, "", "more")
    assert [each.what for each in stage.book.history(VENDOR, order.id)][-1] == "reopened"


@pytest.mark.parametrize("state", [APPROVED, BUILT, DELIVERED, UPGRADED])
def test_what_is_approved_is_frozen(stage: Stage, state: OrderState) -> None:
    order = stage.brought_to(state)
    with pytest.raises(NotAllowed, match=f"order 1 is {state}: its selection is frozen"):
        stage.book.save(VENDOR, order.id, order.version, selection="other")
    assert stage.book.order(VENDOR, order.id).selection == WISH


def test_an_upgrade_may_bring_another_selection_and_keeps_the_quote(stage: Stage) -> None:
    order = stage.brought_to(DELIVERED)
    new = stage.book.advance(
        VENDOR, order.id, order.version, UPGRADED, lock="new lock", build="new build", selection="migrated"
    )
    assert (new.selection, new.quote) == ("migrated", BROUGHT[QUOTED]["quote"])


@pytest.mark.parametrize("version", [0, 1, 3, -1])
def test_a_version_that_is_not_the_present_one_writes_nothing(stage: Stage, version: int) -> None:
    order = stage.order()
    order = stage.book.save(VENDOR, order.id, 1, selection="second")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: stage.book.save(ACME, order.id, version, selection="late"),
        lambda: stage.step(_at(order, version), QUOTED),
    )
    for attempt in attempts:
        with pytest.raises(StaleOrder) as caught:
            attempt()
        assert caught.value.current == order
    assert stage.book.order(VENDOR, order.id) == order
    assert len(stage.book.history(VENDOR, order.id)) == 2


def _at(order: BookedOrder, version: int) -> BookedOrder:
    return replace(order, version=version)


def _attempts(stage: Stage, id: str) -> dict[str, Callable[[User], object]]:
    """Every method that takes the id of an order."""
    book = stage.book
    return {
        "order": lambda user: book.order(user, id),
        "save": lambda user: book.save(user, id, 1, selection="mine now"),
        "history": lambda user: book.history(user, id),
        **{f"advance to {to}": partial(_advance, book, id, to) for to in OrderState},
    }


def _advance(book: OrderBook, id: str, to: OrderState, user: User) -> object:
    return book.advance(user, id, 1, to, **BROUGHT.get(to, {}))


STRANGERS = (BOLT, User("eve", Role.CUSTOMER, ""), User("eve", Role.CUSTOMER, "acme"))


def test_customers_cannot_see_each_other_by_any_method(stage: Stage) -> None:
    orders = [stage.brought_to(state) for state in OrderState]
    for order, stranger in product(orders, STRANGERS):
        history = stage.book.history(VENDOR, order.id)
        for name, attempt in _attempts(stage, order.id).items():
            with pytest.raises(NoSuchOrder) as caught:
                attempt(stranger)
            assert str(caught.value) == "there is no such order", name
        with pytest.raises(NoSuchOrder):
            stage.book.numbered(stranger, order.number)
        assert stage.book.history(VENDOR, order.id) == history
        assert stage.book.orders(stranger) == stage.book.orders(stranger, search="maps") == []
        assert stage.book.orders(stranger, state=order.state) == []


def test_somebody_elses_order_is_told_from_none_by_nothing(stage: Stage) -> None:
    theirs = stage.order("Acme").id
    for name, attempt in _attempts(stage, theirs).items():
        for id in ("nothing", "", "x" * 5000, "\0", "\ud800", theirs.swapcase(), f"{theirs}' OR '1'='1", "%"):
            with pytest.raises(NoSuchOrder) as found:
                _attempts(stage, id)[name](BOLT)
            with pytest.raises(NoSuchOrder) as other:
                attempt(BOLT)
            assert (str(found.value), found.value.where) == (str(other.value), other.value.where)


def test_a_customer_orders_for_nobody_else(stage: Stage) -> None:
    with pytest.raises(NotAllowed, match="anna orders for Acme, not for others"):
        stage.book.create(ACME, customer="Bolt", line="shop", selection=WISH)
    assert stage.book.orders(VENDOR) == []


def test_orders_are_found_newest_first_each_by_those_who_may(stage: Stage) -> None:
    for customer in ("Acme", "Bolt", "Acme"):
        stage.order(customer)
    assert [order.number for order in stage.book.orders(VENDOR)] == [3, 2, 1]
    assert [order.number for order in stage.book.orders(ACME)] == [3, 1]
    stage.step(stage.book.numbered(VENDOR, 1), QUOTED)
    assert [order.number for order in stage.book.orders(ACME, state=QUOTED)] == [1]
    assert [order.number for order in stage.book.orders(VENDOR, state=CONFIGURING)] == [3, 2]


SEARCHES: dict[str, list[int]] = {
    "maps": [1], "MAPS": [1], "acme": [2, 1], "straße": [2], "STRASSE": [2], "100%": [2], "0%": [2], "%": [2],
    "_": [1], "\\": [1], "/": [2], "'": [1], "shop": [3, 2, 1], " shop ": [3, 2, 1], "": [3, 2, 1], "  ": [3, 2, 1],
    "first draft": [3], "delivered": [], "anna": [3], "\0": [], "\ud800": [], "x" * 10_000: [], "Ünïcode": [1],
    "U\u0308nïcode": [1],
}  # fmt: skip


def test_an_order_is_found_by_whatever_it_is_or_was(stage: Stage) -> None:
    stage.order(selection="maps_1 = 'x\\y' # ÜNÏCODE")
    stage.order(selection="100% / Straße")
    draft = stage.order("Bolt", "first draft")
    stage.book.save(User("anna", Role.VENDOR), draft.id, 1, selection="second")
    for search, numbers in SEARCHES.items():
        assert [order.number for order in stage.book.orders(VENDOR, search=search)] == numbers, search


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "x" * 4_000_001], ids=["NUL", "surrogate", "too long"])
def test_a_text_that_cannot_be_kept_is_an_error_and_changes_nothing(stage: Stage, bad: str) -> None:
    order = stage.order()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: stage.order(selection=bad),
        lambda: stage.order(customer=bad),
        lambda: stage.book.create(VENDOR, customer="Acme", line=bad, selection=""),
        lambda: stage.book.save(VENDOR, order.id, 1, selection=bad),
        lambda: stage.book.advance(VENDOR, order.id, 1, QUOTED, quote=bad),
    )
    for attempt in attempts:
        with pytest.raises(SartoError, match=r"has (characters that|[0-9,]+ characters, more)"):
            attempt()
    assert stage.book.orders(VENDOR) == [order]


@pytest.mark.parametrize("customer", ["", "  ", "a\nb", "a\x1b[31m"])
def test_a_customer_has_a_name_of_one_line(stage: Stage, customer: str) -> None:
    with pytest.raises(SartoError, match="the customer's name has to be one line of text"):
        stage.order(customer)


@pytest.mark.parametrize("statement", ["UPDATE versions SET selection = 'forged'", "DELETE FROM versions"])
def test_the_database_itself_refuses_to_change_what_was(stage: Stage, statement: str) -> None:
    order = stage.brought_to(APPROVED)
    with (
        pytest.raises(exc.DBAPIError, match="the history of an order is never changed"),
        stage.book.database.writing() as c,
    ):
        c.execute(text(statement))
    assert len(stage.book.history(VENDOR, order.id)) == 3


FILES = {"logos/ü.svg": b"<svg/>", "icon.png": b"\x89PNG\0"}


def test_an_order_keeps_its_files_until_it_is_saved_with_others(stage: Stage) -> None:
    order = stage.book.create(VENDOR, customer="Acme", line="shop", selection=WISH, files=FILES)
    assert {path: stage.book.file(ACME, order.id, path) for path in order.files} == FILES

    for step in (QUOTED, CONFIGURING, QUOTED, APPROVED, CONFIGURING):
        order = stage.step(order, step)
    order = stage.book.save(ACME, order.id, order.version, selection="more")
    assert {path: stage.book.file(ACME, order.id, path) for path in order.files} == FILES
    order = stage.book.save(VENDOR, order.id, order.version, selection="less", files={"icon.png": b"another"})
    assert (list(order.files), stage.book.file(VENDOR, order.id, "icon.png")) == (["icon.png"], b"another")
    assert stage.book.save(VENDOR, order.id, order.version, selection="none", files={}).files == {}

    changes = [sorted(json.loads(entry.after)) for entry in stage.book.history(VENDOR, order.id)]
    assert changes[0] == ["files", "selection", "state"]
    assert changes[-3:] == [["selection"], ["files", "selection"], ["files", "selection"]]


def test_a_content_is_kept_once_however_many_orders_and_versions_have_it(stage: Stage) -> None:
    for _ in range(3):
        order = stage.book.create(VENDOR, customer="Acme", line="shop", selection=WISH, files=FILES)
        stage.book.save(VENDOR, order.id, 1, selection="more", files={"elsewhere.svg": b"<svg/>"})
    with stage.book.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM files")).scalar_one() == 2


def test_nothing_is_kept_of_an_order_that_was_changed_in_between(stage: Stage) -> None:
    order = stage.order()
    stage.book.save(VENDOR, order.id, 1, selection="first")
    with pytest.raises(StaleOrder):
        stage.book.save(VENDOR, order.id, 1, selection="late", files=FILES)
    with stage.book.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM files")).scalar_one() == 0


def test_a_file_is_found_by_nobody_who_may_not_see_the_order(stage: Stage) -> None:
    order = stage.book.create(VENDOR, customer="Acme", line="shop", selection=WISH, files=FILES)
    with pytest.raises(NoSuchOrder):
        stage.book.file(BOLT, order.id, "icon.png")
    with pytest.raises(SartoError) as caught:
        stage.book.file(ACME, order.id, "other.png")
    assert str(caught.value) == "order 1 has no file 'other.png'"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"big.png": bytes((16 << 20) + 1)},
         "the file 'big.png' has 16,777,217 bytes, more than the 16,777,216 that an order book keeps"
         "\n  hint: take a smaller one"),
        ({str(number): b"" for number in range(65)},
         "the order has 65 files, more than the 64 that an order book keeps of one"),
        ({"a\0b": b""},
         "the path of a file has characters that an order book cannot keep\n  hint: it has to be plain text"),
    ],
    ids=["large", "many", "odd"],
)  # fmt: skip
def test_a_file_that_cannot_be_kept_makes_no_order(stage: Stage, files: dict[str, bytes], said: str) -> None:
    with pytest.raises(SartoError) as caught:
        stage.book.create(VENDOR, customer="Acme", line="shop", selection=WISH, files=files)
    assert str(caught.value) == said
    assert stage.book.orders(VENDOR) == []


def test_a_file_that_is_not_what_was_kept_is_not_given_out(stage: Stage) -> None:
    order = stage.book.create(VENDOR, customer="Acme", line="shop", selection=WISH, files=FILES)
    is_sqlite = stage.book.database.is_sqlite
    off = "DROP TRIGGER files_stand_UPDATE" if is_sqlite else "ALTER TABLE files DISABLE TRIGGER files_stand"
    with stage.book.database.writing() as connection:
        connection.execute(text(off))
        connection.execute(text("UPDATE files SET content = :other"), {"other": b"other"})
        if not is_sqlite:
            connection.execute(text("ALTER TABLE files ENABLE TRIGGER files_stand"))
    with pytest.raises(SartoError) as caught:
        stage.book.file(VENDOR, order.id, "icon.png")
    assert str(caught.value) == (
        "the file 'icon.png' of order 1 is damaged in the order book\n"
        "  hint: restore the book from a copy, or order anew"
    )
