"""Free groups: the fewest features of every kind of group and nesting, held against trying everything out."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection
from sarto.solve.closing import spoken_of
from sarto.solve.reasons import Cause
from sarto.solve.resolution import resolve

from ..strategies import configurations, models


def bare(model: FeatureModel) -> FeatureModel:
    """The same tree, with nothing said of any feature."""
    features = {name: type(feature)(name=name) for name, feature in model.features.items()}
    return FeatureModel(root=model.root, features=features, groups=model.groups)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.builds(bare, models(most=9)))
def test_a_tree_of_which_nothing_is_said_takes_the_fewest_features_and_of_as_many_the_earlier_ones(
    model: FeatureModel,
) -> None:
    selection = Selection(line="", customer="")
    assert spoken_of(model, selection) == [model.root]
    resolution = resolve(model, selection)
    found = [[value is not False for value in map(c.__getitem__, model.preorder())] for c in configurations(model)]
    fewest = min(map(sum, found))
    assert [d.is_selected for d in resolution.decisions.values()] == max(c for c in found if sum(c) == fewest)
    for index, decision in enumerate(resolution.decisions.values()):
        if len({c[index] for c in found}) == 1:
            assert decision.reason.cause is Cause.CONSEQUENCE
