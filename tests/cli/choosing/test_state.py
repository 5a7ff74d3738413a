"""What is settled after each answer, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.cli.choosing.questions import Question, next_question
from sarto.cli.choosing.state import Answer, State
from sarto.model.expression import Value
from sarto.model.feature import Feature
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Wish
from sarto.model.values import misfit
from sarto.solve.configurator import Consequences
from sarto.solve.conflict import Conflict
from sarto.solve.resolution import resolve

from ...strategies import models
from .models import answer, model, shop


def test_at_first_only_what_every_product_has_is_settled() -> None:
    state = shop()

    assert state.settled == {"shop": True, "payment": True, "page_size": True}
    assert state.free == ("card", "invoice", "coins", "search", "simple", "full", "reviews", "audit")
    assert state.wishes == {}


def test_an_answer_settles_what_follows_both_ways() -> None:
    state = shop()

    consequences = answer(state, "audit", "y")

    assert consequences == Consequences(selected=("invoice",), excluded=("coins",))
    assert (state.is_in("invoice"), state.is_in("coins"), state.is_in("card")) == (True, False, None)


def test_consequences_are_seen_before_the_answer_is_given() -> None:
    state = shop()

    seen = state.consequences(Answer("audit", {"audit": True}))

    assert seen == Consequences(selected=("invoice",), excluded=("coins",))
    assert state.is_in("invoice") is None


def test_an_impossible_answer_changes_nothing_and_says_why() -> None:
    state = shop()
    answer(state, "audit", "y")

    with pytest.raises(Conflict) as conflict:
        state.give(Answer("coins", {"coins": True}))

    assert conflict.value.reasons == (
        "'audit' is selected",
        "'coins' is selected",
        "the constraint audit => invoice & !coins (features.toml: constraints[0].rule): Auditors want paper",
    )
    assert state.wishes == {"audit": True}
    assert state.consequences(Answer("coins", {"coins": True})) is None


def test_an_answer_with_an_impossible_part_is_not_taken_at_all() -> None:
    state = shop()

    with pytest.raises(Conflict):
        state.give(Answer("payment", {"card": True, "audit": True, "coins": True}))

    assert (state.wishes, state.is_in("card")) == ({}, None)


def test_the_last_answer_is_taken_back_with_all_that_followed() -> None:
    state = shop()
    before = state.settled
    answer(state, "audit", "y")

    taken = state.undo()

    assert taken == Answer("audit", {"audit": True})
    assert (state.settled, state.answers) == (before, ())
    assert state.undo() is None


def test_a_value_decides_the_constraints_over_it() -> None:
    state = shop()

    consequences = answer(state, "page_size", "80")

    assert consequences == Consequences(selected=(), excluded=("full",))
    state.undo()
    assert state.is_in("full") is None


def test_a_value_that_contradicts_earlier_answers_is_refused_with_the_value_in_the_reason() -> None:
    state = shop()
    answer(state, "full", "full")

    with pytest.raises(Conflict) as conflict:
        answer(state, "page_size", "80")

    assert "'page_size' is set to 80" in conflict.value.reasons
    assert state.wishes == {"full": True}


def test_a_later_answer_overrides_an_earlier_one() -> None:
    state = shop()
    answer(state, "audit", "y")

    consequences = answer(state, "audit", "n")

    assert state.wishes == {"audit": False}
    assert (state.is_in("invoice"), state.is_in("coins")) == (None, None)
    assert consequences == Consequences((), ())
    state.undo()
    assert state.wishes == {"audit": True}


def test_what_is_left_to_the_line_is_answered_but_no_wish() -> None:
    state = shop()

    answer(state, "reviews", "-")

    assert state.is_answered("reviews")
    assert state.wishes == {}


def test_what_is_left_to_the_end_user_stands_in_the_selection_as_open() -> None:
    state = shop()
    answer(state, "reviews", "o")
    answer(state, "audit", "n")

    selection = state.selection("Acme", "features.toml", "acme.toml")

    assert list(selection.open) == ["reviews"]
    assert selection.wishes == {"audit": Wish("audit", False)}
    assert (selection.customer, selection.line) == ("Acme", "features.toml")
    answer(state, "reviews", "y")
    assert state.opened == ()


def test_a_decision_has_its_value_and_reason() -> None:
    state = shop()
    answer(state, "page_size", "80")

    decided, following = state.decision("page_size"), state.decision("full")

    assert decided is not None
    assert decided.value == 80
    assert following is not None
    assert following.value is False
    assert state.decision("audit") is None


def test_a_model_without_any_configuration_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="the feature model contradicts itself"):
        State(model('[features.shop]\noptional = ["a"]\n[[constraints]]\nrule = "!shop"\n'))


def possible_values(feature: Feature) -> list[Value]:
    """A few values that the feature may take."""
    tried: list[Value] = [True, False, 0, 1, 3]
    return [value for value in tried if not misfit(feature, value)]


def wishes_for(question: Question, feature_model: FeatureModel) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries(
        {},
        optional={name: st.sampled_from(possible_values(feature_model.features[name])) for name in question.members},
    )


@settings(deadline=None, max_examples=60)
@given(feature_model=models(7, arithmetic=True, typed=True), data=st.data())
def test_no_answer_that_is_taken_leads_into_a_dead_end(feature_model: FeatureModel, data: st.DataObject) -> None:
    try:
        state = State(feature_model)
    except Conflict:
        return
    for _ in range(6):
        question = next_question(state)
        if question is None:
            break
        given_answer = Answer(question.topic, data.draw(wishes_for(question, feature_model)))
        foreseen = state.consequences(given_answer)
        try:
            assert state.give(given_answer) == foreseen
        except Conflict:
            assert foreseen is None
            state.give(Answer(question.topic))
    configuration = resolve(feature_model, state.selection("A", "")).configuration
    assert all(configuration[name] == value for name, value in state.wishes.items() if value is not True)
    assert all((configuration[name] is not False) is is_in for name, is_in in state.settled.items())
