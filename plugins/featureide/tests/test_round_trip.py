"""What is written reads back: equal where FeatureIDE can say it, and with the same configurations everywhere."""

from __future__ import annotations

from hypothesis import given, settings
from sarto.model.feature_model import FeatureModel
from sarto_featureide.reading import read_text
from sarto_featureide.writing import write

from .models import configurations, models


@settings(deadline=None)
@given(models(is_fitting=True))
def test_a_model_with_groups_as_featureide_has_them_reads_back_equal(model: FeatureModel) -> None:
    assert read_text(write(model), strict=True).model == model


@settings(deadline=None, max_examples=50)
@given(models())
def test_any_other_model_reads_back_with_its_features_and_constraints(model: FeatureModel) -> None:
    reading = read_text(write(model), strict=True)
    found = reading.model
    assert found.features == model.features
    added = len(found.constraints) - len(model.constraints)
    assert found.constraints[added:] == model.constraints
    assert read_text(write(found), strict=True).model == found


@settings(deadline=None)
@given(models(is_plain=True))
def test_what_reads_back_has_the_same_configurations(model: FeatureModel) -> None:
    assert configurations(read_text(write(model), strict=True).model) == configurations(model)
