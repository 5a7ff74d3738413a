"""The consequences of an answer in a few words, with what the choice adds up to."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sarto.cli.choosing.answers import read_answer
from sarto.cli.choosing.effects import amount_in_words, effects_in_words
from sarto.cli.choosing.questions import question_of
from sarto.cli.choosing.state import State
from sarto.cli.choosing.totals import Totals

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


def words(state: State, feature: str, text: str) -> str:
    given = read_answer(state, question_of(state, feature), text)
    consequences = state.consequences(given)
    assert consequences is not None
    return effects_in_words(state.model, Totals(state.model), state.settled, given, consequences)


def test_totals_are_exact_and_begin_with_the_price() -> None:
    totals = Totals(model(PRICES))

    assert totals.attributes == ("price", "weight")
    assert totals.of(["a", "inner", "b"]) == {"price": Fraction(3, 10), "weight": Fraction(-2)}
    assert totals.of([]) == {"price": 0, "weight": 0}


def test_a_model_without_numbers_has_no_totals() -> None:
    assert Totals(model('[features.shop]\noptional = ["a"]\n')).attributes == ()


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
    ("amount", "shown"),
    [(Fraction(3), "3"), (Fraction(-5, 2), "-2.5"), (Fraction(1, 3), "0.333333"), (Fraction(10**20), "1" + "0" * 20)],
)
def test_amounts_are_written_as_people_do(amount: Fraction, shown: str) -> None:
    assert amount_in_words(amount) == shown
