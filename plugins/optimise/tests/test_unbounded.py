"""Whole numbers without bounds and undecided texts, decided together with what takes the optimiser."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml
from sarto.solve.analysis import analyse
from sarto.solve.difficulty import TooHard
from sarto_optimise.cp_sat import solve

SHELF = """
[line]
root = "shelf"

[features.shelf]
mandatory = ["left"]
optional = ["right", "pin", "label"]

[features.left]
type = "integer"

[features.right]
type = "integer"

[features.label]
type = "string"

[features.pin]
attributes = { size = 2 }

"""
SUMS = st.sampled_from(["left - right", "left + right", "2 * left - right", "left - 2 * right", "floor(left)", "right"])
RIGHT = st.sampled_from(["0", "1", "-2", "3", "0.5", "pin.size", "pin.size - 3"])
RULES = st.lists(
    st.tuples(
        st.sampled_from(["", "pin => ", "!pin => ", "right => ", "pin <=> "]),
        SUMS,
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        RIGHT,
    ),
    min_size=1,
    max_size=4,
)
NEAR = range(-16, 17)


def shelf(rules: list[str]) -> FeatureModel:
    return model_from_toml(SHELF + "".join(f'[[constraints]]\nrule = "{rule}"\n' for rule in rules), "features.toml")


@settings(max_examples=40, deadline=None)
@given(RULES)
def test_whole_numbers_without_bounds_are_decided_as_by_trying_all_near_ones(
    drawn: list[tuple[str, str, str, str]],
) -> None:
    model = shelf([f"{head}({left} {operator} {right})" for head, left, operator, right in drawn])
    found = set()
    for pin in (False, True):
        for is_right in (False, True):
            beside = NEAR if is_right else (False,)
            configurations = (
                {"shelf": True, "left": left, "right": right, "pin": pin} for right in beside for left in NEAR
            )
            if any(is_valid(model, configuration) for configuration in configurations):
                found.add((pin, is_right))
    analysis = analyse(model, solve)
    assert analysis.void == (not found)
    for index, feature in enumerate(["pin", "right"]):
        states = {state[index] for state in found}
        assert (feature in analysis.dead) == (True not in states)
        assert (feature in analysis.core) == (states == {True})


def test_a_length_is_decided_beside_arithmetic_that_takes_the_optimiser() -> None:
    model = shelf(["label => len(label) == 300", "pin => label == 'a'", "left - right == 5", "label"])

    analysis = analyse(model, solve)

    assert not analysis.void
    assert analysis.dead == ("pin",)
    assert "label" in analysis.core


@pytest.mark.parametrize(
    ("rules", "what"),
    [
        (
            ["label < 'm'", "len(label) == 3"],
            "'label < 'm'' orders, measures or calculates with texts that are not decided yet",
        ),
        (["left * right == 6"], "'left' is calculated with, and has no minimum"),
        (["left * left > 6"], "'left * left > 6' is not linear in 'left', which has no minimum"),
    ],
)
def test_what_the_optimiser_refuses_too_has_a_place_and_does_not_point_to_it(rules: list[str], what: str) -> None:
    with pytest.raises(TooHard) as caught:
        analyse(shelf(rules), solve)

    assert caught.value.what == what
    assert caught.value.where is not None
    assert "sarto-optimise" not in (caught.value.hint or "")
