"""What expressions are as values: order of their parts, depth, exact numbers."""

from __future__ import annotations

import copy
import inspect
import pickle
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.model.expression import (
    And,
    Expression,
    FeatureReference,
    Implies,
    Not,
    aggregate,
    apply,
    calculate,
    children,
    compare,
    exact,
    features_in,
    fold,
    postorder,
)

from .reading import expression
from .strategies import expressions


def test_the_features_of_an_expression_come_once_each_in_the_order_in_which_they_are_written() -> None:
    found = features_in(expression("b & (a | !c) => a.price > sum(price, d)", "a", "b", "c", "d"))
    assert found == ("b", "a", "c", "d")


def test_a_sum_over_all_features_names_none() -> None:
    assert features_in(expression("sum(price) > 3", "a")) == ()


def test_children_come_before_their_parents_from_left_to_right() -> None:
    nodes = list(postorder(expression("a => !b")))
    assert [type(node).__name__ for node in nodes] == ["FeatureReference", "FeatureReference", "Not", "Implies"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("a", 0), ("!a", 1), ("a & b & a", 3), ("a => b", 2), ("a > 3", 2), ("floor(a) + 1 > 3", 2), ("sum(a) > 3", 2)],
)
def test_an_expression_has_as_many_children_as_operands(text: str, number: int) -> None:
    assert len(children(expression(text))) == number


def test_depth_has_no_limit() -> None:
    deep: Expression = FeatureReference("a")
    for _ in range(100_000):
        deep = Not(deep)
    assert fold(deep, lambda _, depths: max(depths, default=0) + 1) == 100_001


def test_expressions_of_any_depth_are_compared_hashed_copied_and_pickled() -> None:
    def deep(leaf: str) -> Expression:
        found: Expression = FeatureReference(leaf)
        for _ in range(5_000):
            found = Implies(FeatureReference("b"), And((Not(found), FeatureReference("c"))))
        return found

    first, second, other = deep("a"), deep("a"), deep("z")
    assert first == second
    assert hash(first) == hash(second)
    assert first != other
    assert pickle.loads(pickle.dumps(first)) == copy.deepcopy(first) == second


@given(expressions(("a", "b")), expressions(("a", "b")))
def test_expressions_are_equal_where_they_are_written_alike(first: Expression, second: Expression) -> None:
    assert (first == second) is (repr(first) == repr(second))
    for each in (pickle.loads(pickle.dumps(first)), copy.deepcopy(first)):
        assert repr(each) == repr(first)
        assert each == first
        assert hash(each) == hash(first)


def test_a_deep_expression_has_the_hash_that_it_has_at_any_depth_of_calls() -> None:
    found: Expression = FeatureReference("a")
    for _ in range(150):
        found = Not(found)

    def below(calls: int) -> int:
        return hash(found) if calls == 0 else below(calls - 1)

    room = sys.getrecursionlimit() - len(inspect.stack())
    assert {below(room - spare) for spare in range(60, 400, 20)} == {hash(found)}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_exactly_the_number_that_was_written(value: float) -> None:
    assert exact(value) == Fraction(repr(value))


def test_tenths_add_up_exactly() -> None:
    tenth, fifth = exact(0.1), exact(0.2)
    assert isinstance(tenth, Fraction)
    assert isinstance(fifth, Fraction)
    assert calculate("+", tenth, fifth) == Fraction(3, 10)


@pytest.mark.parametrize(("value", "meaning"), [(True, Fraction(1)), (7, Fraction(7)), ("seven", "seven")])
def test_true_counts_as_one_and_texts_stay_texts(value: bool | int | str, meaning: Fraction | str) -> None:
    assert exact(value) == meaning


@given(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(-2, 2), st.integers(-2, 2))
def test_numbers_compare_as_in_python(operator: str, left: int, right: int) -> None:
    assert compare(operator, Fraction(left), Fraction(right)) == eval(f"{left} {operator} {right}")


@given(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.text("ab", max_size=2), st.text("ab", max_size=2))
def test_texts_compare_as_in_python(operator: str, left: str, right: str) -> None:
    assert compare(operator, left, right) == eval(f"{left!r} {operator} {right!r}")


@pytest.mark.parametrize("operator", ["==", "<", "<=", ">", ">="])
def test_a_text_and_a_number_are_neither_equal_nor_ordered(operator: str) -> None:
    assert not compare(operator, "3", Fraction(3))
    assert not compare(operator, Fraction(3), "3")


def test_a_text_and_a_number_differ() -> None:
    assert compare("!=", "3", Fraction(3))


@given(st.sampled_from("+-*/"), st.integers(-5, 5), st.integers(-5, 5).filter(bool))
def test_arithmetic_is_exact(operator: str, left: int, right: int) -> None:
    assert calculate(operator, Fraction(left), Fraction(right)) == eval(f"Fraction({left}) {operator} {right}")


def test_dividing_by_zero_is_left_to_who_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        calculate("/", Fraction(1), Fraction(0))


@pytest.mark.parametrize(
    ("function", "operand", "result"),
    [("floor", Fraction(-3, 2), -2), ("ceil", Fraction(-3, 2), -1), ("len", "äbc", 3), ("len", "", 0)],
)
def test_functions_take_one_value(function: str, operand: Fraction | str, result: int) -> None:
    assert apply(function, operand) == result


@pytest.mark.parametrize(
    ("function", "values", "result"),
    [("sum", [], 0), ("avg", [], 0), ("sum", [1, 2, 4], 7), ("avg", [1, 2, 4], Fraction(7, 3))],
)
def test_aggregates_over_nothing_are_zero(function: str, values: list[int], result: Fraction | int) -> None:
    assert aggregate(function, map(Fraction, values)) == result
