"""The least weighted sum of literals, against all solutions one by one."""

from __future__ import annotations

from contextlib import closing
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.solve.minimising import AtLeast, minimise
from sarto.solve.session import SatSession

SIZE = 6  # variable 1 is the parent of all others
Clauses = list[tuple[int, ...]]

literals = st.integers(1, SIZE).flatmap(lambda variable: st.sampled_from([variable, -variable]))
clauses = st.lists(st.lists(literals, min_size=1, max_size=4).map(tuple), max_size=5)


def counted(minimum: int) -> Clauses:
    """At least ``minimum`` of the variables 2 to SIZE where 1 is true: of any too many, one is."""
    members = range(2, SIZE + 1)
    return [(-1, *some) for some in combinations(members, len(members) - minimum + 1)] + [(-m, 1) for m in members]


def holds(clauses: Clauses, solution: tuple[bool, ...]) -> bool:
    return all(any(solution[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in clauses)


@given(
    clauses, st.integers(1, 5), st.lists(st.integers(-3, 9), min_size=SIZE, max_size=SIZE),
    st.lists(literals, max_size=2),
)  # fmt: skip
@settings(max_examples=200)
def test_what_is_known_of_a_count_changes_neither_the_least_sum_nor_who_has_it(
    more: Clauses, minimum: int, amounts: list[int], hard: list[int]
) -> None:
    rules = [*counted(minimum), *more]
    weights = dict(enumerate(amounts, 1))
    solutions = [
        solution
        for solution in product((False, True), repeat=SIZE)
        if holds([*rules, *((literal,) for literal in hard)], solution)
    ]
    costs = {
        solution: sum(amount for amount, is_in in zip(amounts, solution, strict=True) if is_in)
        for solution in solutions
    }
    known = AtLeast(1, tuple(range(2, SIZE + 1)), minimum)
    with closing(SatSession(rules, SIZE)) as session:
        found = minimise(session, weights, hard, [known])
        if not solutions:
            assert found is None
            return
        assert found is not None
        cost, optimal = found
        assert cost == min(costs.values())
        for solution in product((False, True), repeat=SIZE):
            values = [variable if is_in else -variable for variable, is_in in enumerate(solution, 1)]
            assert session.is_possible([*hard, *optimal, *values]) == (costs.get(solution) == cost)
