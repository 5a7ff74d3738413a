"""Which features meet, in which order, and what they can be sure of: held against trying all configurations."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml
from sarto.solve.company import Apart, Company, Meeting, Ordered

from ..strategies import configurations, models

patient = settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
Pair = tuple[str, str]


def model(text: str) -> FeatureModel:
    return model_from_toml(f'[line]\nroot = "shop"\n[features.shop]\noptional = ["a", "b", "c", "d"]\n{text}', "f.toml")


def between(model: FeatureModel, first: str, second: str, *order: Pair) -> Apart | Ordered | Meeting:
    with closing(Company(model, (first, second), order)) as company:
        return company.between(first, second)


def reaches(start: str, end: str, order: Collection[Pair], there: Collection[str]) -> bool:
    """Whether steps between features that are there lead from one to the other, by repeating all of them."""
    found = {start}
    for _ in there:
        found |= {second for first, second in order if first in found and second in there}
    return end in found


def test_two_that_nothing_orders_meet_in_the_selection_of_both() -> None:
    assert between(model(""), "a", "b") == Meeting({"a": True, "b": True})


def test_what_follows_from_the_others_is_not_asked_for() -> None:
    rules = '[[constraints]]\nrule = "a => b"\n'
    assert between(model(rules), "a", "b") == Meeting({"a": True})


def test_two_that_are_in_every_product_need_no_selection_to_meet() -> None:
    text = '[line]\nroot = "shop"\n[features.shop]\nmandatory = ["a", "b"]\n'
    assert between(model_from_toml(text, "f.toml"), "a", "b") == Meeting({})


def test_two_that_never_meet_come_with_the_rules_that_keep_them_apart() -> None:
    rules = '[[constraints]]\nrule = "a => c"\nbecause = "So it is."\n[[constraints]]\nrule = "b => !c"\n'
    assert between(model(rules), "a", "b") == Apart(
        (
            "the constraint a => c (f.toml: constraints[0].rule): So it is",
            "the constraint b => !c (f.toml: constraints[1].rule)",
        )
    )


def test_an_order_through_a_third_feature_holds_only_where_that_is_there() -> None:
    order = ("a", "c"), ("c", "b")
    assert between(model(""), "a", "b", *order) == Meeting({"a": True, "b": True, "c": False})
    assert between(model('[[constraints]]\nrule = "a => c"\n'), "a", "b", *order) == Ordered((("a", "c", "b"),))


def test_several_ways_may_order_them_together() -> None:
    order = ("a", "c"), ("c", "b"), ("b", "d"), ("d", "a")
    rule = '[[constraints]]\nrule = "a & b => (c | d)"\n'
    found = between(model(rule), "a", "b", *order)
    assert isinstance(found, Ordered)
    assert set(found.paths) == {("a", "c", "b"), ("b", "d", "a")}


@patient
@given(models(7), st.data())
def test_the_proof_of_two_features_agrees_with_all_configurations(
    given_model: FeatureModel, data: st.DataObject
) -> None:
    names = list(given_model.features)
    feature = st.sampled_from(names)
    order = data.draw(st.lists(st.tuples(feature, feature).filter(lambda pair: pair[0] != pair[1]), max_size=6))
    first, second = data.draw(feature), data.draw(feature)
    if first == second:
        return
    valid = [{name for name, state in each.items() if state} for each in configurations(given_model)]
    both = [there for there in valid if {first, second} <= there]
    free = [
        there
        for there in both
        if not (reaches(first, second, order, there) or reaches(second, first, order, there))
    ]  # fmt: skip
    found = between(given_model, first, second, *order)
    assert isinstance(found, Apart if not both else Meeting if free else Ordered)
    if isinstance(found, Meeting):
        fitting = _fitting(valid, found)
        assert fitting
        assert all(there in free for there in fitting)
        for name in found.selection:  # smallest: without any of its choices something else is possible
            less = {other: value for other, value in found.selection.items() if other != name}
            assert len(_fitting(valid, Meeting(less))) > len(fitting)


@patient
@given(models(6), st.data())
def test_an_order_goes_round_exactly_where_a_configuration_has_it(
    given_model: FeatureModel, data: st.DataObject
) -> None:
    feature = st.sampled_from(list(given_model.features))
    order = data.draw(st.lists(st.tuples(feature, feature).filter(lambda pair: pair[0] != pair[1]), max_size=8))
    valid = [{name for name, state in each.items() if state} for each in configurations(given_model)]
    going_round = [
        there
        for there in valid
        if any({one, other} <= there and reaches(other, one, order, there) for one, other in order)
    ]
    with closing(Company(given_model, (), order)) as company:
        found = list(company.going_round())
    assert bool(found) == bool(going_round)
    for cycle, meeting in found:
        assert all(pair in order for pair in zip(cycle, (*cycle[1:], cycle[0]), strict=True))
        fitting = _fitting(valid, meeting)
        assert fitting
        assert all(there in going_round for there in fitting)


@patient
@given(models(7), st.data())
def test_what_a_feature_can_be_sure_of_agrees_with_all_configurations(
    given_model: FeatureModel, data: st.DataObject
) -> None:
    names = list(given_model.features)
    feature = data.draw(st.sampled_from(names))
    others = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    valid = [{name for name, state in each.items() if state} for each in configurations(given_model)]
    lacking = [there for there in valid if feature in there and not there & set(others)]
    with closing(Company(given_model, names)) as company:
        found = company.without(feature, others)
    assert (found is not None) == bool(lacking)
    if found is not None:
        fitting = _fitting(valid, found)
        assert fitting
        assert all(there in lacking for there in fitting)


def _fitting(valid: list[set[str]], meeting: Meeting) -> list[set[str]]:
    wishes = meeting.selection.items()
    return [there for there in valid if all((name in there) == value for name, value in wishes)]
