"""The rules over the open features, held against brute force."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from sarto_runtime.build import Rule
from sarto_runtime.residual import conflicts, enough, nearest

NAMES = ["a", "b", "c", "d", "e", "f", "g"]
states = st.fixed_dictionaries({name: st.booleans() for name in NAMES})
literals = st.tuples(st.sampled_from(NAMES), st.booleans())
clauses = st.lists(literals, min_size=1, max_size=4, unique_by=lambda literal: literal[0])
rules = st.lists(clauses.map(lambda clause: Rule(tuple(clause), f"rule {clause}")), max_size=14)


@st.composite
def definitions(draw: st.DrawFn) -> list[Rule]:
    """Auxiliary names that are defined both ways over features and earlier auxiliaries, and rules over all of them."""
    known = list(NAMES)
    found = []
    for number in range(draw(st.integers(1, 3))):
        aux = f"#{number}"
        inputs = draw(st.lists(st.tuples(st.sampled_from(known), st.booleans()), min_size=1, max_size=3))
        found += [Rule(((aux, False), literal), f"{aux} needs") for literal in inputs]
        found.append(Rule(((aux, True), *((name, not value) for name, value in inputs)), f"{aux} follows"))
        known.append(aux)
    either = st.lists(st.tuples(st.sampled_from(known), st.booleans()), min_size=1, max_size=3)
    return found + [Rule(tuple(clause), "over all") for clause in draw(st.lists(either, min_size=1, max_size=6))]


def every_state(names: list[str]) -> Iterator[dict[str, bool]]:
    for values in itertools.product([False, True], repeat=len(names)):
        yield dict(zip(names, values, strict=True))


def is_satisfiable(clauses: list[Rule], state: dict[str, bool]) -> bool:
    auxiliary = sorted({name for rule in clauses for name, _ in rule.any} - state.keys())
    return any(
        all(any((state | rest)[name] is value for name, value in rule.any) for rule in clauses)
        for rest in every_state(auxiliary)
    )


@settings(deadline=None)
@given(st.one_of(rules, definitions()), states)
def test_a_state_without_conflicts_is_exactly_a_valid_one(clauses: list[Rule], state: dict[str, bool]) -> None:
    assert (not conflicts(clauses, state)) == is_satisfiable(clauses, state)


@settings(deadline=None)
@given(st.one_of(rules, definitions()), states)
def test_every_valid_state_differs_in_each_conflict(clauses: list[Rule], state: dict[str, bool]) -> None:
    found = conflicts(clauses, state)
    for valid in every_state(NAMES):
        if found and is_satisfiable(clauses, valid):
            assert all(any(valid[name] is not state[name] for name in one.features) for one in found)


@settings(deadline=None)
@given(st.one_of(rules, definitions()), states, st.lists(st.sampled_from(NAMES), unique=True))
def test_nearest_is_the_smallest_change_that_makes_a_state_valid(
    clauses: list[Rule], state: dict[str, bool], changeable: list[str]
) -> None:
    found = nearest(clauses, state, changeable)
    sizes = [
        sum(flips.values())
        for flips in every_state(changeable)
        if is_satisfiable(clauses, {name: value ^ flips.get(name, False) for name, value in state.items()})
    ]
    if found is None:
        assert sizes == []
    else:
        assert set(found) <= set(changeable)
        assert len(found) == min(sizes)
        assert is_satisfiable(clauses, {name: value ^ (name in found) for name, value in state.items()})


def rule(*words: str, because: str = "") -> Rule:
    return Rule(tuple((word.lstrip("!"), not word.startswith("!")) for word in words), because)


def test_a_conflict_names_the_features_and_the_sentences_behind_it() -> None:
    clauses = [
        rule("!maps", "#1", because="Maps draw on a base."),
        rule("!#1", "tiles", because="The base is made of tiles."),
        rule("maps", "tokens", because="Something else."),
    ]
    (conflict,) = conflicts(clauses, {"maps": True, "tiles": False, "tokens": False})
    assert conflict.features == ("tiles", "maps")
    assert conflict.sentences == ("Maps draw on a base.", "The base is made of tiles.")


def test_a_chain_of_needs_is_followed_to_its_end() -> None:
    length = 40
    clauses = [rule(f"!f{number}", f"f{number + 1}") for number in range(length)]
    state = {f"f{number}": number == 0 for number in range(length + 1)}
    changeable = [name for name in state if name != "f0"]
    assert nearest(clauses, state, changeable) == tuple(changeable)


def test_switching_off_is_a_change_like_switching_on() -> None:
    clauses = [rule("!red", "!green"), rule("!red", "!blue")]
    state = {"red": True, "green": True, "blue": True}
    assert nearest(clauses, state, ["red", "green", "blue"]) == ("red",)
    assert nearest(clauses, state, ["green", "blue"]) == ("green", "blue")


def test_no_change_is_proposed_where_none_is_enough() -> None:
    assert nearest([rule("!red", "!green")], {"red": True, "green": True}, []) is None


def test_hundreds_of_open_features_are_answered_with_few_changes() -> None:
    names = [f"f{number}" for number in range(400)]
    alternatives = [rule(f"!{one}", f"!{other}") for one, other in itertools.combinations(names[:100], 2)]
    needs = [rule(f"!{name}", f"{names[number + 1]}") for number, name in enumerate(names[100:140], start=100)]
    state = {name: name in ("f3", "f7", "f100") for name in names}
    found = nearest([*alternatives, *needs], state, [name for name in names if name not in ("f7", "f100")])
    assert found == ("f3", *(f"f{number}" for number in range(101, 141)))


def test_patience_ends_where_only_a_long_search_would_find_the_change() -> None:
    """Eight pigeons in seven holes, or a way out that takes more switches than all attempts to place them."""
    pigeons, holes, more = range(8), range(7), [f"more{number}" for number in range(12)]
    clauses = [rule("out", *(f"{pigeon}in{hole}" for hole in holes)) for pigeon in pigeons]
    for hole, (one, other) in itertools.product(holes, itertools.combinations(pigeons, 2)):
        clauses.append(rule(f"!{one}in{hole}", f"!{other}in{hole}"))
    clauses += [rule("!out", name) for name in more]
    state = {name: False for clause in clauses for name, _ in clause.any}
    assert not conflicts(clauses, {**state, "out": True, **dict.fromkeys(more, True)})
    assert nearest(clauses, state, list(state)) is None


def test_where_the_fewest_changes_take_too_long_to_find_some_are_found_soon() -> None:
    rings = [[f"ring{ring}place{place}" for place in range(5)] for ring in range(10)]
    apart = [
        rule(f"!{one}", f"!{other}") for ring in rings for one, other in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    state = {name: True for ring in rings for name in ring}
    assert nearest(apart, state, list(state)) is None
    found = enough(apart, state, list(state))
    assert found is not None
    assert len(found) == 30, "three of every five"
    assert not conflicts(apart, {**state, **dict.fromkeys(found, False)})


@settings(deadline=None, max_examples=50)
@given(st.one_of(rules, definitions()), states, st.lists(st.sampled_from(NAMES), unique=True))
def test_some_changes_are_found_where_there_are_any(
    clauses: list[Rule], state: dict[str, bool], changeable: list[str]
) -> None:
    found = enough(clauses, state, changeable)
    if found is None:
        assert nearest(clauses, state, changeable) is None
    else:
        assert set(found) <= set(changeable)
        assert is_satisfiable(clauses, {name: value ^ (name in found) for name, value in state.items()})
