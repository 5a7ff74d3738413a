"""Users, passwords and sessions: who gets in, who does not, and what is kept of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sarto.errors import SartoError
from sarto.order_book import Role, TooManyAttempts, User
from sarto_orders import limits
from sarto_orders.book import SqlOrderBook
from sarto_orders.database import Database, database_url
from sarto_orders.limits import BY_NAME, IN_ALL, Limit
from sarto_orders.passwords import Passwords
from sqlalchemy import text

from .stage import ACME, VENDOR, CountingHasher, Stage

SECRET = "correct horse"


@pytest.fixture
def door(stage: Stage) -> Stage:
    """A book with a vendor and a customer's user."""
    stage.book.accounts.add("vera", SECRET, Role.VENDOR)
    stage.book.accounts.add("anna", f"{SECRET} too", Role.CUSTOMER, "Acme")
    return stage


def entered(stage: Stage, name: str = "vera", password: str = SECRET) -> str:
    token = stage.book.log_in(name, password)
    assert token is not None
    return token


def rows(stage: Stage, query: str) -> list[tuple[object, ...]]:
    with stage.book.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_who_knows_the_password_gets_a_session_of_their_role(door: Stage) -> None:
    assert door.book.user_of(entered(door)) == VENDOR
    assert door.book.user_of(entered(door, "anna", f"{SECRET} too")) == ACME
    assert door.book.log_in("vera", f"{SECRET} too") is None
    assert door.book.log_in("Vera", SECRET) is None


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "' OR 1=1 --", "x" * 100_000])
def test_what_is_no_token_opens_nothing(door: Stage, token: str) -> None:
    assert door.book.user_of(token) is None
    door.book.log_out(token)


@pytest.mark.parametrize("password", ["", "\0", "\ud800", "x" * 2_000_000])
def test_what_is_no_password_is_a_wrong_one(door: Stage, password: str) -> None:
    assert door.book.log_in("vera", password) is None


@pytest.mark.parametrize("name", ["", "nobody", "\0", "\ud800", "vera\n", "' OR '1'='1", "x" * 100_000])
def test_a_name_that_nobody_has_takes_the_same_work(door: Stage, name: str) -> None:
    before = door.hasher.checks
    assert door.book.log_in("vera", "wrong password") is None
    for_a_user = door.hasher.checks - before
    assert door.book.log_in(name, SECRET) is None
    assert for_a_user == door.hasher.checks - before - for_a_user == 1


def test_a_disabled_user_takes_the_same_work(door: Stage) -> None:
    door.book.accounts.disable("vera")
    before = door.hasher.checks
    assert door.book.log_in("vera", SECRET) is None
    assert door.hasher.checks == before + 1


def test_a_session_ends_after_twelve_hours_or_when_it_is_logged_out(door: Stage) -> None:
    first, second = entered(door), entered(door)
    door.book.log_out(first)
    assert (door.book.user_of(first), door.book.user_of(second)) == (None, VENDOR)
    door.wait(hours=12, microseconds=-1)
    assert door.book.user_of(second) == VENDOR
    door.wait(microseconds=1)
    assert door.book.user_of(second) is None


def test_expired_sessions_are_forgotten_when_somebody_logs_in(door: Stage) -> None:
    entered(door)
    door.wait(hours=13)
    entered(door)
    assert rows(door, "SELECT count(*) FROM sessions") == [(1,)]


def test_neither_passwords_nor_tokens_are_in_the_database(door: Stage) -> None:
    token = entered(door)
    door.book.log_in(SECRET, "typed into the wrong field")
    kept = str([rows(door, f"SELECT * FROM {table}") for table in ("users", "sessions", "attempts")])
    assert "$argon2id$" in kept
    assert SECRET not in kept
    assert token not in kept


@pytest.mark.parametrize("change", ["disable", "password"])
def test_disabling_a_user_or_another_password_ends_their_sessions(door: Stage, change: str) -> None:
    token, other = entered(door), entered(door, "anna", f"{SECRET} too")
    if change == "disable":
        door.book.accounts.disable("vera")
        assert door.book.log_in("vera", SECRET) is None
        door.book.accounts.enable("vera")
    else:
        door.book.accounts.set_password("vera", "another password")
        assert door.book.log_in("vera", SECRET) is None
        entered(door, "vera", "another password")
    assert (door.book.user_of(token), door.book.user_of(other)) == (None, ACME)


def test_after_ten_wrong_passwords_a_name_has_to_wait(door: Stage) -> None:
    for _ in range(BY_NAME.attempts):
        assert door.book.log_in("vera", "wrong password") is None
        door.wait(seconds=1)
    checks = door.hasher.checks
    with pytest.raises(TooManyAttempts) as caught:
        door.book.log_in("vera", SECRET)
    assert str(caught.value) == ("there were too many attempts to log in\n  hint: try again in 890 seconds")
    assert door.hasher.checks == checks
    entered(door, "anna", f"{SECRET} too")
    door.wait(seconds=caught.value.seconds)
    entered(door)


