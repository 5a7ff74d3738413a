"""Choices as values, held against brute force: whatever is said, taken back and said again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Wish
from sarto.model.values import misfit
from sarto.solve.choices import Choice, Choices
from sarto.solve.configurator import Consequences
from sarto.solve.conflict import Conflict
from sarto.solve.words import sentence

from ..strategies import configurations, models
from .lines import SHOP, model

patient = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def fitting(m: FeatureModel, wishes: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """The configurations with these wishes; a typed feature without a wished value has its default."""
    for configuration in configurations(m):
        if all(_fits(m, name, configuration[name], wishes.get(name)) for name in m.features):
            yield configuration


def _fits(m: FeatureModel, name: str, value: Value, wish: Value | None) -> bool:
    if wish is not None and (wish is not False) is not (value is not False):
        return False
    wanted = m.features[name].default if wish is None or wish is True else wish
    typed = m.features[name].type is not None
    return not typed or value is False or wanted is None or wanted is False or value == wanted


def check(choices: Choices, choice: Choice, everything: list[dict[str, Value]]) -> None:
    """Each state is that of all configurations that fit."""
    for name in choices.model.features:
        states = {each[name] is not False for each in everything}
        assert choices.state(choice, name) is (states.pop() if len(states) == 1 else None)


@patient
@given(models(most=7, arithmetic=True, typed=True), st.data())
def test_whatever_is_said_and_taken_back_the_states_are_those_of_all_configurations(
    m: FeatureModel, data: st.DataObject
) -> None:
    choices = Choices(m)
    assume(any(fitting(m, {})))
    wishes: dict[str, Value] = {}
    for _ in range(data.draw(st.integers(1, 6))):
        name = data.draw(st.sampled_from(choices.order))
        values: list[Value | None] = [True, False] if m.features[name].type is None else [True, False, 0, 1, 2, 3]
        said = data.draw(st.sampled_from([*(v for v in values if _is_value(m, name, v)), None]))
        wanted = {key: value for key, value in wishes.items() if key != name} | ({} if said is None else {name: said})
        everything = list(fitting(m, wanted))
        found = choices.attempt(wanted)
        assert (found is None) is (not everything)
        if found is None:
            with pytest.raises(Conflict):
                choices.choice(wanted)
            continue
        wishes = wanted
        check(choices, found, everything)
        assert choices.count(found) == len({tuple(v is not False for v in each.values()) for each in everything})


def _is_value(m: FeatureModel, name: str, value: Value | None) -> bool:
    return value is True or (value is not None and not misfit(m.features[name], value))


@patient
@given(models(most=7), st.data())
def test_what_settles_a_feature_does_so_alone_and_frees_it_without_any_one_part(
    m: FeatureModel, data: st.DataObject
) -> None:
    choices = Choices(m)
    assume(any(configurations(m)))
    choice = choices.choice({})
    for _ in range(3):
        assert choice.freedom == len(choice.free)
        if choice.free:
            wish = {data.draw(st.sampled_from(choice.free)): data.draw(st.booleans())}
            choice = choices.choice({**choice.wishes, **wish})
    for name, state in choice.settled.items():
        because = {wish.feature: wish.value for wish in choices.because_of(choice, name)}
        if name in choice.wishes:
            assert because == {}
            continue
        assert choices.state(choices.choice(because), name) is state
        for one in because:
            rest = {key: value for key, value in because.items() if key != one}
            assert choices.state(choices.choice(rest), name) is None


@patient
@given(models(most=6, arithmetic=True, typed=True), st.data())
def test_values_settle_features_too_and_leave_the_default_behind_where_they_are_taken_back(
    m: FeatureModel, data: st.DataObject
) -> None:
    choices = Choices(m)
    assume(any(fitting(m, {})))
    wishes: dict[str, Value] = {}
    for name in data.draw(st.permutations(choices.order))[:4]:
        values: list[Value] = [True, False] if m.features[name].type is None else [False, 0, 1, 2, 3]
        said = data.draw(st.sampled_from([value for value in values if _is_value(m, name, value)]))
        if any(fitting(m, {**wishes, name: said})):
            wishes[name] = said
    choice = choices.choice(wishes)
    for name, state in choice.settled.items():
        because = {wish.feature: wish.value for wish in choices.because_of(choice, name)}
        assert because.items() <= wishes.items()
        if name in wishes:
            assert because == {}
            continue
        assert {each[name] is not False for each in fitting(m, because)} <= {state}
        for one in because:
            rest = [each[name] is not False for each in fitting(m, {k: v for k, v in because.items() if k != one})]
            assert not rest or (not state) in rest


SEATS = """
[features.shop]
mandatory = ["seats"]
optional = ["island", "hob", "hood"]
[features.island]
[features.hob]
[features.hood]
[[constraints]]
rule = "hob & hood => !island"
[features.seats]
"""


@pytest.mark.parametrize(
    ("typed", "value", "rule"),
    [
        ('type = "integer"\nminimum = 1\nmaximum = 99\ndefault = 2', 50, "seats > 20 => !island"),
        ('type = "integer"\nminimum = 1\nmaximum = 99', 50, "seats > 20 => !island"),
        ('type = "real"\nminimum = 0\nmaximum = 5\ndefault = 1.5', 2.75, "seats > 2.5 => !island"),
        ('type = "string"\ndefault = "few"', "many", "seats == 'many' => !island"),
    ],
    ids=["integer", "without a default", "real", "text"],
)
def test_a_value_that_rules_a_feature_out_is_what_can_be_taken_back(typed: str, value: Value, rule: str) -> None:
    choices = Choices(model(f'{SEATS}{typed}\n[[constraints]]\nrule = "{rule}"\n'))
    by_value = choices.choice({"hob": True, "seats": value})
    assert choices.because_of(by_value, "island") == (Wish("seats", value),)

    by_both = choices.choice({"hob": True, "seats": value, "hood": True})
    first = choices.because_of(by_both, "island")
    assert first in ((Wish("seats", value),), (Wish("hob", True), Wish("hood", True)))
    left = choices.choice({name: each for name, each in by_both.wishes.items() if name != first[0].feature})
    rest = choices.because_of(left, "island")
    assert {wish.feature for wish in rest} == ({"hob", "hood"} if first[0].feature == "seats" else {"seats"})
    freed = choices.choice({name: each for name, each in left.wishes.items() if name != rest[0].feature})
    assert choices.state(freed, "island") is None


def test_values_that_do_it_only_together_are_all_named() -> None:
    number = 'type = "integer"\nminimum = 0\nmaximum = 1000000\ndefault = 1\n'
    choices = Choices(
        model(
            '[features.shop]\nmandatory = ["width", "depth"]\noptional = ["lift", "stairs"]\n[features.lift]\n'
            f"[features.stairs]\n[features.width]\n{number}[features.depth]\n{number}"
            '[[constraints]]\nrule = "stairs & width * depth > 1000 => !lift"\n'
        )
    )
    choice = choices.choice({"width": 100, "stairs": True, "depth": 93})
    assert {wish.feature for wish in choices.because_of(choice, "lift")} == {"width", "depth", "stairs"}


def test_a_default_that_would_do_the_same_is_no_decision_to_take_back() -> None:
    typed = 'type = "integer"\nminimum = 1\nmaximum = 99\ndefault = 30'
    choices = Choices(model(f'{SEATS}{typed}\n[[constraints]]\nrule = "seats > 20 => !island"\n'))
    assert choices.because_of(choices.choice({"seats": 50}), "island") == ()


def test_what_is_new_and_what_is_free_again() -> None:
    choices = Choices(model(SHOP))
    nothing, reviews = choices.choice({}), choices.choice({"reviews": True})

    assert reviews.since(nothing) == (Consequences(("search", "full", "reviews"), ("simple",)), ())
    assert nothing.since(reviews) == (Consequences((), ()), ("search", "simple", "full", "reviews"))
    assert len(reviews.states) == len(choices.order)


def test_repairs_that_keep_what_is_insisted_on_come_first() -> None:
    choices = Choices(model(SHOP))

    conflict = choices.conflict({"reviews": True, "simple": True}, insisted="simple")
    other = choices.conflict({"reviews": True, "simple": True}, insisted="reviews")

    assert [repair.sentence for repair in conflict.repairs] == [
        "take back select.reviews = true", "take back select.simple = true",
    ]  # fmt: skip
    assert [repair.sentence for repair in other.repairs] == [
        "take back select.simple = true", "take back select.reviews = true",
    ]  # fmt: skip


def test_a_decided_feature_has_its_value_and_reason() -> None:
    choices = Choices(model(SHOP))
    choice = choices.choice({"page_size": 80})
    decision = choices.decision(choice, "page_size")

    assert decision is not None
    assert (decision.value, sentence(decision)) == (80, "'page_size' is set to 80")
    assert choices.decision(choice, "reviews") is None
