"""What a typed feature may still be, held against trying every value."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.solve.choices import Choices
from sarto.solve.ranges import Interval, intervals

from ..strategies import models
from .lines import model

DESK = """
[features.shop]
mandatory = ["width"]
optional = ["drawer", "wide", "narrow"]

[features.width]
type = "{type}"
minimum = 40
maximum = 200
default = 120

[[constraints]]
rule = "drawer => width >= 100"

[[constraints]]
rule = "wide => width > 150.5"

[[constraints]]
rule = "narrow => width < 60 | width == 70"
"""


def test_whole_numbers_end_where_a_constraint_ends_them() -> None:
    desk = model(DESK.format(type="integer"))

    assert intervals(desk, {}, "width") == (Interval(40, 200),)
    assert intervals(desk, {"drawer": True}, "width") == (Interval(100, 200),)
    assert intervals(desk, {"wide": True}, "width") == (Interval(151, 200),)
    assert intervals(desk, {"narrow": True}, "width") == (Interval(40, 59), Interval(70, 70))
    assert intervals(desk, {"narrow": True, "wide": True}, "width") == ()


def test_real_numbers_may_be_without_their_ends() -> None:
    desk = model(DESK.format(type="real"))

    assert intervals(desk, {"drawer": True}, "width") == (Interval(100, 200),)
    assert intervals(desk, {"wide": True}, "width") == (Interval(150.5, 200, without_minimum=True),)
    assert intervals(desk, {"narrow": True}, "width") == (Interval(40, 60, without_maximum=True), Interval(70, 70))


def test_a_number_without_bounds_has_none_where_nothing_binds_it() -> None:
    desk = model(DESK.format(type="integer").replace("minimum = 40\nmaximum = 200\n", ""))

    assert intervals(desk, {}, "width") == (Interval(None, None),)
    assert intervals(desk, {"drawer": True}, "width") == (Interval(100, None),)
    assert intervals(desk, {"narrow": True}, "width") == (Interval(None, 59), Interval(70, 70))


def test_the_value_itself_does_not_bind_what_it_may_be() -> None:
    desk = model(DESK.format(type="integer"))

    assert intervals(desk, {"width": 180, "drawer": True}, "width") == (Interval(100, 200),)


def test_what_calculates_with_undecided_values_is_not_known() -> None:
    desk = model(
        DESK.format(type="integer").replace('optional = ["drawer"', 'optional = ["depth", "drawer"')
        + '[features.depth]\ntype = "integer"\nminimum = 1\nmaximum = 900\n'
        + '[[constraints]]\nrule = "depth * width < 9000"\n'
    )

    assert intervals(desk, {}, "width") is None
    assert intervals(desk, {"depth": 60}, "width") == (Interval(40, 149),)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(models(most=7, arithmetic=True, typed=True), st.data())
def test_the_intervals_are_the_values_that_go(m: FeatureModel, data: st.DataObject) -> None:
    typed = [name for name, feature in m.features.items() if feature.type is not None]
    assume(typed)
    choices = Choices(m)
    feature = data.draw(st.sampled_from(typed))
    wishes: dict[str, Value] = {
        name: data.draw(st.booleans())
        for name in data.draw(st.lists(st.sampled_from(choices.order), max_size=3, unique=True))
        if name != feature and m.features[name].type is None
    }
    found = intervals(m, wishes, feature)
    assert found is not None
    values = {value for value in range(4) if choices.attempt({**wishes, feature: value}) is not None}
    told = {
        v
        for v in range(4)
        for each in found
        if (each.minimum or 0) <= v <= (3 if each.maximum is None else each.maximum)
    }
    assert told == values
