"""Every claim of an analysis or an explanation has a proof that an independent checker accepts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sarto.errors import SartoError
from sarto.model.evaluation import is_valid
from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection
from sarto.solve.analysis import analyse, redundant_constraints
from sarto.solve.certificates import (
    Certificate,
    certify_analysis,
    certify_conflicts,
    certify_consequence,
    certify_redundant,
    witness,
)
from sarto.solve.conflict import Conflict, diagnose
from sarto.solve.reasons import Cause
from sarto.solve.resolution import resolve

from ..drat import RefusedError, check
from ..strategies import models
from .lines import SHOP, model, selection
from .test_diagnosis import tasks

patient = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def accept(certificate: Certificate) -> None:
    check(certificate.refutation.cnf, certificate.refutation.proof)


def names_in(cnf: str) -> dict[int, str]:
    """The features that the comments of a formula name."""
    words = [line.split(" ", 2) for line in cnf.splitlines() if line.startswith("c ")]
    return {int(number): name for _, number, name in words if number.isdigit()}


@patient
@given(models(most=8, arithmetic=True, typed=True))
def test_every_answer_of_an_analysis_is_proved(model: FeatureModel) -> None:
    try:
        analysis = analyse(model)
    except SartoError:
        return  # arithmetic over several typed features without values
    found = {certificate.name: certificate for certificate in certify_analysis(model, analysis)}
    for certificate in found.values():
        accept(certificate)
    if analysis.void:
        assert list(found) == ["void"]
        assert witness(model) is None
        return
    assert {name: certificate.features for name, certificate in found.items()} == {
        name: features
        for name, features in (
            ("core", analysis.core), ("dead", analysis.dead), ("false-optional", analysis.false_optional),
        )
        if features
    }  # fmt: skip
    for name, sign in (("core", -1), ("dead", 1)):
        if name in found:
            cnf = found[name].refutation.cnf
            *said, _ = map(int, cnf.splitlines()[-1].split())
            named = names_in(cnf)
            assert [named[sign * literal] for literal in said] == list(found[name].features)
    configuration = witness(model)
    assert configuration is not None
    assert is_valid(model, configuration)


@patient
@given(models(most=8, arithmetic=True))
def test_every_redundant_constraint_is_proved_to_be_one(model: FeatureModel) -> None:
    redundant = [id(constraint) for constraint in redundant_constraints(model)]
    indices = [index for index, constraint in enumerate(model.constraints) if id(constraint) in redundant]
    found = list(certify_redundant(model, indices))
    assert [certificate.name for certificate in found] == [f"redundant-{index}" for index in indices]
    for certificate in found:
        accept(certificate)


@patient
@given(tasks())
def test_every_conflict_of_a_selection_is_proved(task: tuple[FeatureModel, Selection]) -> None:
    model, selection = task
    conflicts = diagnose(model, selection).conflicts
    certificates = list(certify_conflicts(model, selection, conflicts))
    assert len(certificates) == len(conflicts)
    for certificate in certificates:
        accept(certificate)


@patient
@given(tasks())
def test_every_consequence_of_a_selection_is_proved(task: tuple[FeatureModel, Selection]) -> None:
    model, selection = task
    try:
        resolution = resolve(model, selection)
    except Conflict:
        return
    for decision in resolution.decisions.values():
        if decision.reason.cause is Cause.CONSEQUENCE:
            accept(certify_consequence(model, selection, decision))


def test_what_is_not_so_cannot_be_certified() -> None:
    shop = model(SHOP)
    analysis = analyse(shop)
    with pytest.raises(ValueError, match="not impossible: no configuration has any of these features"):
        list(certify_analysis(shop, replace(analysis, dead=("reviews",))))
    with pytest.raises(ValueError, match="not impossible"):
        list(certify_redundant(shop, [0]))


def test_a_formula_names_its_features_and_the_rules_of_its_clauses() -> None:
    (certificate,) = certify_conflicts(
        model(SHOP), selection(wished := "[select]\nreviews = true\nsimple = true"),
        diagnose(model(SHOP), selection(wished)).conflicts,
    )  # fmt: skip
    assert certificate.refutation.cnf == (
        "c claim: these cannot all hold: 'reviews' is selected (acme.toml: select.reviews); "
        "'simple' is selected (acme.toml: select.simple)\n"
        "c clauses 4-5: what the claim rests on, and its opposite\n"
        "c 1 reviews\n"
        "c 2 simple\n"
        "c 3 full\n"
        "c 4 search\n"
        "c clause 1: the constraint reviews => full (features.toml: constraints[0].rule): "
        "Reviews are found through the full-text index\n"
        "c clauses 2-3: 'search' has exactly one of 'simple' and 'full' (features.toml: features.search.alternative)\n"
        "p cnf 4 5\n"
        "-1 3 0\n"
        "-4 2 3 0\n"
        "-2 -3 0\n"
        "1 0\n"
        "2 0\n"
    )
    assert certificate.refutation.proof == "0\n"


def test_the_proof_of_another_model_is_refused() -> None:
    lines = '[features.shop]\noptional = ["a", "b", "c"]\n[[constraints]]\nrule = "a => b & c"\n'
    first, second = (model(lines + rule) for rule in ('[[constraints]]\nrule = "!(b & c)"\n', ""))
    (_, dead) = certify_analysis(first, analyse(first))
    assert dead.features == ("a",)
    accept(dead)
    (core,) = certify_analysis(second, analyse(second))
    assert core.name == "core"
    with pytest.raises(RefusedError):
        check(core.refutation.cnf.replace("\n-1 0", "\n-2 0"), dead.refutation.proof)


def test_names_of_any_kind_stay_on_their_line() -> None:
    names = ["shop", "two\nlines", "größe", "a b", "c\u2028d"]
    features = {name: Feature(name=name) for name in names}
    strange = FeatureModel(
        root="shop", features=features, groups=(Group("shop", GroupKind.MANDATORY, tuple(names[1:])),), constraints=()
    )
    (core,) = certify_analysis(strange, analyse(strange))
    accept(core)
    assert set(names_in(core.refutation.cnf).values()) == {"shop", "two\\nlines", "größe", "a b", "c\\u2028d"}


SHARED = Path(__file__).parents[3] / "shared" / "models"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published models are not beside this checkout")
@pytest.mark.parametrize("name", ["busybox", "automotive01", "linux-2.6.33.3"])
def test_the_answers_on_industrial_models_are_proved(name: str) -> None:
    reader = pytest.importorskip("sarto_uvl", reason="the plugin uvl is not installed")
    (uvl,) = reader.sarto_model_formats()
    industrial = uvl.read(SHARED / "industrial" / f"{name}.uvl", False).model
    analysis = analyse(industrial)
    found = list(certify_analysis(industrial, analysis))
    assert [certificate.name for certificate in found] == ["core", "dead", "false-optional"]
    for certificate in found:
        accept(certificate)
    configuration = witness(industrial)
    assert configuration is not None
    assert is_valid(industrial, configuration)
