"""Every feature that a resolution calls forced has a proof that an independent checker accepts, and is forced."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection
from sarto.solve.certified_resolution import certify_resolution
from sarto.solve.reasons import Cause, FollowRule
from sarto.solve.resolution import resolve
from sarto.solve.values import given_values

from ..drat import check
from ..strategies import configurations, models, selections
from .lines import SHOP, model, selection

patient = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def questions(draw: st.DrawFn) -> tuple[FeatureModel, Selection]:
    drawn = draw(models(most=8, arithmetic=True, typed=True))
    return drawn, draw(selections(drawn, is_open=draw(st.booleans())))


@patient
@given(questions())
def test_what_is_forced_is_proved_and_trying_everything_agrees(question: tuple[FeatureModel, Selection]) -> None:
    drawn, wished = question
    try:
        resolution = resolve(drawn, wished)
    except SartoError:
        return
    certificates = list(certify_resolution(drawn, wished, resolution))
    for certificate in certificates:
        check(certificate.refutation.cnf, certificate.refutation.proof)
    expected = {
        name
        for name, decision in resolution.decisions.items()
        if decision.reason.cause is Cause.CONSEQUENCE
        and not any(isinstance(rule, FollowRule) for rule in decision.reason.rules)
    }
    assert Counter(name for each in certificates for name in each.features) == Counter(expected)
    values: dict[str, list[Value]] = {name: list(given) for name, given in given_values(drawn, wished).items()}
    agreeing = [
        each
        for each in configurations(drawn, values)
        if all((each[name] is not False) is (wish.value is not False) for name, wish in wished.wishes.items())
    ]
    for certificate in certificates:
        is_on = certificate.name.endswith("on")
        for name in certificate.features:
            assert resolution.decisions[name].is_selected is is_on
            if not certificate.name.startswith("then"):
                assert all((each[name] is not False) is is_on for each in agreeing)


def test_what_follows_from_a_default_is_told_apart_from_what_follows_from_the_wishes() -> None:
    line = model(
        """
        [features.shop]
        optional = ["a", "b", "c", "d"]
        [features.c]
        default = true
        [[constraints]]
        rule = "a => b"
        [[constraints]]
        rule = "c => !d"
        """
    )
    wished = selection("[select]\na = true\n")
    found = list(certify_resolution(line, wished, resolve(line, wished)))
    assert [(each.name, each.features) for each in found] == [("on", ("shop", "b")), ("then-off", ("d",))]
    assert found[1].claim == "where the decisions hold that the last clauses state, each of these features is off"
    assert "clauses 8-10: what the claim rests on, and its opposite" in found[1].refutation.cnf


def test_in_a_selection_without_wishes_what_the_model_forces_is_proved() -> None:
    line = model(SHOP)
    found = list(certify_resolution(line, selection(""), resolve(line, selection(""))))
    assert "shop" in found[0].features
