"""Edits of feature cardinalities: what may be there once in one version and several times in another."""

from __future__ import annotations

import pytest
from sarto.errors import SartoError
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import read_line
from sarto.solve.evolution.comparison import Edit, compare
from sarto.solve.evolution.words import why_lacking

START = """
[line]
name = "house"
version = "1"
root = "house"
[core]
parts = ["house"]
command = "house"
[features.house]
optional = ["room", "garden"]
[features.garden]
type = "integer"
minimum = 1
maximum = 2
[features.room]
mandatory = ["area"]
optional = ["balcony"]
{room}
[features.area]
type = "integer"
minimum = 1
maximum = 3
{area}
[features.balcony]
attributes = {{ price = 2 }}
"""
RULES = """
[[constraints]]
rule = "balcony => area > 1"
[[constraints]]
rule = "garden => area > garden"
[[constraints]]
rule = "sum(price) <= 2"
"""


def house(room: str, area: str = "", *, rules: str = RULES) -> FeatureModel:
    def written(bounds: str) -> str:
        return f"instances = {{ {bounds} }}" if bounds else ""

    return read_line(START.format(room=written(room), area=written(area)) + rules, "features.toml").model


NO_SUM = RULES.rpartition("[[")[0]


@pytest.mark.parametrize(
    ("old", "new", "edit"),
    [
        (("",), ("min = 0, max = 1",), Edit.REFACTORING),
        (("",), ("min = 0, max = 3",), Edit.GENERALISATION),
        (("",), ("min = 1, max = 2",), Edit.GENERALISATION),
        (("",), ("min = 2, max = 3",), Edit.ARBITRARY),
        (("min = 0, max = 3",), ("",), Edit.SPECIALISATION),
        (("min = 0, max = 2",), ("min = 0, max = 3",), Edit.GENERALISATION),
        (("", ""), ("", "min = 1, max = 2"), Edit.GENERALISATION),
        (("", ""), ("min = 1, max = 2", "min = 1, max = 2"), Edit.GENERALISATION),
        (("min = 1, max = 2", ""), ("", "min = 1, max = 2"), Edit.ARBITRARY),
        (("min = 1",), ("min = 1",), Edit.REFACTORING),
        (("",), ("min = 1",), Edit.GENERALISATION),
        (("min = 1, max = 9",), ("min = 0",), Edit.GENERALISATION),
        (("min = 3",), ("min = 2",), Edit.GENERALISATION),
        (("min = 1",), ("min = 1, max = 9",), Edit.SPECIALISATION),
    ],
)
def test_a_product_with_one_instance_is_that_of_a_feature_that_is_there_once(
    old: tuple[str] | tuple[str, str], new: tuple[str] | tuple[str, str], edit: Edit
) -> None:
    is_endless = any(room and "max" not in room for room, *_ in (old, new))
    rules = NO_SUM if is_endless else RULES
    assert compare(house(*old, rules=rules), house(*new, rules=rules)).edit is edit


def test_constraints_in_instances_still_tell_one_version_from_another() -> None:
    stricter = compare(house(""), house("min = 0, max = 3", rules=RULES + '[[constraints]]\nrule = "area < 3"'))
    assert stricter.edit is Edit.ARBITRARY
    looser = compare(house("min = 1", rules=NO_SUM), house("min = 1", rules=""))
    assert looser.edit is Edit.GENERALISATION


def test_what_is_there_once_at_most_is_why_there_is_no_second_one() -> None:
    found = compare(house("min = 0, max = 3"), house(""))
    assert found.lost is not None
    assert dict(found.lost.telling) == {"room#2": True}
    assert why_lacking(found.lost, found.new) == ("'room' is there once at most",)


@pytest.mark.parametrize(("most", "edit"), [(1, Edit.SPECIALISATION), (3, Edit.REFACTORING), (4, Edit.GENERALISATION)])
def test_sums_over_any_number_of_instances_are_compared(most: int, edit: Edit) -> None:
    rules = RULES.replace("<= 2", f"<= {most}")
    assert compare(house("min = 1"), house("min = 1", rules=rules)).edit is edit


def test_an_average_over_any_number_of_instances_is_not_compared() -> None:
    rules = '[[constraints]]\nrule = "avg(price) <= 2"\n'
    with pytest.raises(SartoError, match="'room' may have any number of instances, so not all cases can be looked at"):
        compare(house("min = 1", rules=rules), house("min = 1", rules=rules))
