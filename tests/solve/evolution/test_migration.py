"""Selections carried over to another version of their line: held against brute force."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.line import CoreProduct, LineDescription
from sarto.model.selection import Selection
from sarto.model.values import misfit
from sarto.solve.conflict import Conflict
from sarto.solve.evolution.migration import Carried, Fate, Migration, migrate
from sarto.solve.evolution.words import against_in_words
from sarto.solve.resolution import resolve

from ...strategies import configurations, models, selections
from .editing import edited

patient = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
VALUES: list[Value] = [-1, 0, 1, 2, 3, 4, 5]


@patient
@given(models(most=6, arithmetic=True, typed=True), st.data())
def test_as_many_wishes_are_kept_as_any_configuration_grants(old: FeatureModel, data: st.DataObject) -> None:
    new = data.draw(edited(old))
    wished = data.draw(selections(old))
    values = {name: VALUES for name, feature in new.features.items() if feature.type is not None}
    everything = list(configurations(new, values))
    if not everything:
        with pytest.raises(Conflict):
            migrate(wished, line_of(new))
        return
    migration = migrate(wished, line_of(new))
    fitting = [wish for wish in wished.wishes.values() if fits(new, wish.feature, wish.value)]
    most = max(sum(grants(c, wish.feature, wish.value) for wish in fitting) for c in everything)
    assert sum(each.fate is Fate.KEPT for each in on_features(migration)) == most
    check(wished, new, migration)


def line_of(model: FeatureModel) -> LineDescription:
    return LineDescription(name="shop", version="2", model=model, core=CoreProduct(parts=("shop",), command="shop"))


def fits(model: FeatureModel, feature: str, value: Value) -> bool:
    return feature in model.features and not misfit(model.features[feature], value)


def grants(configuration: Mapping[str, Value], feature: str, value: Value) -> bool:
    return str(configuration[feature]) == str(value)


def on_features(migration: Migration) -> list[Carried]:
    return [each for each in migration.decisions if each.key.startswith("select.")]


def check(wished: Selection, new: FeatureModel, migration: Migration) -> None:
    """Each wish is there with its fate; what is not kept has its reason, and the rest leads to a configuration."""
    decided = on_features(migration)
    assert [each.key for each in decided] == [f"select.{name}" for name in wished.wishes]
    said = {f"select.{name}": wish.value for name, wish in migration.selection.wishes.items()}
    for each in decided:
        assert bool(against_in_words(each)) == (each.fate in (Fate.CHANGED, Fate.DROPPED))
        assert each.fate is Fate.DROPPED or str(said[each.now]) == str(each.after)
    kept = {each.now for each in decided} | {f"select.{each.feature}" for each in migration.added}
    assert said.keys() <= kept
    resolve(new, migration.selection)


@patient
@given(models(most=6, arithmetic=True, typed=True), st.data())
def test_a_selection_that_the_new_version_grants_is_kept_as_it_is(old: FeatureModel, data: st.DataObject) -> None:
    wished = data.draw(selections(old))
    try:
        resolve(old, wished)
    except Conflict:
        return
    migration = migrate(wished, line_of(old))
    assert migration.selection == wished
    assert all(each.fate is Fate.KEPT for each in migration.decisions)


@patient
@given(models(most=6, typed=True), st.data())
def test_what_stands_against_a_dropped_wish_is_impossible_with_it(old: FeatureModel, data: st.DataObject) -> None:
    new = data.draw(edited(old))
    values = {name: VALUES for name, feature in new.features.items() if feature.type is not None}
    everything = list(configurations(new, values))
    if everything:
        for each in on_features(migrate(data.draw(selections(old)), line_of(new))):
            if each.fate is Fate.DROPPED and not each.problem:
                wishes = [rule.wish for rule in each.against if hasattr(rule, "wish")]
                asked = {each.key.removeprefix("select."): each.before} | {w.feature: w.value for w in wishes}
                assert not any(all(grants(c, *wish) for wish in asked.items()) for c in everything)
