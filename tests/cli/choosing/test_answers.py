"""What a typed line means."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.cli.choosing.answers import Command, can_be_left_open, read_answer, read_command
from sarto.cli.choosing.questions import question_of
from sarto.cli.choosing.state import Answer, State
from sarto.errors import SartoError

from .models import answer, model, shop

TYPED = """
[features.shop]
optional = ["count", "rate", "word", "free"]

[features.count]
type = "integer"
minimum = 1
maximum = 9
default = 3

[features.rate]
type = "real"

[features.word]
type = "string"
default = "a"

[features.free]
type = "string"
"""


def read(state: State, feature: str, text: str) -> Answer:
    return read_answer(state, question_of(state, feature), text)


def complaint(state: State, feature: str, text: str) -> str:
    with pytest.raises(SartoError) as error:
        read(state, feature, text)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("u", (Command.UNDO, "")),
        ("?", (Command.EXPLAIN, "")),
        ("d", (Command.DEFAULTS, "")),
        ("w", (Command.WRITE, "")),
        ("q", (Command.QUIT, "")),
        ("h", (Command.HELP, "")),
        ("/", (Command.SEARCH, "")),
        ("/ maps ", (Command.SEARCH, "maps")),
    ],
)
def test_a_command_is_recognised(text: str, command: tuple[Command, str]) -> None:
    assert read_command(text) == command


@pytest.mark.parametrize("text", ["y", "n", "1", "-", "", "'u'", "undo", "card"])
def test_an_answer_is_no_command(text: str) -> None:
    assert read_command(text) is None


@pytest.mark.parametrize(("text", "value"), [("y", True), ("yes", True), ("n", False), ("no", False)])
def test_a_plain_feature_is_answered_with_yes_or_no(text: str, value: bool) -> None:
    assert read(shop(), "audit", text).wishes == {"audit": value}


def test_anything_else_is_refused_with_what_is_expected() -> None:
    assert complaint(shop(), "audit", "maybe") == "'maybe' is no answer\n  hint: give y or n"


@pytest.mark.parametrize(
    ("feature", "text", "value"),
    [
        ("count", "4", 4),
        ("count", "n", False),
        ("count", "y", True),
        ("rate", "2.5", 2.5),
        ("rate", "2", 2.0),
        ("word", "hello there", "hello there"),
        ("word", "'u'", "u"),
        ("word", '"n"', "n"),
        ("word", "''", ""),
        ("word", "it's", "it's"),
        ("free", "y", "y"),
    ],
)
def test_a_typed_feature_is_answered_with_a_value(feature: str, text: str, value: object) -> None:
    assert read(State(model(TYPED)), feature, text).wishes == {feature: value}


@pytest.mark.parametrize(
    ("feature", "text", "message"),
    [
        ("count", "10", "10 is above the maximum of 'count', 9\n  hint: give an integer from 1 to 9, or n"),
        ("count", "0", "0 is below the minimum of 'count', 1\n  hint: give an integer from 1 to 9, or n"),
        ("count", "2.5", "'2.5' is no answer\n  hint: give an integer from 1 to 9, or n"),
        ("rate", "much", "'much' is no answer\n  hint: give a number, or n"),
        ("rate", "inf", "inf is not a number, as 'rate' needs\n  hint: give a number, or n"),
        ("rate", "y", "'y' is no answer\n  hint: give a number, or n"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_range(feature: str, text: str, message: str) -> None:
    assert complaint(State(model(TYPED)), feature, text) == message


@pytest.mark.parametrize("text", ["1 3", "1,3", "1, 3", "card coins", "coins 1"])
def test_members_of_a_group_are_chosen_by_number_or_name(text: str) -> None:
    assert read(shop(), "card", text).wishes == {"card": True, "invoice": False, "coins": True}


def test_members_that_other_answers_settled_need_not_be_said() -> None:
    state = shop()
    answer(state, "audit", "y")

    assert read(state, "card", "card").wishes == {"card": True}
    assert read(state, "card", "invoice").wishes == {"card": False}


def test_of_an_alternative_exactly_one_is_chosen_and_the_others_are_taken_back() -> None:
    state = shop()

    chosen = read(state, "full", "2")

    assert (chosen.wishes, chosen.dropped) == ({"full": True}, ("simple",))
    assert complaint(state, "full", "1 2") == "one of these is needed\n  hint: give a number from 1 to 2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0", "0 of these are chosen, where 1 or more are needed"),
        ("4", "'4' is none of these\n  hint: give numbers from 1 to 3, with spaces between"),
        ("cash", "'cash' is none of these\n  hint: give numbers from 1 to 3, with spaces between"),
        ("y", "'y' is none of these\n  hint: give numbers from 1 to 3, with spaces between"),
    ],
)
def test_members_that_are_none_or_too_few_are_refused(text: str, message: str) -> None:
    assert complaint(shop(), "card", text) == message


@pytest.mark.parametrize(
    ("bounds", "text", "message"),
    [
        ("min = 1, max = 2", "1 2 3", "3 of these are chosen, where 1 to 2 are needed"),
        ("min = 2, max = 2", "1", "1 of these is chosen, where 2 are needed"),
        ("min = 2, max = 3", "0", "0 of these are chosen, where 2 or more are needed"),
    ],
)
def test_a_cardinality_is_kept(bounds: str, text: str, message: str) -> None:
    state = State(model(f'[features.shop]\ngroups = [{{ {bounds}, of = ["a", "b", "c"] }}]\n'))

    assert complaint(state, "a", text) == message


def test_none_at_all_can_be_chosen_where_the_group_allows_it() -> None:
    state = State(model('[features.shop]\ngroups = [{ min = 0, max = 2, of = ["a", "b", "c"] }]\n'))

    assert read(state, "a", "0").wishes == {"a": False, "b": False, "c": False}


def test_a_question_can_be_left_to_the_line() -> None:
    state = shop()

    assert read(state, "reviews", "-") == Answer("reviews", dropped=("reviews",))


def test_a_value_that_nobody_else_gives_cannot_be_left_to_the_line() -> None:
    state = State(model('[features.shop]\nmandatory = ["rate"]\n[features.rate]\ntype = "real"\nminimum = 1\n'))

    assert complaint(state, "rate", "-") == "the line has no value for 'rate'\n  hint: give a number from 1 up"


def test_a_feature_can_be_left_to_the_end_user_where_it_is_bound_after_the_build() -> None:
    state = shop()
    features = state.model.features

    assert can_be_left_open(features["reviews"])
    assert not can_be_left_open(features["audit"])
    assert read(state, "reviews", "o") == Answer("reviews", opened=("reviews",))
    assert complaint(state, "audit", "o") == "'o' is no answer\n  hint: give y or n"


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_command_an_answer_or_refused_in_words(text: str) -> None:
    state = State(model(TYPED + '[[constraints]]\nrule = "count > 5 => rate"\n'))
    for feature in state.model.features:
        if read_command(text) is None:
            with contextlib.suppress(SartoError):
                assert read(state, feature, text).topic == feature
