"""All minimal conflicts, the repairs by weight, and what the vendor could drop, held against trying every subset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations, islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import Place
from sarto.model.expression import Value
from sarto.model.feature import Stage
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection, Wish
from sarto.model.toml_selection import load_selection
from sarto.solve.conflict import diagnose
from sarto.solve.diagnosis import Unfinished, minimal_conflicts
from sarto.solve.reasons import DefaultRule, WishRule
from sarto.solve.relaxing import relaxations
from sarto.solve.session import SatSession
from sarto.solve.soundness import model_findings
from sarto.solve.wants import Standing, Want, standing_of

from ..strategies import configurations, models
from .lines import SHOP, model, selection

patient = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

ENOUGH = 10_000


@st.composite
def tasks(draw: st.DrawFn) -> tuple[FeatureModel, Selection]:
    """Models some of whose features are the vendor's, and selections some of whose wishes come from a profile."""
    plain = draw(models(most=7, typed=draw(st.booleans())))
    stages = {name: draw(st.sampled_from([*Stage, Stage.CUSTOMER])) for name in plain.features}
    features = {name: replace(feature, stage=stages[name]) for name, feature in plain.features.items()}
    wishes: dict[str, Wish] = {}
    for name, feature in plain.features.items():
        values = [None, True, True, False] if feature.type is None else [None, True, False, 0, 3]
        value = draw(st.sampled_from(values))
        if value is not None:
            file = draw(st.sampled_from(["own.toml", "own.toml", "profile.toml"]))
            wishes[name] = Wish(name, value, Place(file, f"select.{name}"))
    return replace(plain, features=features), Selection(line="", customer="x", wishes=wishes, file="own.toml")


def wants_of(model: FeatureModel, selection: Selection) -> list[Want]:
    wants: list[Want] = [WishRule(wish) for wish in selection.wishes.values()]
    for name, feature in model.features.items():
        wish = selection.wishes.get(name)
        if feature.type is not None and feature.default is not None and (wish is None or wish.value is True):
            wants.append(DefaultRule(name, feature.default))
    return wants


def grants(configuration: dict[str, Value], want: Want) -> bool:
    if isinstance(want, DefaultRule):
        return configuration[want.feature] is False or configuration[want.feature] == want.value
    has = configuration[want.wish.feature]
    if isinstance(want.wish.value, bool):
        return (has is not False) is want.wish.value
    return has is not False and has == want.wish.value


def smallest(sets: Sequence[frozenset[Want]]) -> set[frozenset[Want]]:
    return {one for one in sets if not any(other < one for other in sets)}


def subsets(wants: Sequence[Want], holds: Callable[[Iterable[Want]], bool]) -> list[frozenset[Want]]:
    every = (frozenset(part) for size in range(len(wants) + 1) for part in combinations(wants, size))
    return [part for part in every if holds(part)]


@patient
@given(tasks())
def test_every_minimal_conflict_and_every_minimal_repair_is_found(task: tuple[FeatureModel, Selection]) -> None:
    model, selection = task
    wants = wants_of(model, selection)
    anything = list(configurations(model))

    def possible(kept: Iterable[Want]) -> bool:
        held = list(kept)
        return any(all(grants(c, want) for want in held) for c in anything)

    conflicts = smallest(subsets(wants, lambda part: not possible(part)))
    mending = smallest(subsets(wants, lambda part: possible(set(wants) - set(part)))) if conflicts else set()

    found = diagnose(model, selection, ENOUGH)

    named = [frozenset(rule for rule in rules if isinstance(rule, WishRule | DefaultRule)) for rules in found.conflicts]
    assert found.is_complete
    assert len(named) == len(conflicts)
    assert set(named) == conflicts
    changed = [frozenset(change.of for change in repair.changes) for repair in found.repairs]
    assert len(changed) == len(mending)
    assert set(changed) == mending


@patient
@given(tasks())
def test_repairs_come_in_the_order_of_who_decided_what_they_give_up(task: tuple[FeatureModel, Selection]) -> None:
    model, selection = task
    found = diagnose(model, selection, ENOUGH)

    def given_up(changed: Iterable[Want]) -> list[int]:
        standings = [standing_of(model, selection, want) for want in changed]
        return [standings.count(standing) for standing in sorted(Standing, reverse=True)]

    costs = [given_up(change.of for change in repair.changes) for repair in found.repairs]
    assert costs == sorted(costs), "the vendor's first, then the customer's, then the defaults"
    few = diagnose(model, selection, 2)
    assert [given_up(change.of for change in repair.changes) for repair in few.repairs] == costs[:2]


