"""The consequences of an answer in a few words, with what the choice adds up to."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from sarto.cli.choosing.answers import read_answer
from sarto.cli.choosing.effects import effects_in_words
from sarto.cli.choosing.questions import question_of
from sarto.cli.choosing.state import State
from sarto.cli.choosing.totals import Totals
from sarto.model.toml_line import read_line

from .models import answer, model, shop

PRICES = """
[features.shop]
optional = ["a", "b", "c"]
attributes = { weight = 1, price = 10 }

[features.a]
attributes = { price = 0.1, colour = "red", heavy = true }
mandatory = ["inner"]

[features.inner]
attributes = { price = 0.2 }

[features.b]
attributes = { weight = -2 }
optional = ["below"]

[[constraints]]
rule = "a => !b"

[[constraints]]
rule = "a => c"
"""


def totals(state: State, prices: str = "") -> Totals:
    head = '[line]\nname = "shop"\nversion = "1"\nroot = "shop"\n[core]\nparts = ["shop"]\ncommand = "shop"\n'
    line = read_line(f"{head}[features.shop]\n{prices}", "features.toml")
    return Totals(replace(line, model=state.model))


def words(state: State, feature: str, text: str) -> str:
    given = read_answer(state, question_of(state, feature), text)
    consequences = state.consequences(given)
    assert consequences is not None
    return effects_in_words(state.model, totals(state), state.decided, given, consequences)


def test_totals_are_exact_and_begin_with_the_price() -> None:
    found = totals(State(model(PRICES))).of({"a": True, "inner": True, "b": True, "c": False})

    assert [*found.items()] == [("price", Fraction(3, 10)), ("weight", Fraction(-2))]
    assert totals(State(model(PRICES))).of({}) == {"price": 0, "weight": 0}


def test_a_model_without_numbers_has_no_totals() -> None:
    assert totals(State(model('[features.shop]\noptional = ["a"]\n'))).of({"shop": True}) == {}


def test_where_the_line_has_prices_the_price_is_what_a_quote_comes_to() -> None:
    found = totals(
        State(model(PRICES)),
        '[prices]\ncurrency = "EUR"\nbase = 5\n[[prices.rules]]\nname = "Half"\nwhen = "subtotal > 5"\npercent = -50\n',
    )

    assert found.of({"shop": True, "b": True}) == {"price": Fraction(15, 2), "weight": Fraction(-1)}
    assert found.in_words("price", Fraction(15, 2)) == "7.50 EUR"


def test_a_price_that_cannot_be_said_is_not_shown() -> None:
    found = totals(
        State(model(PRICES)),
        '[prices]\ncurrency = "EUR"\nbase = 5\n[[prices.rules]]\nname = "Half"\nadd = "1 / (subtotal - 5)"\n',
    )

    assert found.of({}) == {"weight": 0}


def test_what_comes_in_and_goes_out_is_said_with_how_the_totals_move() -> None:
    assert words(State(model(PRICES)), "a", "y") == "price +0.3; in: c; out: b"


def test_what_the_tree_alone_says_is_not_repeated() -> None:
    state = State(model(PRICES))

    assert words(state, "b", "n") == ""
    assert words(shop(), "full", "full") == "price +400; in: search"
    assert words(shop(), "search", "n") == ""


def test_what_is_given_up_makes_the_totals_smaller() -> None:
    state = shop()
    answer(state, "full", "full")

    assert words(state, "full", "simple") == "price -309.5"


def test_an_answer_without_consequences_has_no_words() -> None:
    assert words(shop(), "reviews", "y") == ""


@pytest.mark.parametrize(
    ("amount", "written"),
    [(Fraction(3), "3"), (Fraction(-5, 2), "-2.5"), (Fraction(1, 3), "0.333333"), (Fraction(10**20), "1" + "0" * 20)],
)
def test_amounts_are_written_as_people_do(amount: Fraction, written: str) -> None:
    assert totals(shop()).in_words("weight", amount) == written
