"""What always comes with a feature, by situation and against trying everything out."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.feature_model import FeatureModel
from sarto.solve.implication import always_with

from ..strategies import configurations, models
from .lines import SHOP, model


def test_what_every_configuration_with_a_feature_has_comes_with_it() -> None:
    assert always_with(model(SHOP), ["search", "full", "reviews", "coins", "card"]) == {
        "search": ("search",),
        "full": ("search", "full"),
        "reviews": ("search", "full", "reviews"),
        "coins": ("coins",),
        "card": ("card",),
    }


def test_a_dead_feature_has_no_company() -> None:
    dead = SHOP + '[[constraints]]\nrule = "!reviews"\n'
    assert always_with(model(dead), ["reviews", "full"]) == {"full": ("full",)}


def test_a_typed_feature_s_default_rules_nothing_out() -> None:
    long = SHOP.replace("default = 100", "default = 400")
    assert always_with(model(long), ["full", "page_size"])["full"] == ("full", "page_size")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(models(most=7, arithmetic=True, typed=False), st.data())
def test_it_is_what_trying_everything_out_finds(model: FeatureModel, data: st.DataObject) -> None:
    asked = data.draw(st.lists(st.sampled_from(sorted(model.features)), unique=True))
    possible = list(configurations(model, {}))
    expected = {}
    for name in asked:
        having = [configuration for configuration in possible if configuration[name]]
        if having:
            expected[name] = tuple(other for other in asked if all(each[other] for each in having))
    assert always_with(model, asked) == expected
