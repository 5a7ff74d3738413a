"""Choosing step by step, held against brute force."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.solve.configurator import Configurator
from sarto.solve.conflict import Conflict
from sarto.solve.reasons import Decision
from sarto.solve.words import sentence

from ..strategies import configurations, models
from .lines import SHOP, model, selection

patient = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@patient
@given(models(most=8), st.data())
def test_no_choice_leads_into_a_dead_end_and_every_consequence_is_shown(m: FeatureModel, data: st.DataObject) -> None:
    everything = list(configurations(m))
    assume(everything)
    configurator = Configurator(m)
    while configurator.free:
        check_states(configurator, everything)
        feature = data.draw(st.sampled_from(configurator.free))
        value = data.draw(st.booleans())
        previewed = configurator.preview(feature, value)
        before = configurator.free
        after = configurator.decide(feature, value)
        assert after == previewed
        assert set(before) - set(configurator.free) == {feature, *after.selected, *after.excluded}
    check_states(configurator, everything)


def check_states(configurator: Configurator, everything: list[dict[str, Value]]) -> None:
    fitting = [
        c for c in everything if all((c[fact.feature] is not False) == fact.value for fact in configurator.decisions)
    ]
    assert fitting
    for name in configurator.model.features:
        states = {c[name] is not False for c in fitting}
        assert configurator.state(name) is (states.pop() if len(states) == 1 else None)


def test_undo_takes_back_a_decision_with_all_its_consequences() -> None:
    configurator = Configurator(model(SHOP))
    free = configurator.free
    consequences = configurator.decide("reviews", True)
    assert consequences.selected == ("search", "full")
    assert consequences.excluded == ("simple",)
    assert configurator.undo() == "reviews"
    assert configurator.free == free
    assert configurator.undo() is None


def test_an_impossible_decision_is_explained_and_changes_nothing() -> None:
    configurator = Configurator(model(SHOP))
    configurator.decide("reviews", True)
    assert configurator.preview("simple", True) is None
    with pytest.raises(Conflict) as caught:
        configurator.decide("simple", True)
    assert "'search' has exactly one of 'simple' and 'full'" in str(caught.value)
    assert [fact.feature for fact in configurator.decisions] == ["reviews"]


def test_why_a_feature_is_in() -> None:
    configurator = Configurator(model(SHOP))
    configurator.decide("reviews", True)
    reason = configurator.reason("full")
    assert reason is not None
    assert sentence(Decision("full", True, reason)) == (
        "the constraint reviews => full (features.toml: constraints[0].rule): "
        "Reviews are found through the full-text index — 'reviews' is selected"
    )
    assert configurator.reason("audit") is None


def test_values_that_leave_nothing_are_a_conflict_that_names_them() -> None:
    m = model(SHOP + '\n[[constraints]]\nrule = "page_size > 10 & page_size < 70"\n')
    value = selection("[select]\npage_size = 80\n")

    with pytest.raises(Conflict) as caught:
        Configurator(m, value)

    assert "'page_size' is set to 80 (acme.toml: select.page_size)" in caught.value.reasons
