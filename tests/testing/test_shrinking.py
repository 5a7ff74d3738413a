"""What failures rest on, held against all that could be: minimal sets, explanations, and products that are unlike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.toml_line import model_from_toml
from sarto.testing.shrinking import Completions, Decisions, decisions_of, explanations, smallest

NAMES = "abcde"
PRODUCTS = st.lists(
    st.tuples(*[st.booleans()] * len(NAMES)).map(lambda on: frozenset(zip(NAMES, on, strict=True))), max_size=6
)


@given(st.sets(st.integers(0, 15)), st.integers(1, 16))
def test_the_smallest_that_is_enough_is_found_among_many(needed: set[int], size: int) -> None:
    items = list(range(max([size, *(each + 1 for each in needed)])))

    assert set(smallest(items, lambda kept: needed <= set(kept))) == needed


@given(st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=4))
def test_of_several_that_are_enough_one_is_found_and_none_of_it_can_be_spared(causes: list[set[int]]) -> None:
    def is_enough(kept: Sequence[int]) -> bool:
        return any(cause <= set(kept) for cause in causes)

    kept = smallest(range(10), is_enough)

    assert is_enough(kept)
    assert not any(is_enough([each for each in kept if each != spared]) for spared in kept)


@given(PRODUCTS.filter(bool), PRODUCTS, st.integers(1, 3))
def test_explanations_are_the_minimal_sets_of_all_failing_and_no_passing(
    failing: list[Decisions], passing: list[Decisions], strength: int
) -> None:
    possible = [(name, is_in) for name in NAMES for is_in in (False, True)]
    telling = [
        frozenset(chosen)
        for size in range(strength + 1)
        for chosen in combinations(possible, size)
        if all(set(chosen) <= product for product in failing) and not any(set(chosen) <= p for p in passing)
    ]

    found = explanations(failing, passing, strength)

    assert set(found) == {each for each in telling if not any(other < each for other in telling)}
    assert len(set(found)) == len(found)


MODEL = """
[line]
root = "r"
[features.r]
optional = ["a", "b", "c"]
mandatory = ["d"]
[features.d]
alternative = ["e", "f"]
[[constraints]]
rule = "a => b"
[[constraints]]
rule = "c => !e"
"""


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_an_unlike_product_is_valid_keeps_what_it_must_and_has_the_first_opposites(data: st.DataObject) -> None:
    model = model_from_toml(MODEL, "m.toml")
    completions = Completions(model)
    assert completions.names == ("a", "b", "c", "e", "f")
    start = completions.unlike(dict.fromkeys(model.features, data.draw(st.booleans())), ())
    kept = data.draw(st.sets(st.sampled_from(sorted(decisions_of(start, completions.names)))))

    found = completions.unlike(start, kept)

    assert is_valid(model, found)
    assert kept <= decisions_of(found, completions.names)
    first = next((name for name in completions.names if name not in dict(kept)), None)
    flipped = {**start, first: not start[first]} if first else start
    if first and is_valid(model, flipped):
        assert found[first] is not start[first]
    completions.close()


def test_decisions_of_no_product_are_a_mistake_of_the_caller() -> None:
    completions = Completions(model_from_toml(MODEL, "m.toml"))
    with pytest.raises(ValueError, match="of no product"):
        completions.unlike(dict.fromkeys("rabcdef", True), [("a", True), ("b", False)])
    completions.close()
