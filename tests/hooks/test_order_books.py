"""Order books, as plugins bring them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest
from sarto.errors import SartoError
from sarto.hooks import Contribution, OrderBooks, Plugin, PluginManager, hookimpl
from sarto.order_book import OrderBook

from .samples import message, with_plugins


class Kept:
    """A plugin whose books are the URLs by which they were opened."""

    def __init__(self, name: str, *schemes: str) -> None:
        self.books = OrderBooks(name=name, schemes=schemes, open=lambda url: cast("OrderBook", url))

    @hookimpl
    def sarto_order_books(self) -> Sequence[OrderBooks]:
        return [self.books]


def test_a_book_is_opened_by_the_scheme_of_its_url_whatever_drives_it() -> None:
    plugins = with_plugins(ant=Kept("stone", "rock", "clay"), bee=Kept("wax", "wax"))
    assert cast("str", plugins.order_book("clay://tablet")) == "clay://tablet"
    assert cast("str", plugins.order_book("wax+warm://a:b@c")) == "wax+warm://a:b@c"
    assert Contribution(Plugin("ant", "sarto-ant", "1.0"), "order books", "stone") in plugins.contributions()


@pytest.mark.parametrize(
    ("url", "shown"), [("sun://me:secret@host", "sun://…"), ("rock", "rock"), ("rock:x", "rock:x"), ("", "")]
)
def test_a_url_that_nobody_knows_is_said_without_its_password(url: str, shown: str) -> None:
    with pytest.raises(SartoError) as caught:
        with_plugins(ant=Kept("stone", "rock", "clay")).order_book(url)
    assert message(caught) == (
        f"nothing is known that keeps an order book at '{shown}'\n  hint: the schemes that are known: rock, clay"
    )


def test_without_a_plugin_one_is_named() -> None:
    with pytest.raises(SartoError, match="hint: install the plugin 'sarto-orders'"):
        PluginManager().order_book("sqlite:///orders.db")


@pytest.mark.parametrize(
    ("name", "scheme", "what"),
    [("stone", "ink", "kind of order books 'stone'"), ("ink", "rock", "scheme of order books 'rock'")],
)
def test_two_kinds_of_one_name_or_scheme_are_an_error_that_names_both(name: str, scheme: str, what: str) -> None:
    with pytest.raises(SartoError) as caught:
        with_plugins(ant=Kept("stone", "rock"), bee=Kept(name, scheme)).order_book("rock://x")
    assert message(caught) == (
        f"{what} comes from two plugins, 'ant' (sarto-ant 1.0) and 'bee' (sarto-bee 1.0)\n"
        "  hint: uninstall one of the two"
    )
