"""Conflicts over typed features whose values are too many to tell apart, held against trying all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.model.expression import Arithmetic, Compare, Expression, FeatureReference, Number, Value
from sarto.model.feature import Constraint, Feature, Group, GroupKind, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.instance_wishes import with_instances
from sarto.model.instances import expanded
from sarto.model.selection import Selection, Wish
from sarto.solve import arithmetic, diagrams, values
from sarto.solve.conflict import Conflict, Diagnosis, Repair, diagnose
from sarto.solve.difficulty import TooHard
from sarto.solve.reasons import DefaultRule, Origin, WishRule
from sarto.solve.resolution import resolve
from sarto.solve.wants import Want

from ..strategies import comparisons, configurations, logical, trees
from .lines import model, selection

patient = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
ENOUGH = 10_000
HIGHEST = 10


@contextmanager
def limits(nodes: int = diagrams.NODE_LIMIT, table: int = arithmetic.TABLE_LIMIT) -> Iterator[None]:
    """Every range counts as wide, and diagrams and tables may have so many nodes and rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "SMALL_RANGE", 0)
        patch.setattr(diagrams, "NODE_LIMIT", nodes)
        patch.setattr(arithmetic, "TABLE_LIMIT", table)
        yield


@st.composite
def wide_models(draw: st.DrawFn) -> FeatureModel:
    """Models with any arithmetic over typed features from 0 to 10."""
    names, groups = draw(trees(4))
    typed = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    features = {name: draw(numbers(name) if name in typed else st.just(plain(name))) for name in names}
    rules = draw(st.lists(logical(names, comparisons(names, typed), leaves=3), min_size=1, max_size=3))
    rules += draw(st.lists(comparisons(names, typed), max_size=1))
    constraints = tuple(Constraint(rule, "a reason") for rule in rules)
    return FeatureModel(root=names[0], features=features, groups=tuple(groups), constraints=constraints)


@st.composite
def sums(draw: st.DrawFn) -> FeatureModel:
    """Models with one bound on a weighted sum of three typed features, some of them mandatory."""
    names = ["f0", "f1", "f2", "f3"]
    features = {name: plain(name) if name == "f0" else draw(numbers(name)) for name in names}
    kinds = [draw(st.sampled_from([GroupKind.MANDATORY, GroupKind.OPTIONAL])) for _ in names[1:]]
    groups = tuple(Group("f0", kind, (name,), 0, 1) for kind, name in zip(kinds, names[1:], strict=True))
    total: Expression = Number(0)
    for name in names[1:]:
        weighted = Arithmetic("*", Number(draw(st.sampled_from([1, 1, 2, -1]))), FeatureReference(name))
        total = Arithmetic("+", total, weighted)
    bound = Compare(draw(st.sampled_from(["<", "<=", ">", ">="])), total, Number(draw(st.integers(-10, 25))))
    return FeatureModel(root="f0", features=features, groups=groups, constraints=(Constraint(bound, "a reason"),))


def plain(name: str) -> Feature:
    return Feature(name=name, attributes={"price": 2})


def numbers(name: str) -> st.SearchStrategy[Feature]:
    price = {"price": 1}
    return st.integers(0, HIGHEST).map(
        lambda default: Feature(
            name=name, type=ValueType.INTEGER, minimum=0, maximum=HIGHEST, default=default, attributes=price
        )
    )


@st.composite
def selections(draw: st.DrawFn, model: FeatureModel) -> Selection:
    wishes: dict[str, Wish] = {}
    for name, feature in model.features.items():
        of_number = st.none() | st.sampled_from([True, False]) | st.integers(0, HIGHEST)
        value = draw(st.sampled_from([None, True, False]) if feature.type is None else of_number)
        if value is not None:
            wishes[name] = Wish(name, value)
    return Selection(line="", customer="x", wishes=wishes)


def wanted(model: FeatureModel, selection: Selection) -> list[Want]:
    wants: list[Want] = [WishRule(wish) for wish in selection.wishes.values()]
    for name, feature in model.features.items():
        wish = selection.wishes.get(name)
        if feature.type is not None and feature.default is not None and (wish is None or wish.value is True):
            wants.append(DefaultRule(name, feature.default))
    return wants


def grants(configuration: dict[str, Value], want: Want) -> bool:
    if isinstance(want, DefaultRule):
        return configuration[want.feature] is False or configuration[want.feature] == want.value
    has, value = configuration[want.wish.feature], want.wish.value
    return (has is not False) is value if isinstance(value, bool) else has is not False and has == value


def granted(model: FeatureModel, wants: Iterable[Want]) -> set[frozenset[Want]]:
    """What each configuration grants of the wants."""
    anything = configurations(model, {name: list(range(HIGHEST + 1)) for name in model.features})
    held = list(wants)
    return {frozenset(want for want in held if grants(configuration, want)) for configuration in anything}


def possible(found: Iterable[frozenset[Want]], wants: frozenset[Want]) -> bool:
    return any(wants <= together for together in found)


