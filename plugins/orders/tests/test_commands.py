"""``sarto orders`` from wish to delivery, as a vendor and a customer's user type it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sarto.errors import SartoError
from sarto.order_book import OrderState, Role, StaleOrder
from sarto_orders.commands import orders
from sarto_orders.database import Database, database_url
from sarto_orders.migrating import migrate

from .shop import shop
from .stage import Stage

__all__ = ["shop"]


def run(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(orders, words, input=stdin)


def said(*words: str, stdin: str = "") -> str:
    result = run(*words, stdin=stdin)
    assert result.exception is None, result.output
    return re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", "DATE", result.stdout)


def data(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


def refusal(*words: str, stdin: str = "") -> str:
    result = run(*words, stdin=stdin)
    assert isinstance(result.exception, SartoError), result.output
    return str(result.exception)


@pytest.fixture
def counter(shop: Path, file_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop, with an empty book in which vera, anna and bob are users."""
    _open_counter(file_url, monkeypatch)
    return shop


@pytest.fixture
def any_counter(shop: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same in either database."""
    _open_counter(url, monkeypatch)
    return shop


def _open_counter(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARTO_ORDERS", url)
    monkeypatch.setattr("getpass.getuser", lambda: "otto")
    stage = Stage(url)
    stage.book.accounts.add("vera", "a long password", Role.VENDOR)
    stage.book.accounts.add("anna", "another password", Role.CUSTOMER, "Acme")
    stage.book.accounts.add("bob", "a third password", Role.CUSTOMER, "Bolt")
    stage.book.close()


def test_an_order_from_wish_to_delivery(any_counter: Path) -> None:
    counter = any_counter
    assert said("new", "selections/acme.toml", "--as", "anna") == "made order 1 for Acme; version 1\n"
    assert said("quote", "1", "--days", "30") == (
        "quoted order 1 for Acme: EUR 1586.00 (quote 1-2 of DATE); version 2\n"
    )
    assert said("approve", "1", "--as", "anna") == "approved order 1 for Acme: EUR 1586.00; version 3\n"
    assert said("build", "1") == (
        "built order 1 for Acme: 4 parts in builds/order-1/acme; "
        "start it with: python builds/order-1/acme/acme.py; version 4\n"
    )
    assert said("deliver", "1") == "delivered order 1 for Acme; version 5\n"
    assert "there is nothing to upgrade" in refusal("upgrade", "1")
    line = counter / "features.toml"
    line.write_text(line.read_text().replace('version = "1"', 'version = "2"').replace("maximum = 50", "maximum = 6"))
    assert said("upgrade", "1") == (
        "upgraded order 1 for Acme: 4 parts in builds/order-1/acme; "
        "start it with: python builds/order-1/acme/acme.py; version 6\n"
        "  changed select.seats = 7 to 6: 7 is above the maximum of 'seats', 6\n"
    )
    assert said("list") == (
        "N  STATE     CUSTOMER  LINE  VERSION  CHANGED  TOTAL\n"
        "1  upgraded  Acme      shop  6        DATE     EUR 1586.00\n1 order\n"
    ).replace("DATE     EUR", "DATE  EUR").replace("CHANGED  TOTAL", "CHANGED           TOTAL")
    assert [line.split() for line in said("history", "1").splitlines()] == [
        ["N", "VERSION", "WHEN", "WHO", "WHAT"],
        ["1", "1", "DATE", "anna", "created", "configuring,", "selection", "added,", "files",
         "added"],
        ["1", "2", "DATE", "otto", "quoted", "configuring", "→", "quoted,", "quote", "added"],
        ["1", "3", "DATE", "anna", "approved", "quoted", "→", "approved"],
        ["1", "4", "DATE", "otto", "built", "approved", "→", "built,", "lock", "added,", "build", "added"],
        ["1", "5", "DATE", "otto", "delivered", "built", "→", "delivered"],
        ["1", "6", "DATE", "otto", "upgraded", "delivered", "→", "upgraded,", "selection", "changed,", "build",
         "changed"],
    ]  # fmt: skip


def test_an_order_is_edited_by_one_and_not_overwritten_by_another(counter: Path) -> None:
    said("new", "selections/acme.toml")
    first = "sarto orders save 1 wish/first.toml --version 1"
    assert said("edit", "1", "-o", "wish/first.toml") == f"wrote wish/first.toml; when it is changed: {first}\n"
    assert (counter / "wish" / "first.toml").read_text() == (
        f'# Order 1. When it is changed: {first}\nline = "../features.toml"\ncustomer = "Acme"\n\n'
        '[select]\nmaps = true\nseats = 7\n\n[brand]\nlogo = "../selections/acme.svg"\n'
    )
    said("edit", "1", "-o", "wish/second.toml")
    for name in ("first", "second"):
        file = counter / "wish" / f"{name}.toml"
        file.write_text(file.read_text().replace("seats = 7", f"seats = {len(name)}"))
    assert said("save", "1", "wish/first.toml", "--version", "1") == "saved order 1 for Acme; version 2\n"
    stale = run("save", "1", "wish/second.toml", "--version", "1")
    assert isinstance(stale.exception, StaleOrder)
    assert 'logo = "selections/acme.svg"' in data("show", "1")["selection"]
    assert "seats = 5" in data("show", "1")["selection"]
    assert "wish/first.toml: this file is there already" in refusal("edit", "1", "-o", "wish/first.toml")
    assert run("save", "1", "wish/first.toml").exit_code == 2


def test_a_step_can_ask_for_the_version_that_was_looked_at(counter: Path) -> None:
    said("new", "selections/acme.toml")
    for command in ("quote", "approve", "reopen", "build", "deliver", "upgrade"):
        assert refusal(command, "1", "--version", "2").startswith(
            "order 1 has been changed since version 2: it is at version 1"
        )


def test_customers_see_and_do_their_own_only(counter: Path) -> None:
    said("new", "selections/acme.toml", "--as", "anna")
    said("quote", "1")
    assert said("list", "--as", "bob") == "0 orders\n"
    assert said("history", "--as", "bob") == "no changes\n"
    for words in (("show", "1"), ("history", "1"), ("approve", "1"), ("reopen", "1"), ("edit", "1", "-o", "x.toml"),
                  ("save", "1", "selections/acme.toml", "--version", "2"), ("quote", "1")):  # fmt: skip
        assert refusal(*words, "--as", "bob") == "there is no order 1\n  hint: sarto orders list shows them"
    assert refusal("new", "selections/acme.toml", "--as", "bob") == "bob orders for Bolt, not for others"
    assert refusal("build", "1", "--as", "anna").startswith("order 1 is quoted, after which it cannot be built")
    assert refusal("quote", "1", "--as", "anna").startswith("order 1 is quoted, and a customer does not make it quoted")
    assert data("show", "1")["version"] == 2


def test_orders_and_changes_are_searched(counter: Path) -> None:
    said("new", "selections/acme.toml", "--as", "anna")
    said("quote", "1")
    said("new", "selections/acme.toml")
    assert [order["number"] for order in data("list", "--search", "ANNA")["orders"]] == [1]
    assert [order["number"] for order in data("list", "--state", "configuring")["orders"]] == [2]
    found = data("history", "--search", "1586.00")["history"]
    assert [(each["number"], each["version"], each["what"]) for each in found] == [(1, 2, "quoted")]
    assert found[0]["before"] == {"state": "configuring", "quote": ""}


def test_a_quote_and_a_lock_are_handed_out(counter: Path) -> None:
    said("new", "selections/acme.toml")
    assert refusal("show", "1", "--quote", "text") == "order 1 has no quote"
    assert refusal("show", "1", "--lock") == ("order 1 has no lock: it is configuring\n  hint: building it makes one")
    said("quote", "1")
    text = said("show", "1", "--quote", "text")
    assert "Acme" in text
    assert "€1,586.00" in text
    assert said("show", "1", "--quote", "text", "-o", "quote.txt") == "wrote quote.txt\n"
    assert "1-2" in (counter / "quote.txt").read_text()
    said("approve", "1")
    said("build", "1", "-o", "out")
    assert said("show", "1", "--lock") == (counter / "out" / "acme" / "pylock.toml").read_text()
    assert run("show", "1", "-o", "x").exit_code == 2
    assert run("show", "1", "--lock", "--quote", "text").exit_code == 2


def test_an_order_is_shown(counter: Path) -> None:
    said("new", "selections/acme.toml")
    said("quote", "1", "--days", "1")
    shown = said("show", "1")
    assert shown.splitlines()[:4] == ["order     1", "customer  Acme", "line      shop", "state     quoted"]
    assert "quote     1-2 of DATE: EUR 1586.00, valid until DATE\n" in shown
    assert shown.endswith('[brand]\nlogo = "selections/acme.svg"\n')
    told = data("show", "1")
    assert (told["state"], told["build"], told["lock"], told["quote"]["total"]) == ("quoted", None, None, "1586.00")


def test_a_selection_for_another_line_or_customer_is_refused(counter: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "features.toml").write_text((counter / "features.toml").read_text())
    (other / "bolt.toml").write_text('line = "features.toml"\ncustomer = "Bolt"\n')
    assert "this selection is for another line than 'features.toml'" in refusal("new", str(other / "bolt.toml"))
    said("new", "selections/acme.toml")
    (counter / "bolt.toml").write_text('line = "features.toml"\ncustomer = "Bolt"\n')
    assert refusal("save", "1", "bolt.toml", "--version", "1") == (
        "bolt.toml: customer: this selection is for 'Bolt', and order 1 for 'Acme'"
    )
    (counter / "wrong.toml").write_text('line = "features.toml"\ncustomer = "Acme"\n[select]\nmeps = true\n')
    assert "did you mean 'maps'?" in refusal("new", "wrong.toml")
    assert len(data("list")["orders"]) == 1


def test_the_line_may_be_elsewhere(counter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said("new", "shop/selections/acme.toml", "--line", "shop")
    said("quote", "1", "--line", "shop/features.toml")
    said("approve", "1")
    assert "in shop/builds/order-1/acme;" in said("build", "1", "--line", "shop")


def test_users_are_managed(counter: Path) -> None:
    assert said("user", "disable", "anna") == "anna is disabled\n"
    assert [line.split() for line in said("user", "list").splitlines()] == [
        ["NAME", "ROLE", "CUSTOMER", "ADDED"],
        ["anna", "customer", "Acme", "DATE", "disabled"],
        ["bob", "customer", "Bolt", "DATE"],
        ["vera", "vendor", "DATE"],
    ]
    assert refusal("list", "--as", "anna") == "the user 'anna' is disabled\n  hint: sarto orders user enable anna"
    assert said("user", "enable", "anna") == "anna is enabled\n"
    assert said("list", "--as", "anna") == "0 orders\n"
    assert said("user", "password", "anna", stdin="a new password\r\n") == "anna has another password\n"
    assert refusal("list", "--as", "ana") == "there is no user 'ana' in the order book\n  hint: did you mean 'anna'?"
    assert data("user", "list")["users"][1]["customer"] == "Bolt"


def test_a_password_that_was_piped_opens_the_book(file_url: str, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARTO_ORDERS", file_url)
    assert said("user", "list") == "no users; sarto orders user add NAME --role vendor adds one\n"
    said("user", "add", "vera", "--role", "vendor", stdin="pass word ü\nnot this line\n")
    stage = Stage(file_url)
    assert stage.book.log_in("vera", "pass word ü") is not None
    stage.book.close()


@pytest.mark.parametrize(
    ("words", "stdin", "what"),
    [
        (("vera", "--role", "vendor"), "a long password\n", "there is a user 'vera' already"),
        (("max", "--role", "vendor"), "short\n", "a password has at least 8 characters"),
        (("max", "--role", "vendor"), "", "a password has at least 8 characters"),
        (("max", "--role", "customer"), "x", "a user with the role customer belongs to a customer"),
    ],
)
def test_a_user_who_cannot_be_added_is_not(counter: Path, words: tuple[str, ...], stdin: str, what: str) -> None:
    assert refusal("user", "add", *words, stdin=stdin) == what
    assert len(data("user", "list")["users"]) == 3


def test_a_book_is_made_beside_the_line_once(shop: Path) -> None:
    assert refusal("list") == "sqlite:///orders.db: there is no order book here\n  hint: sarto orders init makes one"
    assert said("init") == (
        "made an order book: sqlite:///orders.db; who works with it: sarto orders user add NAME --role vendor\n"
    )
    assert refusal("init") == "sqlite:///orders.db: there is an order book already"
    assert said("list") == "0 orders\n"
    assert said("migrate") == "sqlite:///orders.db is up to date (schema 3)\n"


def test_a_book_is_a_url_or_a_file(shop: Path) -> None:
    (shop / "books").mkdir()
    assert "sqlite:///books/a.db" in said("init", "books/a.db")
    assert data("list", "--book", "books/a.db") == data("list", "--book", "sqlite:///books/a.db") == {"orders": []}
    assert refusal("init", "mysql://me:secret@host/x").startswith("mysql://me:***@host/x: no order book can be kept")


def test_a_book_is_made_and_migrated_in_any_database(empty_url: str, shop: Path) -> None:
    database = Database(database_url(empty_url))
    migrate(database, "1")
    assert "sarto orders migrate" in refusal("list", "--book", empty_url)
    assert refusal("init", empty_url).endswith("hint: sarto orders migrate brings it up to date")
    assert data("migrate", "--book", empty_url)["before"] == "1"
    assert said("list", "--book", empty_url) == "0 orders\n"
    database.close()


def test_json_of_every_step_is_the_order(counter: Path) -> None:
    steps = [
        data("new", "selections/acme.toml"), data("quote", "1"), data("reopen", "1"), data("quote", "1"),
        data("approve", "1"), data("build", "1"), data("deliver", "1"),
    ]  # fmt: skip
    assert [step["state"] for step in steps] == [
        "configuring", "quoted", "configuring", "quoted", "approved", "built", "delivered",
    ]  # fmt: skip
    assert [step["version"] for step in steps] == list(range(1, 8))
    assert steps[5]["launcher"] == "builds/order-1/acme/acme.py"
    assert steps[6]["state"] == OrderState.DELIVERED


def test_an_order_is_edited_where_the_files_of_its_brand_never_were(counter: Path) -> None:
    said("new", "selections/acme.toml")
    (counter / "selections" / "acme.svg").unlink()
    said("edit", "1", "-o", "selections/order.toml")

    assert 'logo = "order-logo.svg"' in (counter / "selections" / "order.toml").read_text()
    assert (counter / "selections" / "order-logo.svg").read_text() == "<svg/>"
    assert said("save", "1", "selections/order.toml", "--version", "1") == "saved order 1 for Acme; version 2\n"
    assert list(json.loads(said("show", "1", "--json"))["files"]) == ["selections/order-logo.svg"]


def test_a_selection_whose_file_is_not_there_is_not_ordered(counter: Path) -> None:
    (counter / "selections" / "acme.svg").unlink()

    assert "brand.logo: there is no file 'acme.svg'" in refusal("new", "selections/acme.toml")
    assert said("list") == "0 orders\n"
