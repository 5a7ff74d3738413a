"""What goes off with a feature that fails, held against trying everything out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.derive import dependence
from sarto.derive.dependence import rules_of_failure
from sarto.derive.manifest import _literal
from sarto.errors import Place, SartoError
from sarto.model.evaluation import is_valid
from sarto.model.feature import OnFailure
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection, Wish
from sarto.model.toml_line import read_line
from sarto.solve.conflict import Conflict
from sarto.solve.reasons import ResidualRule, Resolution
from sarto.solve.resolution import resolve
from sarto.solve.words import rule_sentence
from sarto_runtime.build import Build, Rule
from sarto_runtime.build import Feature as Decided
from sarto_runtime.falling import without
from sarto_runtime.state import state_of

from ..strategies import models, selections


def build_of(model: FeatureModel, resolution: Resolution) -> Build:
    """The build of a resolution, as far as a failure looks at it."""
    features = {name: Decided(decision.value, "", "", "", "run", "") for name, decision in resolution.decisions.items()}
    given: dict[str, Any] = dict.fromkeys(Build._fields, ())
    given |= {
        "features": features,
        "open": resolution.open,
        "rules": rules(resolution.residual),
        "needs": rules(rules_of_failure(model, resolution)),
    }
    return Build(**given)


def rules(found: Sequence[ResidualRule]) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            tuple((text.removeprefix("!"), not text.startswith("!")) for text in map(_literal, each.any)),
            rule_sentence(each.origin),
        )
        for each in found
    )


def fewest_off(model: FeatureModel, values: Mapping[str, Any], failed: set[str]) -> int | None:
    """How many more features have to go off for a valid product without the failed ones; None where none is left."""
    on = [name for name, value in values.items() if value is not False and name not in failed]
    for number in range(len(on) + 1):
        for some in combinations(on, number):
            state = {**values, **dict.fromkeys((*failed, *some), False)}
            if state[model.root] is not False and is_valid(model, state):
                return number
    return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_with_features_that_fail_go_the_fewest_that_leave_a_valid_product(data: st.DataObject) -> None:
    holds_for_every_failure(data)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_so_they_do_where_rules_are_said_with_auxiliary_names(data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dependence, "MOST_FEATURES", 1)
        patch.setattr(dependence, "MOST_CLAUSES", 1)
        holds_for_every_failure(data)


def holds_for_every_failure(data: st.DataObject) -> None:
    model = data.draw(models(8, arithmetic=data.draw(st.booleans()), typed=data.draw(st.booleans())))
    selection = data.draw(selections(model, is_open=True))
    failing = set(data.draw(st.lists(st.sampled_from(sorted(model.features)), min_size=1, max_size=2)))
    features = {
        name: replace(feature, delivery=replace(feature.delivery, on_failure=OnFailure.DISABLE))
        if name in failing
        else feature
        for name, feature in model.features.items()
    }
    model = replace(model, features=features)
    try:
        resolution = resolve(model, selection)
    except (Conflict, SartoError):
        return
    build = build_of(model, resolution)
    state = state_of(build, {})
    failed = {name for name in failing if state.is_on(name) and name != model.root}
    if not failed:
        return
    fewest = fewest_off(model, state.features, failed)
    found = without(build, state, failed)
    if fewest is None:
        assert found.obstacle
        assert found.state == state
        return
    assert not found.obstacle
    assert is_valid(model, dict(found.state.features))
    assert len(found.off) == fewest
    off = {name for name, value in state.features.items() if value is not False and not found.state.is_on(name)}
    assert off == failed | found.off.keys()
    assert all(found.off.values()), "each with a sentence that says why"


LINE = """
[line]
name = "shop"
version = "1"
root = "shop"

[core]
parts = ["shop"]
command = "shop"

[features.shop]
mandatory = ["store"]
optional = ["catalogue", "search", "hints", "basket", "audit"]

[features.store]
alternative = ["files", "database"]

