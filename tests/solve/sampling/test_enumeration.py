"""All configurations one after the other, held against trying everything."""

from __future__ import annotations

from itertools import islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.feature_model import FeatureModel
from sarto.solve.counting import count
from sarto.solve.sampling.enumeration import all_configurations
from sarto.solve.sampling.space import agreeing

from ...strategies import configurations, models, selections
from ..lines import SHOP, model

patient = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@patient
@given(models(most=8))
def test_each_comes_once_in_the_order_of_the_tree(model: FeatureModel) -> None:
    check(model)


@patient
@given(models(most=6, arithmetic=True, typed=True))
def test_so_it_is_where_values_and_prices_are_compared(model: FeatureModel) -> None:
    check(model)


def check(model: FeatureModel) -> None:
    names = list(model.preorder())
    expected = sorted({tuple(each[name] is not False for name in names) for each in configurations(model)})
    found = list(all_configurations(model))
    assert [tuple(each[name] is not False for name in names) for each in found] == expected
    assert all(is_valid(model, each) for each in found)


@patient
@given(models(most=6, arithmetic=True, typed=True), st.data())
def test_a_model_under_a_selection_has_the_configurations_that_agree_with_it(
    model: FeatureModel, data: st.DataObject
) -> None:
    selection = data.draw(selections(model))

    expected = [
        each for each in configurations(model)
        if all(each[name] == wish.value and (each[name] is False) == (wish.value is False)
               for name, wish in selection.wishes.items())
    ]  # fmt: skip

    assert list(configurations(agreeing(model, selection))) == expected


def test_the_first_ones_of_very_many_come_at_once() -> None:
    names = ", ".join(f"'f{index}'" for index in range(1500))
    wide = model(f"[features.shop]\noptional = [{names}]\n")

    first, second, third = islice(all_configurations(wide), 3)

    assert [name for name, value in first.items() if value] == ["shop"]
    assert [name for name, value in second.items() if value] == ["shop", "f1499"]
    assert [name for name, value in third.items() if value] == ["shop", "f1498"]


def test_there_is_one_for_each_selection_of_features_whatever_their_values() -> None:
    shop = model(SHOP)

    assert sum(1 for _ in all_configurations(shop)) == count(shop)
