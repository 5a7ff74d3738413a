"""The share of each feature among all configurations, held against trying everything, however it is found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.feature_model import FeatureModel
from sarto.solve.commonality import commonality
from sarto.solve.formula import Clause

from ..strategies import configurations, models
from .lines import SHOP, model

patient = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def count_by_trying(clauses: Sequence[Clause], size: int, counted: Collection[int] | None, _seconds: float) -> int:
    """A counter as a plugin gives one, for formulas of a few variables."""
    relevant = range(1, size + 1) if counted is None else counted
    found = set()
    for values in product([False, True], repeat=size):
        if all(any(values[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in clauses):
            found.add(tuple(values[variable - 1] for variable in relevant))
    return len(found)


def tried(drawn: FeatureModel, decisions: dict[str, bool]) -> tuple[int, dict[str, Fraction | None]]:
    """The number and the shares, by trying everything."""
    selections = {tuple(value is not False for value in each.values()) for each in configurations(drawn)}
    agreeing = [
        selected
        for selected in (dict(zip(drawn.features, each, strict=True)) for each in selections)
        if all(selected[name] == value for name, value in decisions.items())
    ]
    number = len(agreeing)
    return number, {
        name: Fraction(sum(each[name] for each in agreeing), number) for name in (drawn.features if number else ())
    }


@patient
@given(models(most=8), st.booleans(), st.data())
def test_each_share_is_that_of_trying_everything(drawn: FeatureModel, is_hard: bool, data: st.DataObject) -> None:
    decisions = data.draw(st.dictionaries(st.sampled_from(list(drawn.features)), st.booleans(), max_size=2))

    found = commonality(drawn, count_by_trying, decisions=decisions, patience=0 if is_hard else 0.5)

    assert (found.count, found.shares) == tried(drawn, decisions)


@patient
@given(models(most=8))
def test_homogeneity_is_how_much_of_all_features_a_product_has_on_average(drawn: FeatureModel) -> None:
    sizes = [sum(value is not False for value in each.values()) for each in configurations(drawn)]

    expected = Fraction(sum(sizes), len(sizes) * len(drawn.features)) if sizes else None
    assert commonality(drawn).homogeneity == expected
    assert commonality(drawn, seconds=0).homogeneity in (expected, None)


@settings(patient, max_examples=30)
@given(models(most=5, arithmetic=True, typed=True))
def test_so_it_is_where_a_counter_does_it_all_and_values_are_compared(drawn: FeatureModel) -> None:
    found = commonality(drawn, count_by_trying, patience=0)

    assert (found.count, found.shares) == tried(drawn, {})


@patient
@given(models(most=8), st.integers(0, 3))
def test_what_a_counter_does_not_finish_is_unknown_and_the_rest_is_right(drawn: FeatureModel, able: int) -> None:
    left = able

    def gives_up(clauses: Sequence[Clause], size: int, counted: Collection[int] | None, seconds: float) -> int | None:
        nonlocal left
        left -= 1
        return count_by_trying(clauses, size, counted, seconds) if left >= 0 else None

    number, shares = tried(drawn, {})
    found = commonality(drawn, gives_up, patience=0)

    assert found.count in (number, None)
    assert list(found.shares) == list(shares)
    for name, share in found.shares.items():
        assert share in (shares[name], None)
        if shares[name] in (0, 1):
            assert share is not None  # core and dead features are known without counting


def test_without_time_the_core_is_known_and_what_no_constraint_reaches() -> None:
    shop = model(
        "[features.shop]\noptional = ['a', 'b', 'c', 'd']\nmandatory = ['m']\n"
        "[[constraints]]\nrule = 'a => b'\n[[constraints]]\nrule = 'b => c | a'\n"
    )

    found = commonality(shop, seconds=0)

    assert found.count is None
    assert found.shares == {"shop": 1, "m": 1, "a": None, "b": None, "c": None, "d": Fraction(1, 2)}


def test_features_that_go_together_are_counted_once() -> None:
    asked = []

    def counter(clauses: Sequence[Clause], size: int, counted: Collection[int] | None, seconds: float) -> int:
        asked.append(clauses)
        return count_by_trying(clauses, size, counted, seconds)

    shop = model(
        "[features.shop]\noptional = ['a', 'b', 'c']\n"
        "[[constraints]]\nrule = 'a <=> b'\n[[constraints]]\nrule = 'a | c'\n"
    )

    found = commonality(shop, counter, patience=0)

    assert (found.count, found.shares["a"], found.shares["b"]) == (3, Fraction(2, 3), Fraction(2, 3))
    assert len(asked) == 3  # all, those with a and b, those with c


def test_a_line_with_values_has_the_same_shares_both_ways() -> None:
    shop = model(SHOP)

    assert commonality(shop) == commonality(shop, count_by_trying)
