"""Texts of any length whose value nobody has given: exact over the few that make a difference."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.evaluation import is_valid
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml
from sarto.solve.analysis import analyse
from sarto.solve.difficulty import TooHard
from sarto.solve.values import domains_of

BADGE = """
[line]
root = "badge"

[features.badge]
mandatory = ["name"]
optional = ["pin", "nick"]

[features.name]
type = "string"

[features.nick]
type = "string"

[features.pin]
attributes = { kind = "usb" }

"""
TEXTS = ["".join(letters) for length in range(6) for letters in product("ab", repeat=length)]
"""All texts of two letters with up to five: more than any rule below can tell apart."""

RULES = st.lists(
    st.tuples(
        st.sampled_from(["", "pin => ", "!pin => ", "pin <=> "]),
        st.one_of(
            st.tuples(st.just("len(name)"), st.sampled_from(["<", "<=", "==", "!=", ">=", ">"]), st.integers(0, 3)),
            st.tuples(
                st.just("name"), st.sampled_from(["==", "!="]), st.sampled_from(["''", "'a'", "'b'", "'ab'", "'aaa'"])
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)


def badge(rules: list[str]) -> FeatureModel:
    constraints = "".join(f'[[constraints]]\nrule = "{rule}"\n' for rule in rules)
    return model_from_toml(BADGE + constraints, "features.toml")


@settings(max_examples=150, deadline=None)
@given(RULES)
def test_lengths_and_equal_texts_are_decided_together(drawn: list[tuple[str, tuple[str, str, object]]]) -> None:
    model = badge([f"{head}({left} {operator} {right})" for head, (left, operator, right) in drawn])
    found = [
        pin
        for pin in (False, True)
        if any(is_valid(model, {"badge": True, "name": text, "pin": pin}) for text in TEXTS)
    ]
    analysis = analyse(model)
    assert analysis.void == (not found)
    assert ("pin" in analysis.dead) == (True not in found)
    assert ("pin" in analysis.core) == (found == [True])


SHORT: list[str | bool] = [False, *TEXTS[:15]]
SIDES = st.sampled_from(["name", "nick", "pin.kind", "''", "'a'", "'b'"])
SIZES = st.sampled_from(["len(name)", "len(nick)", "len(pin.kind) - 2", "0", "1", "2", "2 * len(nick) - 1"])
EQUAL = st.tuples(SIDES, st.sampled_from(["==", "!="]), SIDES)
ORDERED = st.tuples(SIDES, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), SIDES)
SIZED = st.tuples(SIZES, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), SIZES)
HEADS = st.sampled_from(["", "pin => ", "!pin => ", "nick => ", "pin & nick => "])


def agrees_with_brute_force(rules: list[str], texts: list[str | bool]) -> None:
    model = badge(rules)
    try:
        analysis = analyse(model)
    except TooHard:
        return  # lengths that are calculated with
    found = {
        (pin, nick is not False)
        for pin in (False, True)
        for name in texts[1:]
        for nick in texts
        if is_valid(model, {"badge": True, "name": name, "nick": nick, "pin": pin})
    }
    assert analysis.void == (not found)
    for index, feature in enumerate(["pin", "nick"]):
        states = {state[index] for state in found}
        assert (feature in analysis.dead) == (True not in states)
        assert (feature in analysis.core) == (states == {True})


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(HEADS, st.one_of(EQUAL, SIZED)), min_size=1, max_size=4))
def test_texts_of_two_features_and_their_lengths_are_decided_as_by_trying_all(
    drawn: list[tuple[str, tuple[str, str, str]]],
) -> None:
    agrees_with_brute_force([f"{head}({' '.join(rule)})" for head, rule in drawn], [*SHORT, "usb", "uuu", "uusb"])


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(HEADS, ORDERED), min_size=1, max_size=4))
def test_texts_of_two_features_are_ordered_as_by_trying_all(drawn: list[tuple[str, tuple[str, str, str]]]) -> None:
    few: list[str | bool] = [False, "", "\0", "a", "a\0", "aa", "ab", "b", "b\0", "ba", "bb", "usb", "usba", "usbb"]
    agrees_with_brute_force([f"{head}({' '.join(rule)})" for head, rule in drawn], few)


@pytest.mark.parametrize(
    ("rules", "texts"),
    [
        (["name > 'a'", "name < 'b'"], {"name": "aa"}),
        (["name > 'a'", "name < 'aa'"], {"name": "a0"}),
        (["nick", "name != nick", "name != ''", "nick != ''"], {"name": "a", "nick": "b"}),
        (["nick", "name == nick", "len(nick) == 3"], {"name": "aaa", "nick": "aaa"}),
    ],
)
def test_a_text_that_is_made_up_can_be_printed(rules: list[str], texts: dict[str, str]) -> None:
    model = badge(rules)
    domains = domains_of(model, {})
    assert all(str(text).isprintable() for values in domains.values() for text in values)
    assert is_valid(model, {"badge": True, **texts})
    assert all(text in domains[name] for name, text in texts.items())


@pytest.mark.parametrize(
    "rules", [["len(name) == 3", "name < 'm'"], ["len(name) == len(nick) + 1"], ["len(name) < 10001"]]
)
def test_what_a_few_texts_cannot_show_is_refused(rules: list[str]) -> None:
    with pytest.raises(TooHard) as caught:
        analyse(badge(rules))
    assert isinstance(caught.value, SartoError)
    assert "calculates with several values that are not decided yet" in caught.value.what


@pytest.mark.parametrize(
    ("rules", "dead", "core"),
    [
        (["name == pin.kind"], [], []),  # without a pin its kind is no text, and so is the name
        (["name == pin.kind", "len(name) == 3"], [], ["pin"]),
        (["name == pin.kind", "len(name) == 2"], None, None),
        (["pin.kind != name", "len(name) == 0"], [], ["pin"]),
    ],
)  # fmt: skip
def test_a_text_is_compared_with_one_that_an_attribute_is(
    rules: list[str], dead: list[str] | None, core: list[str] | None
) -> None:
    analysis = analyse(badge(rules))
    assert analysis.void == (dead is None)
    assert dead is None or list(analysis.dead) == dead
    assert core is None or [name for name in analysis.core if name == "pin"] == core