def test_a_name_that_nobody_has_has_to_wait_just_so(door: Stage) -> None:
    for _ in range(BY_NAME.attempts):
        assert door.book.log_in("nobody", SECRET) is None
    with pytest.raises(TooManyAttempts):
        door.book.log_in("nobody", SECRET)


def test_who_gets_in_is_counted_anew(door: Stage) -> None:
    for _ in range(3):
        for _ in range(BY_NAME.attempts - 1):
            door.book.log_in("vera", "wrong password")
        entered(door)


def test_there_is_a_limit_for_all_names_together(door: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert IN_ALL.attempts > BY_NAME.attempts
    monkeypatch.setattr(limits, "IN_ALL", Limit(25, IN_ALL.seconds))
    for number in range(25):
        assert door.book.log_in(f"guess{number}", SECRET) is None
    with pytest.raises(TooManyAttempts) as caught:
        door.book.log_in("vera", SECRET)
    door.wait(seconds=caught.value.seconds)
    entered(door)


def test_attempts_at_the_same_time_are_counted_one_by_one(door: Stage) -> None:
    def attempt(_: int) -> str:
        try:
            return str(door.book.log_in("vera", "wrong password"))
        except TooManyAttempts:
            return "refused"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(24)))
    assert outcomes.count("None") == BY_NAME.attempts
    assert door.hasher.checks == BY_NAME.attempts


def test_a_hash_of_other_parameters_is_replaced_at_the_next_log_in(door: Stage) -> None:
    stronger = SqlOrderBook(
        Database(database_url(door.url)), Passwords(PasswordHasher(2, 16, 1)), lambda: door.clock + timedelta(hours=1)
    )
    before = rows(door, "SELECT password FROM users WHERE name = 'vera'")
    assert stronger.log_in("vera", SECRET)
    after = rows(door, "SELECT password FROM users WHERE name = 'vera'")
    assert before != after
    assert "m=16,t=2,p=1" in str(after)
    assert stronger.log_in("vera", SECRET)
    stronger.close()


def test_real_passwords_are_hashed_with_argon2id_as_rfc_9106_has_it() -> None:
    hash = Passwords().hashed(SECRET)
    assert hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Passwords().fits(SECRET, hash)


def test_users_are_listed_by_name(door: Stage) -> None:
    door.book.accounts.disable("anna")
    assert [(account.user, account.is_disabled) for account in door.book.accounts.all()] == [
        (ACME, True),
        (VENDOR, False),
    ]


@pytest.mark.parametrize(
    ("name", "password", "role", "customer", "what"),
    [
        ("vera", SECRET, Role.VENDOR, "", "there is a user 'vera' already"),
        ("", SECRET, Role.VENDOR, "", "'' is no name for a user"),
        ("a b", SECRET, Role.VENDOR, "", "'a b' is no name for a user"),
        ("x" * 65, SECRET, Role.VENDOR, "", f"'{'x' * 65}' is no name for a user"),
        ("max", "short", Role.VENDOR, "", "a password has at least 8 characters"),
        ("max", "x" * 1025, Role.VENDOR, "", "a password has at most 1,024 characters"),
        ("max", "\ud800" * 9, Role.VENDOR, "", "this password has characters that cannot be encoded"),
        ("max", SECRET, Role.VENDOR, "Acme", "a vendor's user belongs to no customer"),
        ("max", SECRET, Role.CUSTOMER, "", "a user with the role customer belongs to a customer"),
        ("max", SECRET, Role.CUSTOMER, "a\0", "the customer has characters that an order book cannot keep"),
    ],
)
def test_a_user_that_cannot_be_is_refused(
    door: Stage, name: str, password: str, role: Role, customer: str, what: str
) -> None:
    before = door.book.accounts.all()
    with pytest.raises(SartoError) as caught:
        door.book.accounts.add(name, password, role, customer)
    assert caught.value.what == what
    assert door.book.accounts.all() == before


def test_a_user_who_is_not_there_is_said_with_the_nearest_name(door: Stage) -> None:
    for attempt in (door.book.accounts.disable, door.book.accounts.named):
        with pytest.raises(SartoError) as caught:
            attempt("vira")
        assert str(caught.value) == "there is no user 'vira' in the order book\n  hint: did you mean 'vera'?"


def test_a_hasher_counts_what_it_checks() -> None:
    hasher = CountingHasher()
    assert not Passwords(hasher).fits("x", None)
    assert hasher.checks == 1


def test_the_customer_of_a_user_is_that_of_orders_however_it_is_typed(door: Stage) -> None:
    user = door.book.accounts.add("cleo", SECRET, Role.CUSTOMER, " Cafe\u0301 ")
    assert user == User("cleo", Role.CUSTOMER, "Café")
    order = door.book.create(VENDOR, customer="Cafe\u0301", line="shop", selection="")
    assert door.book.orders(user) == [order]
