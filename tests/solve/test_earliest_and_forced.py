"""The solution with the earliest variables, and why a literal is forced: held against trying everything out."""

from __future__ import annotations

from contextlib import closing
from itertools import product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.solve.earliest import earliest
from sarto.solve.explaining import Explainer
from sarto.solve.forcing import forced_near
from sarto.solve.formula import Clause, FormulaBuilder
from sarto.solve.reasons import Cause, Reason, RootRule
from sarto.solve.session import SatSession
from sarto.solve.trail import Trail

SIZE = 6
literals = st.builds(lambda variable, sign: variable * sign, st.integers(1, SIZE), st.sampled_from((-1, 1)))
clauses = st.lists(literals, min_size=1, max_size=3, unique_by=abs).map(tuple)
rules = st.lists(st.lists(clauses, min_size=1, max_size=2), max_size=10)
patient = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def solutions(wanted: list[Clause]) -> list[tuple[bool, ...]]:
    return [
        values
        for values in product((True, False), repeat=SIZE)
        if all(any(values[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in wanted)
    ]


@patient
@given(rules, st.lists(literals, max_size=2, unique_by=abs), st.permutations(range(1, SIZE + 1)))
def test_the_earliest_variables_are_true_that_can_be(
    by_rule: list[list[Clause]], assumed: list[int], order: list[int]
) -> None:
    wanted = [clause for rule in by_rule for clause in rule]
    found = solutions([*wanted, *((literal,) for literal in assumed)])
    assume(found)
    with closing(SatSession(wanted, SIZE)) as session:
        values = earliest(session, assumed, order)
    first = max(found, key=lambda each: [each[variable - 1] for variable in order])
    assert tuple(value > 0 for value in values[1 : SIZE + 1]) == first


@patient
@given(rules, st.lists(literals, max_size=2, unique_by=abs), st.integers(3, SIZE))
def test_a_forced_literal_is_explained_by_rules_and_facts_that_suffice_and_are_all_needed(
    by_rule: list[list[Clause]], decided: list[int], named: int
) -> None:
    """Variables beyond ``named`` are auxiliary: no fact is over them."""
    builder = FormulaBuilder(f"f{number}" for number in range(1, named + 1))
    builder.size = SIZE
    for number, rule in enumerate(by_rule):
        builder.rule(RootRule(str(number)))
        builder.add_all(rule)
    formula = builder.build()
    decided = [literal for literal in decided if abs(literal) <= named]
    found = solutions([*formula.clauses, *((literal,) for literal in decided)])
    assume(found)
    trail = Trail(formula)
    for literal in decided:
        trail.decide(literal, Reason(Cause.DEFAULT))
    with closing(Explainer(formula)) as explainer:
        for variable in range(1, SIZE + 1):
            if trail.is_settled(variable) or len({each[variable - 1] for each in found}) == 2:
                continue
            literal = variable if found[0][variable - 1] else -variable
            near = forced_near(trail, explainer, literal)
            assert near is not None
            origins, premises = near
            assert all(abs(premise) <= named and premise in trail for premise in premises)
            told = [by_rule[int(origin.feature)] for origin in origins if isinstance(origin, RootRule)]
            facts: list[list[Clause]] = [[(premise,)] for premise in premises]
            parts = [*told, *facts]
            assert not solutions([(-literal,), *(clause for part in parts for clause in part)])
            for part in parts:
                assert solutions([(-literal,), *(clause for other in parts if other is not part for clause in other)])
