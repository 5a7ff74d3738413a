"""Configurations drawn uniformly: valid, and each as often as chance has it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from sarto.errors import SartoError
from sarto.model.evaluation import is_valid
from sarto.model.feature_model import FeatureModel
from sarto.solve.sampling.enumeration import all_configurations
from sarto.solve.sampling.uniform import uniform_sample

from ...strategies import configurations, models
from ..lines import SHOP, model

patient = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
VOID = "[features.shop]\noptional = ['a']\n[[constraints]]\nrule = '!shop'\n"
TREE = """
[features.shop]
optional = ["a", "b"]
or = ["c", "d", "e"]
[features.a]
groups = [{ min = 2, max = 3, of = ["f", "g", "h"] }]
[features.b]
alternative = ["i", "j", "k"]
[[constraints]]
rule = "c & i => g"
"""


@patient
@given(models(most=6, arithmetic=True, typed=True))
def test_what_is_drawn_is_valid_and_counted(model: FeatureModel) -> None:
    selections = {frozenset(n for n, v in each.items() if v is not False) for each in configurations(model)}
    if not selections:
        with pytest.raises(SartoError, match="the model is void: it has no configuration"):
            uniform_sample(model, 1)
        return
    sample = uniform_sample(model, 10)
    assert sample.count == len(selections)
    assert len(sample.configurations) == 10
    assert all(is_valid(model, each) for each in sample.configurations)


@pytest.mark.parametrize("text", [SHOP, TREE])
@pytest.mark.parametrize("seed", [1, 2])
def test_each_configuration_is_drawn_as_often_as_any_other(text: str, seed: int) -> None:
    subject = model(text)
    expected = [frozenset(n for n, v in each.items() if v is not False) for each in all_configurations(subject)]
    each = 50

    drawn = uniform_sample(subject, each * len(expected), seed=seed).configurations

    counts = Counter(frozenset(n for n, v in configuration.items() if v is not False) for configuration in drawn)
    assert counts.keys() == set(expected)
    chi_square = sum((counts[key] - each) ** 2 / each for key in expected)
    freedom = len(expected) - 1
    deviation = (chi_square - freedom) / (2 * freedom) ** 0.5
    assert -3.5 < deviation < 3.5


def test_the_same_seed_draws_the_same() -> None:
    shop = model(SHOP)

    assert uniform_sample(shop, 20, seed=4) == uniform_sample(shop, 20, seed=4)
    assert uniform_sample(shop, 20, seed=4) != uniform_sample(shop, 20, seed=5)


def test_what_is_not_found_in_time_is_unknown() -> None:
    hard = model(TREE + '[[constraints]]\nrule = "(a | d) & (b => e | f) & (k | h | c)"\n')

    with pytest.raises(SartoError, match=r"^unknown: too hard to draw uniformly in 0 s"):
        uniform_sample(hard, 1, seconds=0)


def test_of_a_void_model_nothing_can_be_drawn() -> None:
    with pytest.raises(SartoError, match="the model is void"):
        uniform_sample(model(VOID), 1)
