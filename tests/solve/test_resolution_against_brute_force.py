"""Resolution, conflicts and repairs held against trying everything out."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value, exact
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection, Wish
from sarto.solve.conflict import Conflict
from sarto.solve.reasons import Cause, DefaultRule, Fact, Resolution, WishRule
from sarto.solve.resolution import resolve

from ..strategies import configurations, models, selections

patient = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def given_values(model: FeatureModel, selection: Selection) -> dict[str, list[Value]]:
    values: dict[str, list[Value]] = {}
    for name, feature in model.features.items():
        if feature.type is not None and feature.default is not None:
            wish = selection.wishes.get(name)
            values[name] = [wish.value if wish and not isinstance(wish.value, bool) else feature.default]
    return values


def honours(configuration: dict[str, Value], wish: Wish) -> bool:
    return configuration[wish.feature] == wish.value and isinstance(configuration[wish.feature], bool) == isinstance(
        wish.value, bool
    )


def possible(model: FeatureModel, selection: Selection) -> list[dict[str, Value]]:
    wishes = selection.wishes.values()
    return [
        c for c in configurations(model, given_values(model, selection)) if all(honours(c, wish) for wish in wishes)
    ]


def price(model: FeatureModel, configuration: dict[str, Value]) -> Fraction:
    amounts = (exact(model.features[name].attributes["price"]) for name, v in configuration.items() if v is not False)
    return sum((amount for amount in amounts if isinstance(amount, Fraction)), Fraction(0))


@st.composite
def tasks(draw: st.DrawFn, *, is_open: bool = False) -> tuple[FeatureModel, Selection]:
    model = draw(models(most=8, arithmetic=draw(st.booleans()), typed=draw(st.booleans())))
    return model, draw(selections(model, is_open=is_open))


@patient
@given(tasks())
def test_a_selection_resolves_exactly_when_some_configuration_honours_it(task: tuple[FeatureModel, Selection]) -> None:
    model, selection = task
    found = possible(model, selection)
    try:
        resolution = resolve(model, selection)
    except Conflict:
        assert not found
    else:
        assert resolution.configuration in found


@patient
@given(tasks())
def test_what_is_called_a_consequence_of_the_wishes_holds_in_every_configuration(
    task: tuple[FeatureModel, Selection],
) -> None:
    model, selection = task
    found = possible(model, selection)
    assume(found)
    resolution = resolve(model, selection)
    wanted = {wish.feature for wish in selection.wishes.values()}
    shared = {name for name in model.features if len({c[name] is not False for c in found}) == 1}
    early = {
        name
        for name, decision in resolution.decisions.items()
        if decision.reason.cause in (Cause.WISH, Cause.CONSEQUENCE)
    }
    assert wanted <= {n for n in early if resolution.decisions[n].reason.cause is Cause.WISH} | shared
    assert shared <= early, "complete propagation: what no configuration leaves free is never a default or a closure"


@patient
@given(tasks())
def test_preferences_come_before_defaults_and_the_rest_takes_the_fewest_features(
    task: tuple[FeatureModel, Selection],
) -> None:
    model, selection = task
    found = possible(model, selection)
    assume(found)
    configuration = resolve(model, selection).configuration
    if selection.minimise:
        cheapest = min(price(model, c) for c in found)
        found = [c for c in found if price(model, c) == cheapest]
        assert configuration in found
    for name in model.preorder():
        default = model.features[name].default
        if isinstance(default, bool):
            kept = [c for c in found if c[name] is default]
            found = kept or found
    assert configuration in found
    fewest = min(sum(v is not False for v in c.values()) for c in found)
    best = [c for c in found if sum(v is not False for v in c.values()) == fewest]
    order = list(model.preorder())
    first = max(best, key=lambda c: [c[name] is not False for name in order])
    assert configuration == first


@patient
@given(tasks(is_open=True))
def test_open_features_can_all_go_both_ways_and_the_residual_rules_say_how(
    task: tuple[FeatureModel, Selection],
) -> None:
    model, selection = task
    assume(possible(model, selection))
    resolution = resolve(model, selection)
    configuration = resolution.configuration
    assert is_valid(model, configuration)
    typed = given_values(model, selection)
    moving = {*resolution.open, *resolution.follows}
    fixed = {name: value for name, value in configuration.items() if name not in moving}
    around = [c for c in configurations(model, typed) if all(same(c[name], value) for name, value in fixed.items())]
    reachable = []
    for state in product((False, True), repeat=len(resolution.open)):
        truth = completed(resolution, dict(zip(resolution.open, state, strict=True)))
        if truth is not None:
            assert moving <= truth.keys(), "what follows is decided by unit propagation"
            reachable.append(truth)
            assert any(all((c[name] is not False) == truth[name] for name in moving) for c in around)
    for name in resolution.open:
        assert {truth[name] for truth in reachable} == {True, False}
    if not resolution.follows:
        allowed = {tuple(c[name] is not False for name in resolution.open) for c in around}
        assert {tuple(truth[name] for name in resolution.open) for truth in reachable} == allowed


def same(first: Value, second: Value) -> bool:
    """Whether two decisions are one: to Python, a selected feature's value 0 equals False."""
    return first == second and (first is False) == (second is False)