@quick
@given(tasks())
def test_constraints_that_the_vendor_could_drop_are_all_minimal_sets_of_them(
    task: tuple[FeatureModel, Selection],
) -> None:
    model, selection = task
    wants = wants_of(model, selection)
    numbers = range(len(model.constraints))

    def possible(dropped: Iterable[int]) -> bool:
        kept = tuple(model.constraints[number] for number in numbers if number not in set(dropped))
        return any(all(grants(c, want) for want in wants) for c in configurations(replace(model, constraints=kept)))

    every = [frozenset(part) for size in range(len(numbers) + 1) for part in combinations(numbers, size)]
    enough = [part for part in every if possible(part)]
    expected = {part for part in enough if not any(other < part for other in enough)}

    by_identity = {id(constraint): number for number, constraint in enumerate(model.constraints)}
    found = [frozenset(by_identity[id(each)] for each in dropped) for dropped in relaxations(model, selection)]
    assert set(found) == expected
    assert len(found) == len(expected)
    assert [len(dropped) for dropped in found] == sorted(len(dropped) for dropped in found)


PAIRS = [(number, number + 1) for number in range(1, 40, 2)]


def test_the_search_ends_where_conflicts_are_hidden_among_too_many_possible_combinations() -> None:
    session = SatSession([(-first, -second) for first, second in PAIRS], 40)
    found: list[tuple[int, ...]] = []
    with pytest.raises(Unfinished):
        found.extend(minimal_conflicts(session, range(1, 41), patience=30))
    session.close()
    assert sorted(found) == PAIRS, "all twenty are found, before a million combinations would have shown that it is all"


def test_conflicts_come_one_by_one() -> None:
    session = SatSession([(-first, -second) for first, second in PAIRS], 40)
    first = list(islice(minimal_conflicts(session, range(1, 41)), 3))
    session.close()
    assert len({*first}) == 3
    assert {*first} <= {*PAIRS}


ROUND = """
[features.shop]
optional = ["a", "b", "c"]
[[constraints]]
rule = "a => !b"
[[constraints]]
rule = "b => !c"
[[constraints]]
rule = "a => !c"
"""


def test_more_conflicts_than_asked_for_are_admitted() -> None:
    wished = selection("[select]\na = true\nb = true\nc = true")
    three = diagnose(model(ROUND), wished)
    two = diagnose(model(ROUND), wished, 2)
    assert (len(three.conflicts), three.is_complete) == (3, True)
    assert (len(two.conflicts), two.is_complete) == (2, False)
    assert diagnose(model(ROUND), wished, 3).is_complete, "three are all that there are"


def test_a_possible_selection_has_no_conflict_and_needs_no_repair() -> None:
    found = diagnose(model(ROUND), selection("[select]\na = true"))
    assert (found.conflicts, found.repairs, found.is_complete) == ((), (), True)


def test_what_a_profile_brings_along_outweighs_any_number_of_own_wishes() -> None:
    files = {
        "acme.toml": 'line = "features.toml"\ncustomer = "Acme"\nextends = ["profile.toml"]\n'
        "[select]\nb = true\nc = true\n",
        "profile.toml": "[select]\na = true\n",
    }
    lines = ROUND.replace('[[constraints]]\nrule = "b => !c"\n', "")
    found = diagnose(model(lines), load_selection("acme.toml", files.__getitem__))
    assert [repair.sentence for repair in found.repairs] == [
        "take back select.b = true (acme.toml) and take back select.c = true (acme.toml)",
        "take back select.a = true (profile.toml)",
    ]


def test_a_wish_for_a_feature_of_the_vendors_stage_is_given_up_last() -> None:
    lines = ROUND + '[features.a]\nstage = "vendor"\n'
    found = diagnose(model(lines), selection("[select]\na = true\nb = true"))
    assert [repair.sentence for repair in found.repairs] == [
        "take back select.b = true (acme.toml)",
        "take back select.a = true (acme.toml)",
    ]


def test_a_default_is_given_up_before_a_wish() -> None:
    found = diagnose(model(SHOP.replace("default = 100", "default = 300")), selection("[select]\nfull = true"))
    assert [repair.sentence for repair in found.repairs] == [
        "add select.page_size = 200 (the default is 300)",
        "take back select.full = true (acme.toml)",
    ]


def test_the_tree_alone_may_make_a_selection_impossible() -> None:
    lines = '[features.shop]\nalternative = ["a", "b"]\n'
    assert list(relaxations(model(lines), selection("[select]\na = true\nb = true"))) == []


def test_a_possible_selection_needs_no_constraint_to_go() -> None:
    assert list(relaxations(model(ROUND), selection("[select]\na = true"))) == [()]


VOID = '[features.shop]\nmandatory = ["a", "b", "c"]\n'


def test_a_void_model_is_told_which_single_constraints_make_it_so() -> None:
    lines = (
        VOID
        + '[[constraints]]\nrule = "a => d | !b"\n[[constraints]]\nrule = "c => !d"\n[features.c]\noptional = ["d"]'
    )
    (finding,) = model_findings(model(lines))
    assert finding.hint == "it would not be, without the constraint a => d | !b or without the constraint c => !d"


def test_a_void_model_that_no_single_constraint_mends_is_told_the_fewest() -> None:
    lines = VOID + '[[constraints]]\nrule = "a => !b"\n[[constraints]]\nrule = "b => !c"'
    (finding,) = model_findings(model(lines))
    assert finding.hint == "it would not be, without the constraint a => !b and the constraint b => !c"
