"""The tests' own checker of proofs accepts what follows and nothing else."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.solve.proof import refutation

from .drat import RefusedError, check

SQUARE = "c all four corners\np cnf 2 4\n1 2 0\n-1 2 0\n1 -2 0\n-1 -2 0\n"


def pigeons(holes: int) -> list[tuple[int, ...]]:
    """One pigeon more than there are holes."""
    place = {(p, h): p * holes + h + 1 for p in range(holes + 1) for h in range(holes)}
    housed = [tuple(place[p, h] for h in range(holes)) for p in range(holes + 1)]
    return housed + [(-place[p, h], -place[q, h]) for h in range(holes) for p, q in combinations(range(holes + 1), 2)]


def test_a_proof_by_propagation_is_accepted() -> None:
    check(SQUARE, "2 0\n0\n")


def test_a_step_may_delete_what_is_not_needed() -> None:
    check(SQUARE, "2 0\nd 1 2 0\n0\n")


def test_a_deleted_clause_is_gone() -> None:
    with pytest.raises(RefusedError, match="line 2 does not follow"):
        check("p cnf 3 4\n1 2 3 0\n-1 2 3 0\n1 -2 3 0\n-1 -2 3 0\n", "d 1 2 3 0\n2 3 0\n")


def test_a_step_that_only_keeps_solutions_is_accepted() -> None:
    check("p cnf 2 4\n1 2 0\n-1 2 0\n1 -2 0\n-1 -2 0\n", "1 0\n0\n")
    check("p cnf 4 5\n1 2 0\n-1 2 0\n1 -2 0\n-1 -2 0\n3 4 0\n", "-4 -3 0\n2 0\n0\n")


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        ("0\n", "line 1 does not follow: 0"),
        ("2 0\n", "the empty clause is not reached"),
        ("", "the empty clause is not reached"),
        ("2\n0\n", "line 1 is no clause: 2"),
    ],
)
def test_what_proves_nothing_is_refused(proof: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        check(SQUARE, proof)


@pytest.mark.parametrize("cnf", ["p cnf 1 2\n1 0\n", "p cnf 1 1\n2 0\n", "1 0\n-1 0\n", "p cnf 1 1\n1\n"])
def test_a_formula_that_is_not_what_its_header_says_is_refused(cnf: str) -> None:
    with pytest.raises(RefusedError):
        check(cnf, "0\n")


def test_a_hard_proof_is_accepted_and_a_damaged_one_refused() -> None:
    clauses = pigeons(5)
    proved = refutation(clauses, 30)
    assert proved is not None
    check(proved.cnf, proved.proof)

    with pytest.raises(RefusedError):
        check(proved.cnf, "0\n")
    steps = [line for line in proved.proof.splitlines(keepends=True) if not line.startswith("d")]
    with pytest.raises(RefusedError):
        check(proved.cnf, "".join(steps[len(steps) * 9 // 10 :]))
    one_hole_more = refutation(clauses[1:], 30)
    assert one_hole_more is None, "as many pigeons as holes fit"
    header, *lines = proved.cnf.splitlines()
    weaker = "\n".join([header.replace(str(len(clauses)), str(len(clauses) - 1)), *lines[1:]])
    with pytest.raises(RefusedError):
        check(weaker, proved.proof)


def naive_check(cnf: str, proof: str) -> bool:
    """A checker that takes every deletion at its word, as some do: each step has to follow from what is left."""
    clauses = [tuple(map(int, line.split()[:-1])) for line in cnf.splitlines() if line[0] not in "cp"]
    for line in proof.splitlines():
        literals = tuple(int(word) for word in line.split() if word != "d")[:-1]
        if line.startswith("d"):
            clauses = [clause for clause in clauses if set(clause) != set(literals)]
        elif has_conflict(clauses, {-literal for literal in literals}):
            clauses.append(literals)
        else:
            return False
    return () in clauses


def has_conflict(clauses: list[tuple[int, ...]], true: set[int]) -> bool:
    while True:
        left = [[literal for literal in each if -literal not in true] for each in clauses if not true & set(each)]
        if [] in left or any(-literal in true for literal in true):
            return True
        units = {literals[0] for literals in left if len(literals) == 1}
        if not units:
            return False
        true |= units


def test_a_checker_that_obeys_deletions_accepts_a_proof() -> None:
    """In the course of this one the solver deletes clauses that unit clauses rest on."""
    clauses = [(-1, -2), (-3, 5), (4, -1, 5), (1,), (3, 4), (-4, 2, 3), (-3, 2, -5), (2, 1, 5)]
    proved = refutation(clauses, 5)
    assert proved is not None
    assert naive_check(proved.cnf, proved.proof)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([*range(-6, 0), *range(1, 7)]), min_size=2, max_size=3).map(tuple), min_size=20)
)
def test_a_checker_that_obeys_deletions_accepts_every_proof(clauses: list[tuple[int, ...]]) -> None:
    proved = refutation(clauses, 6)
    assert proved is None or naive_check(proved.cnf, proved.proof)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from([-4, -3, -2, -1, 1, 2, 3, 4]), max_size=3).map(tuple), max_size=24))
def test_clauses_are_refuted_exactly_where_they_have_no_solution(clauses: list[tuple[int, ...]]) -> None:
    has_solution = any(
        all(any(states[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in clauses)
        for states in product((False, True), repeat=4)
    )
    proved = refutation(clauses, 4, ["a comment"])
    assert (proved is None) is has_solution
    if proved is not None:
        check(proved.cnf, proved.proof)
        assert proved.cnf.splitlines()[2:] == [" ".join(map(str, (*dict.fromkeys(clause), 0))) for clause in clauses]
