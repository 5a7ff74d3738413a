"""The order of plugins, held against trying all orders."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.derive.order import plugin_order
from sarto.errors import Place, SartoError
from sarto.model.feature import Delivery, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.interaction import Interaction

NAMES = ["a", "b", "c", "d", "e"]


def model(before: dict[str, list[str]], after: dict[str, list[str]], without_parts: str = "") -> FeatureModel:
    features = [
        Feature(
            name=name,
            where=Place("features.toml", f"features.{name}"),
            delivery=Delivery(
                parts=() if name in without_parts else (name,),
                before=tuple(before.get(name, ())),
                after=tuple(after.get(name, ())),
            ),
        )
        for name in NAMES
    ]
    root = Feature(name="root")
    group = Group("root", GroupKind.OPTIONAL, tuple(NAMES))
    return FeatureModel(root="root", features={each.name: each for each in [root, *features]}, groups=(group,))


def test_without_a_word_the_order_is_that_of_the_tree() -> None:
    assert plugin_order(model({}, {}), ["e", "a", "c"]) == ("a", "c", "e")


def test_before_and_after_are_kept_and_ties_go_by_the_tree() -> None:
    assert plugin_order(model({"d": ["a"]}, {"b": ["e"]}), NAMES) == ("c", "d", "a", "e", "b")


def test_a_feature_without_parts_orders_others_but_is_not_in_the_order() -> None:
    assert plugin_order(model({"e": ["c"], "c": ["a"]}, {}, without_parts="c"), NAMES) == ("b", "d", "e", "a")


def test_a_feature_that_is_not_there_orders_nothing() -> None:
    assert plugin_order(model({"e": ["c"], "c": ["a"]}, {}), ["a", "b", "e"]) == ("a", "b", "e")


def test_a_cycle_is_shown_in_full() -> None:
    line = model({"a": ["b"], "b": ["c"]}, {"a": ["c"]})
    with pytest.raises(SartoError) as caught:
        plugin_order(line, NAMES)
    assert str(caught.value) == (
        "features.toml: features.a: the order of the plugins goes round: a -> b -> c -> a\n"
        "  'a' is before 'b' (features.toml: features.a.before)\n"
        "  'b' is before 'c' (features.toml: features.b.before)\n"
        "  'a' is after 'c' (features.toml: features.a.after)\n"
        "  hint: take out one of these"
    )


def test_a_cycle_through_a_feature_that_is_not_in_the_build_is_none() -> None:
    assert plugin_order(model({"a": ["b"], "b": ["c"]}, {"a": ["c"]}), ["a", "c"]) == ("c", "a")


def settled(*order: str) -> Interaction:
    where = Place("features.toml", "interactions[0]")
    return Interaction(between=order, order=order, because="it must be so", where=where)


def test_an_interaction_that_is_settled_orders_each_two_of_its_features() -> None:
    assert plugin_order(model({}, {}), NAMES, [settled("e", "c", "a")]) == ("b", "d", "e", "c", "a")
    assert plugin_order(model({}, {}), ["a", "b", "e"], [settled("e", "c", "a")]) == ("b", "e", "a")


def test_a_cycle_names_the_interaction_that_makes_it_too() -> None:
    with pytest.raises(SartoError) as caught:
        plugin_order(model({"a": ["b"]}, {}), NAMES, [settled("b", "a")])
    assert str(caught.value) == (
        "features.toml: features.a: the order of the plugins goes round: a -> b -> a\n"
        "  'a' is before 'b' (features.toml: features.a.before)\n"
        "  'b' is before 'a' (features.toml: interactions[0].order)\n"
        "  hint: take out one of these"
    )


orders = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=2))


@given(orders, orders, st.sets(st.sampled_from(NAMES)))
def test_the_order_is_the_first_of_all_that_keep_what_is_said(
    before: dict[str, list[str]], after: dict[str, list[str]], chosen: set[str]
) -> None:
    pairs = {(a, b) for a, others in before.items() for b in others} | {(b, a) for a, o in after.items() for b in o}
    bound = [(first, second) for first, second in pairs if {first, second} <= chosen]
    keeping = [
        order for order in permutations(sorted(chosen))
        if all(order.index(first) < order.index(second) for first, second in bound)
    ]  # fmt: skip
    if keeping:
        assert plugin_order(model(before, after), chosen) == min(keeping)
        return
    with pytest.raises(SartoError) as caught:
        plugin_order(model(before, after), chosen)
    shown = caught.value.what.splitlines()[0].rpartition(": ")[2].split(" -> ")
    assert shown[0] == shown[-1]
    assert all(step in pairs for step in pairwise(shown))
