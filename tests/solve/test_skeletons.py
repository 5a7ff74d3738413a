"""Formulas that the resolutions of one model share."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection, Wish
from sarto.solve.reasons import Resolution
from sarto.solve.resolution import resolve
from sarto.solve.skeletons import KEPT, Skeletons, skeleton_of

from ..strategies import models, selections
from .lines import model as model_of

TYPED = """
[features.shop]
optional = ["maps", "size"]
[features.size]
type = "real"
default = 2.0
[[constraints]]
rule = "maps => size > 1"
"""


@st.composite
def customers(draw: st.DrawFn) -> tuple[FeatureModel, list[Selection]]:
    model = draw(models(most=8, arithmetic=draw(st.booleans()), typed=draw(st.booleans())))
    return model, [draw(selections(model, is_open=draw(st.booleans()))) for _ in range(4)]


def outcome(model: FeatureModel, selection: Selection, skeletons: Skeletons | None) -> Resolution | str:
    try:
        return resolve(model, selection, skeletons)
    except SartoError as error:
        return str(error)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(customers())
def test_a_resolution_is_the_same_with_its_reasons_whoever_was_resolved_before(
    task: tuple[FeatureModel, list[Selection]],
) -> None:
    model, several = task
    shared = Skeletons(model)
    for selection in (*several, *several):
        assert outcome(model, selection, shared) == outcome(model, selection, None)


def asking(value: float | bool) -> Selection:
    return Selection(line="", customer="", wishes={"size": Wish("size", value)})


def test_customers_who_ask_for_the_same_share_one_formula() -> None:
    skeletons = Skeletons(model_of(TYPED))
    assert skeletons.formula(asking(3.0)) is skeletons.formula(asking(3.0))


def test_values_that_are_equal_but_not_the_same_have_formulas_of_their_own() -> None:
    model = model_of(TYPED)
    skeletons = Skeletons(model)
    for value in (1.0, 1, 1.0):
        found = skeletons.formula(asking(value))
        assert [type(each) for each in found.selectors["size"]] == [type(value)]
        assert found == skeleton_of(model, asking(value))


def test_only_so_many_formulas_are_kept() -> None:
    skeletons = Skeletons(model_of(TYPED))
    first = skeletons.formula(asking(0.5))
    for number in range(KEPT):
        skeletons.formula(asking(2.0 + number))
    again = skeletons.formula(asking(0.5))
    assert again is not first
    assert again == first
