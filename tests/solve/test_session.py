"""Sessions over one formula: a later one, which begins with what earlier ones found, answers as the first does."""

from __future__ import annotations

from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.model.feature_model import FeatureModel
from sarto.solve.encoding import encode
from sarto.solve.session import SatSession

from ..strategies import models


@settings(max_examples=60, deadline=None)
@given(models(), st.lists(st.integers(1, 9).flatmap(lambda each: st.sampled_from([each, -each])), max_size=3))
def test_every_session_over_a_formula_answers_alike(model: FeatureModel, wanted: list[int]) -> None:
    formula = encode(model, {})
    variables = list(formula.variables.values())
    asked = [each for each in wanted if abs(each) in variables]
    answers = []
    for _ in range(4):
        with closing(SatSession.of(formula)) as session:
            assert session.fresh() > formula.size
            free = session.fresh()
            answers.append(
                (
                    session.is_possible(asked),
                    session.consequences(asked, variables),
                    session.consequences([], variables),
                    session.is_possible([free]) and session.is_possible([-free]),
                    session.implied(asked) & {side for each in variables for side in (each, -each)},
                )
            )
    assert all(answer == answers[0] for answer in answers)
