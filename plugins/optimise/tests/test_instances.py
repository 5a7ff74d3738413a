"""The best configuration where features may be there several times, against all that there are."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.errors import Place
from sarto.model.feature_model import FeatureModel
from sarto.model.instances import expanded
from sarto.model.toml_line import model_from_toml
from sarto.solve.goals import read_goal
from sarto.solve.optimising import optimise
from sarto.solve.problem import Status
from sarto_optimise.cp_sat import solve

HOME = """
[line]
root = "home"

[features.home]
mandatory = ["room"]
optional = ["garage"]

[features.room]
instances = {{ min = 1, max = 3 }}
mandatory = ["size", "height"]
attributes = {{ price = 10 }}

[features.size]
alternative = ["small", "large"]

[features.small]
attributes = {{ area = 12, price = 5 }}

[features.large]
attributes = {{ area = 30, price = 8 }}

[features.height]
type = "integer"
minimum = 2
maximum = 4

[features.garage]
attributes = {{ area = 15, price = 20 }}

[[constraints]]
rule = "sum(area) {area}"

[[constraints]]
rule = "sum(height) {height}"

[[constraints]]
rule = "large => height > {least}"

[[constraints]]
rule = "garage => large"
"""

LIMITS = st.sampled_from(["<= 60", ">= 40", "== 27", "!= 12", ">= 0"])
HEIGHTS = st.sampled_from(["<= 7", ">= 5", "== 6", ">= 0"])
GOALS = {"price": False, "area": True, "height": False, "area - 2*height": True}


def homes(area: str, height: str, least: int) -> list[dict[str, int]]:
    """The amounts of every home that keeps the rules, by looking at all of them."""
    rooms = [(12, 5, tall) for tall in (2, 3, 4)] + [(30, 8, tall) for tall in (2, 3, 4) if tall > least]
    found = []
    for number in (1, 2, 3):
        for chosen in product(rooms, repeat=number):
            for garage in (0, 1):
                whole = sum(each[0] for each in chosen) + 15 * garage
                tall = sum(each[2] for each in chosen)
                price = sum(10 + each[1] for each in chosen) + 20 * garage
                has_large = any(each[0] == 30 for each in chosen)
                if eval(f"{whole} {area} and {tall} {height}") and (has_large or not garage):
                    found.append({"price": price, "area": whole, "height": tall, "area - 2*height": whole - 2 * tall})
    return found


def home(area: str, height: str, least: int) -> FeatureModel:
    return expanded(model_from_toml(HOME.format(area=area, height=height, least=least), "features.toml"))


@settings(max_examples=20, deadline=None)
@given(LIMITS, HEIGHTS, st.integers(1, 4), st.sampled_from(sorted(GOALS)))
def test_the_best_home_is_the_best_of_all(area: str, height: str, least: int, goal: str) -> None:
    found = homes(area, height, least)
    model = home(area, height, least)
    best = optimise(model, {}, [read_goal(model, goal, Place(), maximise=GOALS[goal])], solve, 20)
    if not found:
        assert best.status is Status.IMPOSSIBLE
        return
    assert best.status is Status.OPTIMAL
    assert best.reached[0].amount == Fraction((max if GOALS[goal] else min)(each[goal] for each in found))


@pytest.mark.parametrize(("number", "amount"), [(1, 15), (3, 45)])
def test_wishes_for_instances_hold_in_the_best_configuration(number: int, amount: int) -> None:
    model = home(">= 0", ">= 0", 1)
    best = optimise(model, {f"room#{number}": True}, [read_goal(model, "price", Place())], solve, 20)
    assert best.reached[0].amount == amount
