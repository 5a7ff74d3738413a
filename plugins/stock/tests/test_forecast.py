"""The estimator, against Laplace's rule and the distribution that goes with it, worked out exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from math import comb

from hypothesis import given, settings
from hypothesis import strategies as st
from sarto_stock.forecast import outlook


def chances(known: int, customers: int, further: int) -> list[Fraction]:
    """The chance of each number of further customers, drawn one after the other, each teaching about the next.

    By the rule alone: after k of n the next one has it with (k + 1) / (n + 2). Their order does not matter.
    """
    found = []
    for number in range(further + 1):
        chance = Fraction(comb(further, number))
        for step in range(number):
            chance *= Fraction(known + step + 1, customers + step + 2)
        for step in range(further - number):
            chance *= Fraction(customers - known + step + 1, customers + number + step + 2)
        found.append(chance)
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 25))
def test_the_share_the_number_and_the_range_are_those_of_the_rule(known: int, others: int, further: int) -> None:
    exact = chances(known, known + others, further)
    assert sum(exact) == 1
    found = outlook(known, known + others, further)
    assert found.share == Fraction(known + 1, known + others + 2)
    assert abs(found.expected - float(sum(number * chance for number, chance in enumerate(exact)))) < 1e-9
    below = list(accumulate(exact))
    slack = Fraction(1, 10**9)
    assert below[found.least] >= Fraction(5, 100) - slack
    assert found.least == 0 or below[found.least - 1] < Fraction(5, 100) + slack
    assert below[found.most] >= Fraction(95, 100) - slack
    assert found.most == 0 or below[found.most - 1] < Fraction(95, 100) + slack


def test_nobody_known_says_nothing() -> None:
    found = outlook(0, 0, 98)
    assert (found.share, found.expected, found.least, found.most) == (Fraction(1, 2), 49.0, 4, 94)


def test_what_all_or_no_configurations_have_is_certain() -> None:
    always, never = outlook(3, 3, 7, True), outlook(0, 3, 7, False)
    assert (always.least, always.share) == (7, Fraction(1))
    assert (never.most, never.share) == (0, Fraction(0))
