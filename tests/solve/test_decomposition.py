"""Counting solutions of clauses, and what is done to the clauses before, against trying everything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.solve import decomposition, order
from sarto.solve.decomposition import WeightedClauses, solutions
from sarto.solve.formula import Clause
from sarto.solve.order import elimination_order
from sarto.solve.simplifying import parts_of, simplified
from sarto.solve.weight_clauses import without_weights

patient = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def clause_sets(draw: st.DrawFn, shortest: int = 2) -> tuple[int, tuple[Clause, ...]]:
    size = draw(st.integers(2, 8))
    variables = st.lists(st.integers(1, size), min_size=min(shortest, size), max_size=min(size, 4), unique=True)
    signed = variables.flatmap(lambda chosen: st.tuples(*(st.sampled_from([v, -v]) for v in chosen)))
    return size, tuple(draw(st.lists(signed, max_size=20)))


@st.composite
def weighted(draw: st.DrawFn, largest: int) -> WeightedClauses:
    size, clauses = draw(clause_sets())
    counted = draw(st.none() | st.frozensets(st.integers(1, size)))
    relevant = st.integers(1, size) if counted is None else st.sampled_from(sorted(counted) or [0])
    weights = draw(st.dictionaries(relevant, st.integers(1, largest)))
    weights.pop(0, None)
    return WeightedClauses(size, clauses, weights, counted)


def all_solutions(size: int, clauses: tuple[Clause, ...]) -> Iterator[tuple[bool, ...]]:
    for values in product([False, True], repeat=size):
        if all(any(values[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in clauses):
            yield values


def number_by_trying(clauses: WeightedClauses) -> int:
    counted = range(1, clauses.size + 1) if clauses.counted is None else sorted(clauses.counted)
    found = {tuple(v for v in counted if values[v - 1]) for values in all_solutions(clauses.size, clauses.clauses)}
    return sum(prod(clauses.weights.get(variable, 1) for variable in true) for true in found)


def go_on() -> bool:
    return False


@patient
@given(weighted(largest=9))
def test_the_number_is_that_of_trying_everything(clauses: WeightedClauses) -> None:
    assert solutions(clauses, go_on) == number_by_trying(clauses)


@patient
@given(weighted(largest=9))
def test_the_number_is_the_same_when_nothing_can_be_remembered(clauses: WeightedClauses) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decomposition, "MEMORY", -1)
        assert solutions(clauses, go_on) == number_by_trying(clauses)


@patient
@given(weighted(largest=10**30))
def test_weights_written_as_clauses_give_the_same_number(clauses: WeightedClauses) -> None:
    plain = without_weights(clauses)

    assert plain.weights == {}
    assert solutions(plain, go_on) == number_by_trying(clauses)


@pytest.mark.parametrize("weight", [2, 3, 4, 5, 7, 53, 2**20, 3**20, 10**9 + 7])
def test_a_weight_takes_a_clause_for_each_doubling_and_each_one_added(weight: int) -> None:
    plain = without_weights(WeightedClauses(2, ((1, 2),), {1: weight}))

    assert solutions(plain, go_on) == 2 * weight + 1
    assert len(plain.clauses) - 1 <= 2 * weight.bit_length()


def test_counting_stops_before_the_decision_where_it_is_told_to() -> None:
    asked = []

    def is_over() -> bool:
        asked.append(True)
        return len(asked) > 2

    assert solutions(WeightedClauses(9, ((1, 2, 3), (3, 4, 5), (5, 6, 7), (7, 8, 9)), {}), is_over) is None
    assert len(asked) == 3


def test_a_ring_of_consequences_is_all_true_or_all_false() -> None:
    ring = tuple((number, -(number % 40 + 1)) for number in range(1, 41))

    assert solutions(WeightedClauses(40, ring, {7: 5}), go_on) == 1 + 5


@patient
@given(clause_sets(shortest=1))
def test_simpler_clauses_have_the_same_solutions(case: tuple[int, tuple[Clause, ...]]) -> None:
    size, clauses = case
    simple = simplified(clauses, size)

    if simple is None:
        assert not list(all_solutions(size, clauses))
        return
    known, rest = simple
    everything = (*((literal,) for literal in sorted(known)), *rest)
    assert list(all_solutions(size, everything)) == list(all_solutions(size, clauses))
    assert not any({abs(literal) for literal in known} & {abs(literal) for literal in clause} for clause in rest)


def test_clauses_that_follow_from_others_are_not_kept() -> None:
    chain: list[Clause] = [(-number, number + 1) for number in range(1, 9)]
    longer: list[Clause] = [(-1, 9), (-1, 4), (-2, 7, 3), (-8, 9, 1)]

    simple = simplified(longer + chain, 9)

    assert simple is not None
    assert (simple[0], sorted(simple[1], reverse=True)) == (frozenset(), chain)


@patient
@given(clause_sets())
def test_the_parts_have_all_clauses_and_share_no_variable(case: tuple[int, tuple[Clause, ...]]) -> None:
    _, clauses = case
    parts = parts_of(clauses)

    assert sorted(clause for _, part in parts for clause in part) == sorted(clauses)
    variables = [variable for part, _ in parts for variable in part]
    assert len(variables) == len(set(variables))
    for part, inside in parts:
        assert sorted({abs(literal) for clause in inside for literal in clause}) == part
        assert len(parts_of(inside)) == 1


@patient
@given(clause_sets(), st.sampled_from([0, 2, 300]), st.sampled_from([2, 60]))
def test_the_order_has_every_variable_once(case: tuple[int, tuple[Clause, ...]], widest: int, longest: int) -> None:
    size, clauses = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "WIDEST", widest)
        patch.setattr(order, "LONGEST", longest)
        assert sorted(elimination_order(clauses, size)) == list(range(1, size + 1))


def test_a_chain_is_cut_near_its_middle_first() -> None:
    chain = [(-number, number + 1) for number in range(1, 1000)]

    assert 200 < elimination_order(chain, 1000)[-1] < 800
