"""Small steps from solution to solution, and what is shared by all solutions: held against trying everything."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.model.feature_model import FeatureModel
from sarto.solve.encoding import encode
from sarto.solve.formula import Clause
from sarto.solve.session import SatSession
from sarto.solve.walk import Walk
from sarto.solve.witnesses import Witnesses

from ..strategies import configurations, models

SIZE = 6
LITERALS = st.integers(1, SIZE).flatmap(lambda variable: st.sampled_from([variable, -variable]))
CLAUSES = st.lists(st.lists(LITERALS, min_size=1, max_size=3, unique_by=abs).map(tuple), max_size=14)


def solutions(clauses: list[Clause]) -> list[frozenset[int]]:
    """Every solution, as its true literals."""
    everything = product(*((variable, -variable) for variable in range(1, SIZE + 1)))
    return [found for found in map(frozenset, everything) if all(found & set(clause) for clause in clauses)]


@settings(max_examples=200, deadline=None)
@given(CLAUSES, st.lists(LITERALS, max_size=8), st.data())
def test_each_step_ends_in_a_solution_with_its_literal_and_what_is_locked(
    clauses: list[Clause], asked: list[int], data: st.DataObject
) -> None:
    found = solutions(clauses)
    if not found:
        return
    here = data.draw(st.sampled_from(found))
    locked = data.draw(st.sets(st.sampled_from(sorted(here)), max_size=2))
    walk = Walk(clauses, SIZE)
    walk.start(bytes(variable in here for variable in range(1, SIZE + 1)), locked)
    for literal in asked:
        turned = walk.step(literal) if literal not in here else None
        if turned is not None:
            here = here - {-each for each in turned} | set(turned)
            assert literal in here
        assert here in found, "after a step that failed, too, since the next one starts from there"
        assert locked <= here


@settings(max_examples=200, deadline=None)
@given(CLAUSES, st.lists(st.lists(LITERALS, max_size=4, unique_by=abs), min_size=1, max_size=6))
def test_what_all_solutions_share_is_found_from_question_to_question(
    clauses: list[Clause], questions: list[list[int]]
) -> None:
    session = SatSession(clauses, SIZE)
    witnesses = Witnesses(session, range(1, SIZE + 1), clauses)
    for assumptions in questions:
        fitting = [found for found in solutions(clauses) if found >= set(assumptions)]
        shared = frozenset.intersection(*fitting) if fitting else None
        assert witnesses.consequences(assumptions, frozenset()) == shared
        plain = session.consequences(assumptions, range(1, SIZE + 1))
        assert (None if plain is None else frozenset(plain)) == shared
    session.close()


@settings(max_examples=200, deadline=None)
@given(models(most=8))
def test_a_formula_has_as_many_solutions_as_the_model_configurations(model: FeatureModel) -> None:
    formula = encode(model, {})
    session = SatSession.of(formula)
    found = 0
    while session.is_possible():
        found += 1
        session.add([tuple(-literal for literal in session.solution()[1 : formula.size + 1])])
    session.close()
    assert found == sum(1 for _ in configurations(model))
