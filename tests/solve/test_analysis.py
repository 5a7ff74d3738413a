"""Void, core, dead, false-optional and redundant: against brute force, and against published answers."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sarto.errors import Place
from sarto.model.feature import Constraint, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.grammar import parse
from sarto.model.toml_line import read_line
from sarto.solve.analysis import analyse, redundant_constraints, why_dead, why_false_optional, why_void
from sarto.solve.encoding import encode_skeleton
from sarto.solve.reasons import ConstraintRule
from sarto.solve.tautologies import tautologies

from ..strategies import configurations, models

patient = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@patient
@given(models(most=9))
def test_the_analyses_agree_with_trying_everything(model: FeatureModel) -> None:
    check(model)


@patient
@given(models(most=6, arithmetic=True))
def test_the_analyses_agree_with_trying_everything_where_prices_are_compared(model: FeatureModel) -> None:
    check(model)


def check(model: FeatureModel) -> None:
    found = list(configurations(model))
    analysis = analyse(model)
    assert analysis.void == (not found)
    assert analysis.core == tuple(sorted(n for n in model.features if found and all(c[n] is not False for c in found)))
    assert analysis.dead == tuple(sorted(n for n in model.features if all(c[n] is False for c in found)))
    expected = []
    for name in model.features:
        group = model.group_of(name)
        if group is None or group.kind is GroupKind.MANDATORY or name in analysis.dead:
            continue
        if all(c[name] is not False for c in found if c[group.parent] is not False):
            expected.append(name)
    assert analysis.false_optional == tuple(sorted(expected))


CHAINS = """
[line]
name = "chains"
version = "1"
root = "root"

[core]
parts = ["chains"]
command = "chains"

[features.root]
optional = ["top", "other"]

[features.top]
optional = ["first"]

[features.first]
mandatory = ["second"]

[features.second]
mandatory = ["third"]

[[constraints]]
rule = "third => other"

[[constraints]]
rule = "first => !top"
"""


def test_mandatory_features_share_the_fate_of_the_feature_above_them_and_that_has_its_parent() -> None:
    model = read_line(CHAINS, "features.toml").model
    check(model)
    assert analyse(model).dead == ("first", "second", "third")
    formula = encode_skeleton(model, {}, is_counted=False)
    assert set(formula.variables) == set(model.features)
    assert len({formula.variables[name] for name in ("first", "second", "third")}) == 1


@patient
@given(models(most=7))
def test_a_constraint_is_redundant_exactly_when_leaving_it_out_changes_nothing(model: FeatureModel) -> None:
    redundant = redundant_constraints(model)
    everything = [frozenset(c.items()) for c in configurations(model)]
    for index, constraint in enumerate(model.constraints):
        others = model.constraints[:index] + model.constraints[index + 1 :]
        without = FeatureModel(root=model.root, features=model.features, groups=model.groups, constraints=others)
        same = [frozenset(c.items()) for c in configurations(without)] == everything
        assert (constraint in redundant) == (same and bool(everything))


@patient
@given(models(most=6))
def test_redundant_constraints_are_the_same_whatever_blocks_they_are_looked_at_in(model: FeatureModel) -> None:
    whole = redundant_constraints(model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sarto.solve.redundancy.BLOCK", 1)
        assert redundant_constraints(model) == whole
        patch.setattr("sarto.solve.redundancy.BLOCK", 2)
        assert redundant_constraints(model) == whole


def test_of_a_thousand_rules_in_a_row_only_the_shortcuts_and_what_says_nothing_are_redundant() -> None:
    names = [f"f{index}" for index in range(1001)]
    rules = [f"{first} => {second}" for first, second in pairwise(names)]
    rules[500:500] = ["f0 => f1000", "f17 => f803 & f20", "f5 | !f5"]
    made = tuple(Constraint(parse(rule, Place())) for rule in rules)
    optional = Group(parent="root", kind=GroupKind.OPTIONAL, members=tuple(names))
    model = FeatureModel(
        root="root",
        features={name: Feature(name=name) for name in ("root", *names)},
        groups=(optional,),
        constraints=made,
    )

    assert redundant_constraints(model) == made[500:503]
    assert tautologies(model) == made[502:503]


@patient
@given(models(most=7))
def test_the_rules_that_explain_a_defect_cause_it_and_none_can_be_spared(model: FeatureModel) -> None:
    analysis = analyse(model)
    explanations = [why_void(model)] if analysis.void else [why_dead(model, name) for name in analysis.dead[:2]]
    explanations += [why_false_optional(model, name) for name in analysis.false_optional[:2]]
    for rules in explanations:
        named = {id(rule.constraint) for rule in rules if isinstance(rule, ConstraintRule)}
        fewer = FeatureModel(
            root=model.root, features=model.features, groups=model.groups,
            constraints=tuple(c for c in model.constraints if id(c) in named),
        )  # fmt: skip
        if analysis.void:
            assert analyse(fewer).void
        else:
            assert set(analyse(fewer).dead) <= set(analysis.dead)


SHARED = Path(__file__).parents[3] / "shared" / "models"
published = pytest.mark.skipif(not SHARED.is_dir(), reason="the published models are not beside this checkout")


def read(path: Path) -> FeatureModel:
    reader = pytest.importorskip("sarto_uvl", reason="the plugin uvl is not installed")
    (uvl,) = reader.sarto_model_formats()
    model: FeatureModel = uvl.read(path, False).model
    return model


@published
def test_the_traps_of_the_fama_suite_are_all_seen() -> None:
    expected = json.loads((SHARED / "fama" / "expected.json").read_text())
    for name, answers in expected.items():
        analysis = analyse(read(SHARED / "fama" / f"{name}.uvl"))
        for question, names in answers.items():
            assert list(getattr(analysis, question)) == names, f"{name}: {question}"


def industrial() -> list[dict[str, str]]:
    table = SHARED / "industrial" / "expected.csv"
    return list(csv.DictReader(table.read_text().splitlines())) if table.is_file() else []


@published
@pytest.mark.parametrize("row", industrial(), ids=lambda row: row["file"])
def test_industrial_models_have_the_published_numbers(row: dict[str, str]) -> None:
    model = read(SHARED / "industrial" / row["file"])
    analysis = analyse(model)
    found = (analysis.features, analysis.constraints, len(analysis.core), len(analysis.dead))
    assert found == tuple(int(row[key]) for key in ("features", "constraints", "core", "dead"))
