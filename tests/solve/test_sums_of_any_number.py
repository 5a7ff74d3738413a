"""Sums over any number of instances: the answers are those with an upper bound that is far away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sarto.cli.analysing import report
from sarto.model.feature_model import FeatureModel
from sarto.model.instance_sums import MOST_NEEDED, enough_for_sums
from sarto.model.instances import expanded
from sarto.model.toml_line import read_line
from sarto.solve.analysis import analyse
from sarto.solve.evolution.comparison import compare

LINE = """
[line]
name = "house"
version = "1"
root = "house"
[core]
parts = ["house"]
command = "house"
[features.house]
optional = ["room", "pool", "shed", "plot"]
[features.room]
instances = {{ min = {least}{most} }}
optional = ["bath", "desk"]
attributes = {{ price = {room} }}
[features.bath]
attributes = {{ price = {bath}, worth = {worth} }}
[features.pool]
attributes = {{ price = {pool} }}
[features.shed]
instances = {{ min = 0, max = 2 }}
attributes = {{ price = 1 }}
[features.plot]
type = "integer"
minimum = 1
maximum = 3
default = 1
"""
RULES = st.sampled_from(
    [
        "sum(price) {} {}",
        "sum(price, room) {} {}",
        "2 * sum(price) - 1 {} {}",
        "pool => sum(price) {} {}",
        "sum(price) {} {} | desk",
        "sum(price) {} {} <=> pool",
        "sum(price) {} {} + plot",
        "sum(price) {} sum(worth) + {}",
        "sum(worth) - sum(price) {} {}",
        "desk => sum(price) {} {}",
        "bath & desk => !(sum(price) {} {})",
    ]
)
OPERATORS = st.sampled_from(["<", "<=", "==", "!=", ">=", ">"])
PRICES = st.integers(-1, 2)


@st.composite
def houses(draw: st.DrawFn) -> tuple[FeatureModel, FeatureModel]:
    """A model with any number of rooms, and the same with an upper bound that is two above what is enough."""
    rules = [draw(RULES).format(draw(OPERATORS), draw(st.integers(-2, 4))) for _ in range(draw(st.integers(1, 2)))]
    numbers = {name: draw(PRICES) for name in ("room", "bath", "worth", "pool")} | {"least": draw(st.integers(0, 2))}
    text = LINE + "".join(f'[[constraints]]\nrule = "{rule}"\n' for rule in rules)
    endless = read_line(text.format(most="", **numbers), "").model
    enough = enough_for_sums(endless, "room")
    assume(enough is not None and enough <= 5)
    most = len(expanded(endless, is_cut_off=True).features["room"].copies) + 2
    return endless, read_line(text.format(most=f", max = {most}", **numbers), "").model


@settings(max_examples=12, deadline=None)
@given(houses())
def test_the_answers_are_those_with_a_bound_that_is_far_away(both: tuple[FeatureModel, FeatureModel]) -> None:
    endless, bounded = both
    assert analyse(endless) == analyse(bounded)
    asked = {"redundant": True, "explain": False, "commonality": False, "is_counted": True}
    found, far = (report(each, {}, asked, None, None, 20) for each in both)
    assert found["redundant"] == far["redundant"]
    if "unbounded" in found and far["configurations"] is not None:
        further = replace(bounded.features["room"], instances=(far_least(bounded), far_most(bounded) + 1))
        more = replace(bounded, features={**bounded.features, "room": further})
        assert report(more, {}, asked, None, None, 20)["configurations"] != far["configurations"]
    elif "unbounded" not in found:
        assert found["configurations"] == far["configurations"]


def far_least(model: FeatureModel) -> int:
    return (model.features["room"].instances or (1, 1))[0]


def far_most(model: FeatureModel) -> int:
    return (model.features["room"].instances or (1, 1))[1] or 0


@settings(max_examples=15, deadline=None)
@given(houses(), houses())
def test_versions_compare_as_with_a_bound_that_is_far_away(
    old: tuple[FeatureModel, FeatureModel], new: tuple[FeatureModel, FeatureModel]
) -> None:
    most = max(far_most(old[1]), far_most(new[1])) + 6
    far = [
        replace(
            each, features={**each.features, "room": replace(each.features["room"], instances=(far_least(each), most))}
        )
        for each in (old[1], new[1])
    ]
    assert compare(old[0], new[0]).edit is compare(*far).edit


@pytest.mark.parametrize(
    "rule",
    [
        "avg(price) >= 1",
        "sum(price) * sum(price) >= 1",
        "floor(sum(price) / 2) >= 1",
        f"sum(price) >= {MOST_NEEDED + 1}",
    ],
)
def test_where_no_number_is_known_none_is_given(rule: str) -> None:
    text = LINE.format(least=1, most="", room=1, bath=0, worth=0, pool=0) + f'[[constraints]]\nrule = "{rule}"\n'
    assert enough_for_sums(read_line(text, "").model, "room") is None


def test_instances_that_add_beside_others_that_take_have_no_number() -> None:
    text = LINE.format(least=1, most="", room=1, bath=-2, worth=0, pool=0)
    assert enough_for_sums(read_line(text, "").model, "room") == 0
    text += '[[constraints]]\nrule = "sum(price) == 0"\n'
    assert enough_for_sums(read_line(text, "").model, "room") is None
