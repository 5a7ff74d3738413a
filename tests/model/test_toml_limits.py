"""Models that a features.toml cannot hold are refused with all that stands against it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from sarto.errors import Place, SartoError
from sarto.model.expression import Compare, FeatureReference, Number, Text
from sarto.model.feature import Constraint, Feature, Group, GroupKind, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_limits import check_writable

from .strategies import models


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(models())
def test_a_model_that_can_be_written_passes(given_model: FeatureModel) -> None:
    check_writable(given_model)


def test_all_that_cannot_be_written_is_reported_where_it_stands() -> None:
    at = Place("shop.uvl", line=3, column=1)
    features = {
        "shop": Feature(name="shop", attributes={"since": None, "sizes": {"all": [1, float("inf")]}}, where=at),
        "#1": Feature(name="#1", where=at),
        "title": Feature(name="title", type=ValueType.STRING, where=at),
    }
    model = FeatureModel(
        root="shop",
        features=features,
        groups=(Group("shop", GroupKind.OPTIONAL, ("#1", "title")), Group("shop", GroupKind.OPTIONAL, (), where=at)),
        constraints=(
            Constraint(Compare("==", FeatureReference("title"), Text("it's")), where=at),
            Constraint(Compare(">", FeatureReference("title"), Number(3)), where=at),
        ),
    )
    with pytest.raises(SartoError) as caught:
        check_writable(model)
    assert str(caught.value).splitlines() == [
        "shop.uvl:3:1: '#1' cannot name a feature in a features.toml",
        "  hint: leave out double quotes and control characters, and do not begin with # or !",
        "shop.uvl:3:1: a group of 'shop' has no features",
        "shop.uvl:3:1: the attribute 'since' of 'shop' is no value that TOML has",
        "shop.uvl:3:1: the attribute 'sizes.all[1]' of 'shop' is no value that TOML has",
        'shop.uvl:3:1: the text "it\'s" cannot be written in a constraint',
        "shop.uvl:3:1: 'title' is a text and '3' is a number, which '>' cannot compare",
    ]
