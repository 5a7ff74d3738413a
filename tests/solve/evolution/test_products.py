"""Products that one model has and another has not, held against trying everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.expression import Expression, FeatureReference, Not, Value
from sarto.model.feature import Constraint, Feature, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.solve.evolution.likeness import without_common
from sarto.solve.evolution.products import product_only_in
from sarto.solve.reasons import ConstraintRule, RootRule

from ...strategies import configurations, models
from .editing import edited

patient = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))

Product = frozenset[tuple[str, Value]]
VALUES: list[Value] = [-1, 0, 1, 2, 3, 4, 5]


def products(model: FeatureModel, visible: set[str]) -> dict[Product, dict[str, Value]]:
    """Every product of a model, by trying all, with a configuration that has it."""
    values = {name: VALUES for name, feature in model.features.items() if feature.type is not None}
    return {product(c, visible): c for c in configurations(model, values)}


def product(configuration: Mapping[str, Value], visible: set[str]) -> Product:
    return frozenset((n, str(v)) for n, v in configuration.items() if v is not False and n in visible)


def visible_in(*models: FeatureModel) -> set[str]:
    return {n for m in models for n, feature in m.features.items() if not feature.abstract or feature.type is not None}


def check(first: FeatureModel, second: FeatureModel) -> None:
    visible = visible_in(first, second)
    here, there = products(first, visible), products(second, visible)
    witness = product_only_in(first, second)
    assert (witness is None) == (here.keys() <= there.keys())
    if witness is None:
        return
    assert is_valid(first, witness.configuration)
    assert product(witness.configuration, visible) not in there
    if any({name for name, _ in each} <= second.features.keys() for each in here.keys() - there.keys()):
        assert {name for name, _ in product(witness.configuration, visible)} <= second.features.keys()


@patient
@given(models(most=6), models(most=6), st.data())
def test_of_two_models_with_nothing_in_common_but_names(
    first: FeatureModel, second: FeatureModel, data: st.DataObject
) -> None:
    check(hiding(first, data), hiding(second, data))


@patient
@given(models(most=6, arithmetic=True, typed=True), st.data())
def test_of_a_model_and_an_edit_of_it(first: FeatureModel, data: st.DataObject) -> None:
    first = hiding(first, data)
    second = data.draw(edited(first))
    check(first, second)
    check(second, first)


def hiding(model: FeatureModel, data: st.DataObject) -> FeatureModel:
    """The model with some of its features abstract."""
    names = data.draw(st.sets(st.sampled_from(list(model.features))))
    features = {name: replace(feature, abstract=name in names) for name, feature in model.features.items()}
    return replace(model, features=features)


@patient
@given(models(most=7), st.data())
def test_leaving_out_what_is_alike_changes_no_answer(first: FeatureModel, data: st.DataObject) -> None:
    second = data.draw(edited(first))
    smaller = without_common(first, second)
    whole, part = ([products(m, visible_in(*pair)).keys() for m in pair] for pair in ((first, second), smaller))
    assert (whole[0] <= whole[1]) == (part[0] <= part[1])
    assert (whole[1] <= whole[0]) == (part[1] <= part[0])


@patient
@given(models(most=6, arithmetic=True, typed=True), st.data())
def test_the_decisions_that_tell_why_cannot_hold_together_and_none_can_be_spared(
    first: FeatureModel, data: st.DataObject
) -> None:
    first = hiding(first, data)
    second = data.draw(edited(first))
    witness = product_only_in(first, second)
    if witness is None or not witness.rules:
        return
    there = products(second, set(second.features)).values()

    def is_possible(decisions: Mapping[str, Value]) -> bool:
        return any(all(str(c.get(name, False)) == str(value) for name, value in decisions.items()) for c in there)

    assert all(witness.configuration.get(name, False) is value for name, value in witness.telling.items())
    assert not is_possible(witness.telling)
    for name in witness.telling:
        assert is_possible({other: value for other, value in witness.telling.items() if other != name})


def test_a_model_without_products_lacks_each_whatever_was_decided() -> None:
    def numbered(low: int, high: int, *rules: Expression) -> FeatureModel:
        feature = Feature(name="R", type=ValueType.INTEGER, minimum=low, maximum=high)
        return FeatureModel(root="R", features={"R": feature}, constraints=tuple(map(Constraint, rules)))

    witness = product_only_in(numbered(0, 3), numbered(5, 5, Not(FeatureReference("R"))))
    assert witness is not None
    assert witness.telling == {}
    assert {type(rule) for rule in witness.rules} == {ConstraintRule, RootRule}
