"""Which features exclude each other, held against every configuration of random models."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.derive.exclusion import at_most_one, exclusion, exclusive_pairs, further_pairs, widened
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml

from ..strategies import configurations, models

HEAD = '[line]\nname = "shop"\nversion = "1"\nroot = "shop"\n[features.shop]\n'


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    model = model_from_toml(HEAD + text, "features.toml")
    return exclusive_pairs(model, [name for name in model.preorder() if name != model.root])


def test_members_of_an_alternative_exclude_each_other() -> None:
    assert pairs('alternative = ["a", "b", "c"]') == (("a", "b"), ("a", "c"), ("b", "c"))


def test_so_do_all_that_are_below_them() -> None:
    found = pairs('alternative = ["a", "b"]\n[features.a]\noptional = ["x"]\n[features.b]\nmandatory = ["y"]')
    assert found == (("a", "b"), ("a", "y"), ("x", "b"), ("x", "y"))


def test_a_group_that_takes_at_most_one_is_an_alternative_that_may_be_left_out() -> None:
    assert pairs('groups = [{ min = 0, max = 1, of = ["a", "b"] }]') == (("a", "b"),)


def test_members_of_other_groups_do_not() -> None:
    assert pairs('or = ["a", "b"]\noptional = ["c", "d"]\ngroups = [{ min = 1, max = 2, of = ["e", "f", "g"] }]') == ()


@pytest.mark.parametrize(
    "rule", ["a => !b", "b => !a", "!a | !b", "!(a & b)", "a => !b & !c", "a => !(b | c)", "(a => !b) & (c => d)"]
)
def test_a_constraint_that_keeps_two_apart_is_seen_however_it_is_written(rule: str) -> None:
    found = pairs(f'optional = ["a", "b", "c", "d"]\n[[constraints]]\nrule = "{rule}"')
    assert ("a", "b") in found


def test_what_a_feature_says_that_it_excludes_is_seen() -> None:
    assert pairs('optional = ["a", "b", "c"]\n[features.a]\nexcludes = ["c"]') == (("a", "c"),)


@pytest.mark.parametrize("rule", ["a => b", "a | b", "!a | b", "a => !b | c", "!(a | b) | c"])
def test_other_constraints_keep_nobody_apart_by_themselves(rule: str) -> None:
    assert pairs(f'optional = ["a", "b", "c"]\n[[constraints]]\nrule = "{rule}"') == ()


@given(models(most=7))
def test_a_pair_that_is_found_is_in_no_configuration(model: FeatureModel) -> None:
    valid = list(configurations(model))
    found = exclusive_pairs(model, list(model.preorder()))
    assert set(found) <= set(combinations(model.preorder(), 2))
    for first, second in found:
        assert not any(configuration[first] and configuration[second] for configuration in valid)


@given(models(most=6))
def test_features_are_apart_exactly_if_no_configuration_has_them_all(model: FeatureModel) -> None:
    valid = list(configurations(model))
    names = list(model.preorder())
    are_apart = exclusion(model, names)
    for size in (1, 2, 3):
        for some in combinations(names, size):
            assert are_apart(some) is not any(all(each[name] for name in some) for each in valid)


@given(st.lists(st.sampled_from([*combinations("abcdefg", 2)]), unique=True))
def test_sets_of_which_a_build_has_at_most_one_say_exactly_what_the_pairs_say(found: list[tuple[str, str]]) -> None:
    sets = at_most_one(found)
    assert {frozenset(pair) for each in sets for pair in combinations(each, 2)} == {*map(frozenset, found)}
    assert all(len(each) == len(set(each)) > 1 for each in sets)


def test_an_alternative_is_one_such_set() -> None:
    assert at_most_one([*combinations("abcd", 2), ("d", "x"), ("y", "z")]) == (
        ("a", "b", "c", "d"),
        ("d", "x"),
        ("y", "z"),
    )


def test_of_the_pairs_those_are_taken_whose_features_are_named_with_their_whole_alternative() -> None:
    pairs = [*combinations("abc", 2), ("c", "x"), ("y", "z")]
    assert further_pairs({"a", "b", "z"}, (), pairs) == [*combinations("abc", 2)]
    assert further_pairs({"a", "b", "z"}, [*combinations("abc", 2)], pairs) == []
    assert widened(("c", "x"), "abcxyz", lambda one, other: (one, other) in pairs or (other, one) in pairs) == (
        ("c", "x"),
    )
