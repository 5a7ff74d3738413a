"""Real features: what is decided exactly, against a fine grid, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import Place, SartoError
from sarto.model.evaluation import is_valid
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml
from sarto.solve.goals import read_goal
from sarto.solve.optimising import optimise
from sarto.solve.problem import Status
from sarto_optimise.cp_sat import solve

TANK = """
[line]
root = "tank"

[features.tank]
mandatory = ["height", "width"]
optional = ["lid"]

[features.lid]
attributes = {{ price = 1 }}

[features.height]
type = "real"
minimum = 0
maximum = 1

[features.width]
type = "real"
minimum = 0
maximum = 1

[[constraints]]
rule = "{rule}"
"""


def tank(rule: str) -> FeatureModel:
    return model_from_toml(TANK.format(rule=rule), "features.toml")


SIDES = st.sampled_from(
    ["height", "width", "height - width", "height + width", "2*height - 2*width", "height - 0.5", "width + height - 1"]
)
LIMITS = st.sampled_from(["0", "0.5", "1", "0.25", "1.5", "width", "lid"])
RULES = st.lists(
    st.tuples(SIDES, st.sampled_from(["<", ">", "==", "!=", "<=", ">="]), LIMITS).map(" ".join), min_size=1, max_size=3
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(RULES)
def test_whether_reals_can_be_found_is_that_of_a_fine_grid(rules: list[str]) -> None:
    rule = " & ".join(f"({rule})" for rule in rules)
    model = tank(rule)
    steps = [number / 16 for number in range(17)]
    every = (
        {"tank": True, "lid": lid, "height": height, "width": width}
        for lid, height, width in product([False, True], steps, steps)
    )
    goal = read_goal(model, "price", Place())

    try:
        optimum = optimise(model, {}, [goal], solve, 60)
    except SartoError as error:
        assert "calculates with several real features" in error.what  # noqa: PT017  (one of two outcomes)
        return

    valid = next((configuration for configuration in every if is_valid(model, configuration)), None)
    if optimum.status is Status.IMPOSSIBLE:
        assert valid is None
    else:
        assert is_valid(model, optimum.configuration)
        assert valid is not None
        assert optimum.reached[0].amount == (valid["lid"] is not False)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            "height * width > 0.5",
            "'height * width > 0.5' is not linear in a real feature that is not decided yet\n"
            "  hint: give it a value, or make it an integer",
        ),
        (
            "2*height + width > 0.5",
            "'2 * height + width > 0.5' calculates with several real features that are not decided yet\n"
            "  hint: give it a value, or make it an integer",
        ),
        (
            "3*height == 1",
            "the real feature 'height' is compared with a number that has no end as a decimal\n"
            "  hint: give it a value, or make it an integer",
        ),
    ],
)
def test_reals_that_cannot_be_decided_exactly_are_refused(rule: str, message: str) -> None:
    model = tank(rule)

    with pytest.raises(SartoError) as caught:
        optimise(model, {}, [], solve, 60)

    assert str(caught.value) == f"features.toml: constraints[0].rule: {message}"


def test_a_goal_over_a_real_feature_is_refused() -> None:
    model = tank("height > 0.5")

    with pytest.raises(SartoError) as caught:
        optimise(model, {}, [read_goal(model, "height", Place())], solve, 60)

    assert str(caught.value) == (
        "the real feature 'height' in a goal has no best value for certain\n"
        "  hint: give it a value, or make it an integer"
    )


def test_values_that_were_given_are_calculated_with_exactly() -> None:
    model = tank("height * width == 0.06")

    optimum = optimise(model, {"height": 0.2, "width": 0.3}, [read_goal(model, "height + 3*width", Place())], solve, 60)

    assert optimum.status is Status.OPTIMAL
    assert optimum.reached[0].amount == Fraction("1.1")