def named(rules: Iterable[Origin]) -> frozenset[Want]:
    return frozenset(rule for rule in rules if isinstance(rule, WishRule | DefaultRule))


def mended(selection: Selection, repair: Repair) -> Selection:
    wishes = dict(selection.wishes)
    for change in repair.changes:
        name = change.of.feature if isinstance(change.of, DefaultRule) else change.of.wish.feature
        if change.value is None and isinstance(change.of, WishRule):
            del wishes[name]
        else:
            wishes[name] = Wish(name, False if change.value is None else change.value)
    return replace(selection, wishes=wishes)


def conflict(model: FeatureModel, selection: Selection) -> Conflict | None:
    try:
        resolve(model, selection)
    except Conflict as error:
        return error
    except TooHard:
        assume(False)
    return None


def smallest(sets: Iterable[frozenset[Want]]) -> set[frozenset[Want]]:
    found = list(sets)
    return {one for one in found if not any(other < one for other in found)}


@patient
@given(st.data(), st.sampled_from([3, 40, diagrams.NODE_LIMIT]), st.sampled_from([4, 40, arithmetic.TABLE_LIMIT]))
def test_what_a_conflict_names_is_impossible_on_its_own(data: st.DataObject, nodes: int, rows: int) -> None:
    drawn = data.draw(wide_models())
    asked = data.draw(selections(drawn))
    with limits(nodes, rows):
        found = conflict(drawn, asked)
        assume(found is not None)
        assert found is not None
        all_found = diagnose(drawn, asked, ENOUGH)
        wants = wanted(drawn, asked)
        anything = granted(drawn, wants)
        assert not possible(anything, frozenset(wants))
        assert all_found.conflicts
        for rules in (*found.conflicts, *all_found.conflicts):
            assert not possible(anything, named(rules))
        for repair in (*found.repairs, *all_found.repairs):
            resolve(drawn, mended(asked, repair))


@patient
@given(st.data())
def test_a_bound_on_a_sum_gives_all_minimal_conflicts_and_repairs(data: st.DataObject) -> None:
    drawn = data.draw(sums())
    asked = data.draw(selections(drawn))
    with limits():
        found = conflict(drawn, asked)
        assume(found is not None)
        assert found is not None
        all_found: Diagnosis = diagnose(drawn, asked, ENOUGH)
        for repair in (*found.repairs, *all_found.repairs):
            resolve(drawn, mended(asked, repair))
    wants = wanted(drawn, asked)
    anything = granted(drawn, wants)
    parts = [frozenset(part) for size in range(len(wants) + 1) for part in combinations(wants, size)]
    conflicts = smallest(part for part in parts if not possible(anything, part))
    repairs = smallest(part for part in parts if possible(anything, frozenset(wants) - part))
    assert {named(rules) for rules in all_found.conflicts} == conflicts
    assert {named(rules) for rules in found.conflicts} <= conflicts
    changed = [frozenset(change.of for change in repair.changes) for repair in all_found.repairs]
    assert (len(changed), set(changed)) == (len(repairs), repairs)


HOUSE = """
[features.shop]
mandatory = ["room"]
[features.room]
instances = { min = 1, max = 6 }
mandatory = ["area"]
[features.area]
type = "integer"
minimum = 8
maximum = 40
default = 12
[[constraints]]
rule = "sum(area) <= 60"
"""


def test_defaults_inside_of_instances_are_named_where_a_conflict_rests_on_them() -> None:
    house = expanded(model(HOUSE))
    asked = with_instances(selection("[select]\nroom = 6"), house)
    found = conflict(house, asked)
    assert found is not None
    assert found.reasons[:5] == (
        "'room' is wanted 6 times, so 'room#6' is selected (acme.toml: select.room)",
        "'area#1' has its default, 12",
        "'area#2' has its default, 12",
        "'area#3' has its default, 12",
        "'area#4' has its default, 12",
    )
    changed = re.findall(r'add select\."area#([1-6])" = 8 \(the default is 12\)', found.repairs[0].sentence)
    assert len(set(changed)) == len(found.repairs[0].changes) == 3, "whichever three, for the rooms are all alike"
    for repair in found.repairs:
        resolve(house, mended(asked, repair))


def test_a_default_that_a_conflict_does_not_need_is_not_named() -> None:
    house = expanded(model(HOUSE))
    asked = with_instances(selection("[[select.room]]\n" * 4 + "[[select.room]]\narea = 30"), house)
    found = conflict(house, asked)
    assert found is not None
    assert [reason for reason in found.reasons if "acme.toml" in reason or "default" in reason] == [
        "'room' is wanted 5 times, so 'room#5' is selected (acme.toml: select.room)",
        "'area#5' is set to 30 (acme.toml: select.room[4].area)",
    ]
    assert found.repairs[0].sentence == "change select.room[4].area from 30 to 12 (acme.toml)"
