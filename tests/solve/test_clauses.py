"""Expressions as clauses: under every choice of features, the clauses can hold exactly if the expression does."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import evaluate
from sarto.model.expression import Compare, Expression
from sarto.solve import clauses as module
from sarto.solve.clauses import ClauseMaker
from sarto.solve.formula import FormulaBuilder
from sarto.solve.session import SatSession

from ..strategies import logical

NAMES = ("a", "b", "c", "d")


expressions = logical(list(NAMES), leaves=14)


def no_comparison(node: Compare) -> int:
    raise AssertionError(node)


@pytest.mark.parametrize("depth", [1, 3, 100])
@pytest.mark.parametrize("limit", [1, 16])
@pytest.mark.parametrize("is_counted", [True, False])
@settings(deadline=None)
@given(expression=expressions, sign=st.booleans())
def test_the_clauses_of_an_expression_mean_what_it_means(
    depth: int, limit: int, is_counted: bool, expression: Expression, sign: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "DISTRIBUTION_LIMIT", limit)
        builder = FormulaBuilder(NAMES, is_counted=is_counted)
        builder.origins.append(None)  # type: ignore[arg-type]  # whose clauses they are, does not matter here
        builder.add_all(ClauseMaker(builder, no_comparison).clauses(expression, sign, depth))
    session = SatSession(builder.clauses, builder.size)
    try:
        for values in product((True, False), repeat=len(NAMES)):
            literals = [number if value else -number for number, value in enumerate(values, 1)]
            chosen = dict(zip(NAMES, values, strict=True))
            assert session.is_possible(literals) is (evaluate(expression, chosen) is sign)
    finally:
        session.close()
