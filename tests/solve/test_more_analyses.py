"""Atomic sets, tautologies, what decisions rule out, and metrics: against trying everything."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from sarto.errors import SartoError
from sarto.model.evaluation import holds
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.solve.atomic_sets import atomic_sets
from sarto.solve.conditional import conditionally_dead
from sarto.solve.metrics import metrics
from sarto.solve.soundness import model_findings
from sarto.solve.tautologies import tautologies

from ..strategies import models
from .lines import model
from .test_analysis import SHARED, published, read
from .test_counting import partial_selections, selections_of

patient = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def atomic_by_trying(model: FeatureModel) -> tuple[tuple[str, ...], ...]:
    together: dict[tuple[bool, ...], list[str]] = {}
    possible = sorted(selections_of(model, {}), key=sorted)
    for name in model.features:
        together.setdefault(tuple(name in selection for selection in possible), []).append(name)
    return tuple(sorted(tuple(sorted(names)) for key, names in together.items() if len(names) > 1 and any(key)))


@patient
@given(models(most=9))
def test_atomic_sets_are_those_of_trying_everything(drawn: FeatureModel) -> None:
    assert atomic_sets(drawn) == atomic_by_trying(drawn)


@settings(patient, max_examples=60)
@given(models(most=5, arithmetic=True, typed=True))
def test_atomic_sets_are_those_of_trying_everything_with_arithmetic(drawn: FeatureModel) -> None:
    assert atomic_sets(drawn) == atomic_by_trying(drawn)


@settings(patient, max_examples=100)
@given(models(most=4, arithmetic=True, typed=True))
def test_tautologies_hold_in_every_assignment(drawn: FeatureModel) -> None:
    choices: list[list[Value]] = [
        [False, True] if feature.type is None else [False, 0, 1, 2, 3] for feature in drawn.features.values()
    ]
    assignments = [dict(zip(drawn.features, values, strict=True)) for values in product(*choices)]
    expected = [c for c in drawn.constraints if all(holds(drawn, each, c.expression) for each in assignments)]

    assert list(tautologies(drawn)) == expected


@patient
@given(partial_selections())
def test_what_decisions_rule_out_is_that_of_trying_everything(case: tuple[FeatureModel, dict[str, bool]]) -> None:
    drawn, decisions = case
    before = frozenset[str]().union(*selections_of(drawn, {}))
    after = frozenset[str]().union(*selections_of(drawn, decisions))

    assert set(conditionally_dead(drawn, decisions)) == before - after


def test_a_decision_on_an_unknown_feature_names_the_nearest() -> None:
    with pytest.raises(SartoError) as caught:
        conditionally_dead(model('[features.shop]\noptional = ["card"]'), {"crad": True})

    assert str(caught.value) == "unknown feature 'crad'\n  hint: did you mean 'card'?"


def test_a_tautology_is_found_once_and_not_called_redundant() -> None:
    shop = model(
        '[features.shop]\noptional = ["card", "coins"]\n'
        '[[constraints]]\nrule = "card => card | coins"\n[[constraints]]\nrule = "card => shop"\n'
    )

    assert [(finding.kind, finding.what) for finding in model_findings(shop)] == [
        ("tautology", "the constraint card => card | coins is a tautology: it holds whatever is selected"),
        ("redundant", "the constraint card => shop is redundant: the rest of the model already implies it"),
    ]


def test_metrics_measure_the_tree_and_the_constraints() -> None:
    found = metrics(
        model(
            '[features.shop]\nmandatory = ["payment", "size"]\noptional = ["search"]\n'
            '[features.payment]\nabstract = true\nalternative = ["card", "coins", "invoice"]\n'
            '[features.card]\nattributes = { price = 3, colour = "red" }\n'
            '[features.size]\ntype = "integer"\n'
            '[[constraints]]\nrule = "search => card"\n[[constraints]]\nrule = "size > 3 | search"\n'
        )
    )

    assert (found.features, found.leaves, found.abstract, found.typed, found.attributes) == (7, 5, 1, 1, 2)
    assert (found.depth, found.mean_branching, found.max_branching) == (2, 3.0, 3)
    assert {kind: number for kind, number in found.groups.items() if number} == {
        "mandatory": 1, "optional": 1, "alternative": 1,
    }  # fmt: skip
    assert (found.grouped["mandatory"], found.grouped["alternative"]) == (2, 3)
    assert (found.constraints, found.constrained) == (2, 3)
    assert (found.constraint_ratio, found.constraint_density) == (0.4286, 0.6667)


def test_metrics_of_a_lone_root_are_nothing() -> None:
    found = metrics(model("[features.shop]"))

    assert (found.leaves, found.depth, found.mean_branching, found.constraint_ratio) == (1, 0, 0.0, 0.0)


@published
def test_atomic_sets_of_an_industrial_model_share_no_feature() -> None:
    cars = read(SHARED / "industrial" / "automotive2-2_1.uvl")
    sets = atomic_sets(cars)

    assert len(sets) == 136
    assert all(not set(first) & set(second) for first, second in combinations(sets[:200], 2))
    assert sum(map(len, sets)) == len({name for names in sets for name in names})