[features.search]
on_failure = "disable"
[features.hints]
requires = ["search"]
[features.basket]
on_failure = "quarantine"
failures = 3
[features.database]
on_failure = "disable"

[[constraints]]
rule = "audit => hints | basket"
because = "There must be something to look at."
"""


def test_chains_alternatives_and_parents_are_followed() -> None:
    line = read_line(LINE, "features.toml")
    wishes = {name: Wish(name, True) for name in ("database", "search", "hints", "audit")}
    resolution = resolve(line.model, Selection(line="features.toml", customer="Acme", wishes=wishes))
    build = build_of(line.model, resolution)
    state = state_of(build, {})
    found = without(build, state, {"search"})
    assert found.off == {
        "hints": "the constraint hints => search (features.toml: features.hints.requires[0])",
        "audit": "the constraint audit => hints | basket (features.toml: constraints[0].rule): "
        "There must be something to look at",
    }
    found = without(build, state, {"database"})
    assert (found.off, found.state) == ({}, state)
    assert found.obstacle == (
        "'store' has exactly one of 'files' and 'database' (features.toml: features.store.alternative); "
        "'shop' always has 'store' (features.toml: features.shop.mandatory)"
    )
    assert cast("object", state.features["search"]) is True


def test_an_open_feature_that_fails_takes_with_it_what_was_decided() -> None:
    line = read_line(LINE.replace('requires = ["search"]', 'default = true\non_failure = "disable"'), "features.toml")
    wishes = {name: Wish(name, True) for name in ("files", "audit")}
    opened = dict.fromkeys(("hints", "basket"), Place("acme.toml"))
    resolution = resolve(line.model, Selection(line="features.toml", customer="Acme", wishes=wishes, open=opened))
    assert resolution.open == ("hints", "basket")
    build = build_of(line.model, resolution)
    found = without(build, state_of(build, {}), {"hints"})
    assert found.off == {
        "audit": "the constraint audit => hints | basket (features.toml: constraints[0].rule): "
        "There must be something to look at"
    }
    assert not found.state.is_on("basket"), "nothing goes on"


def test_of_many_features_that_fail_a_sum_bears_as_many_as_it_can_do_without() -> None:
    nodes = [f"node{number}" for number in range(30)]
    text = (
        '[line]\nname = "shop"\nversion = "1"\nroot = "shop"\n[core]\nparts = ["shop"]\ncommand = "shop"\n'
        f"[features.shop]\noptional = {json.dumps([*nodes, 'sale', 'search', 'lean'])}\n"
        + "".join(f'[features.{name}]\non_failure = "disable"\nattributes = {{ load = 2 }}\n' for name in nodes)
        + "".join(
            f'[[constraints]]\nrule = "{rule}"\n'
            for rule in ("sale => sum(load) >= 55", "search => sum(load) > 50", "lean => sum(load) <= 60")
        )
    )
    line = read_line(text, "features.toml")
    wishes = {name: Wish(name, True) for name in (*nodes, "sale", "search", "lean")}
    resolution = resolve(line.model, Selection(line="features.toml", customer="Acme", wishes=wishes))
    build = build_of(line.model, resolution)
    state = state_of(build, {})
    sale = "the constraint sale => sum(load) >= 55 (features.toml: constraints[0].rule)"
    search = "the constraint search => sum(load) > 50 (features.toml: constraints[1].rule)"
    assert without(build, state, nodes[:2]).off == {}
    assert without(build, state, nodes[-3:]).off == {"sale": sale}
    assert without(build, state, nodes[5:10]).off == {"sale": sale, "search": search}
    told = {rule.sentence for rule in build.needs}
    assert told == {sale, search}, "a sum that has an upper bound alone is never broken by what goes off"


def test_a_build_in_which_nothing_may_fail_has_no_such_rules() -> None:
    line = read_line(LINE, "features.toml")
    selection = Selection(line="features.toml", customer="Acme", wishes={"files": Wish("files", True)})
    assert rules_of_failure(line.model, resolve(line.model, selection)) == ()