def completed(resolution: Resolution, state: dict[str, bool]) -> dict[str, bool] | None:
    """A full state of the open features with all that unit propagation makes of it; None where a rule is broken."""
    known = dict(state)
    while True:
        progress = False
        for rule in resolution.residual:
            if any(known.get(fact.feature) == fact.value for fact in rule.any):
                continue
            left = [fact for fact in rule.any if fact.feature not in known]
            if not left:
                return None
            if len(left) == 1:
                known[left[0].feature] = left[0].value
                progress = True
        if not progress:
            return known


@patient
@given(tasks())
def test_an_impossible_selection_gets_minimal_reasons_and_smallest_repairs(
    task: tuple[FeatureModel, Selection],
) -> None:
    model, selection = task
    assume(not possible(model, selection))
    try:
        resolve(model, selection)
    except Conflict as conflict:
        check_repairs(model, selection, conflict)
    else:
        raise AssertionError("no configuration honours the selection, yet it was resolved")


def check_repairs(model: FeatureModel, selection: Selection, conflict: Conflict) -> None:
    wishes = selection.wishes.values()
    wants: list[WishRule | DefaultRule] = [WishRule(wish) for wish in wishes]
    for name, feature in model.features.items():
        wish = selection.wishes.get(name)
        if feature.type is not None and feature.default is not None and (wish is None or wish.value is True):
            wants.append(DefaultRule(name, feature.default))
    anything = list(configurations(model))

    def solves(dropped: tuple[WishRule | DefaultRule, ...]) -> bool:
        kept = [want for want in wants if want not in dropped]
        return any(all(grants(c, want) for want in kept) for c in anything)

    if not anything:
        assert conflict.repairs == ()
        return
    ways = [part for size in range(len(wants) + 1) for part in combinations(wants, size) if solves(part)]
    assert conflict.repairs, "where another selection is possible there is a way back"
    costs = [cost(change.of for change in repair.changes) for repair in conflict.repairs]
    assert costs[0] == min(map(cost, ways))
    assert costs == sorted(costs)
    for repair in conflict.repairs:
        changed = tuple(change.of for change in repair.changes)
        assert solves(changed)
        assert not any(solves(part) for part in combinations(changed, len(changed) - 1))


def cost(changed: Iterable[WishRule | DefaultRule]) -> tuple[int, int]:
    """Wishes weigh more than any number of defaults."""
    given_up = list(changed)
    wishes = sum(isinstance(want, WishRule) for want in given_up)
    return wishes, len(given_up) - wishes


def grants(configuration: dict[str, Value], want: WishRule | DefaultRule) -> bool:
    if isinstance(want, WishRule):
        return honours(configuration, want.wish)
    value = configuration[want.feature]
    return value is False or value == want.value


@patient
@given(tasks())
def test_the_reason_of_a_consequence_is_enough_for_it(task: tuple[FeatureModel, Selection]) -> None:
    """The rules and premises of every consequence alone force it, by an independent brute force."""
    model, selection = task
    assume(possible(model, selection))
    resolution = resolve(model, selection)
    everything = list(configurations(model, given_values(model, selection)))
    for name, decision in resolution.decisions.items():
        if decision.reason.cause is Cause.CONSEQUENCE:
            fitting = [c for c in everything if all(has(c, fact) for fact in decision.reason.premises)]
            assert all((c[name] is not False) == decision.is_selected for c in fitting)
            assert all(has(resolution.configuration, fact) for fact in decision.reason.premises)


def has(configuration: dict[str, Value], fact: Fact) -> bool:
    return (configuration[fact.feature] is not False) == fact.value
