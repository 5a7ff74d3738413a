"""The line itself: sound, with reasons that hold, selections that follow from facts, and optima that are some."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.errors import Place
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value
from sarto.model.facts import KnownCustomer, read_facts
from sarto.proposals import proposed_for
from sarto.solve.conflict import Conflict
from sarto.solve.goals import Goal, read_goal
from sarto.solve.optimising import optimise, pareto, with_bounds
from sarto.solve.soundness import Severity

from ...rehearsing import wanting
from . import reckoning
from .conftest import CUSTOMERS, EXAMPLE


@pytest.mark.network
def test_nothing_is_wrong_with_the_line(line: ProductLine) -> None:
    findings = line.check()
    assert [finding for finding in findings if finding.severity is not Severity.NOTE] == []
    settled = {each.where.key for each in findings if each.where.key.startswith("interactions")}
    assert settled == {"interactions[0]", "interactions[1]"}


def test_every_constraint_says_why(line: ProductLine) -> None:
    assert [str(constraint.where) for constraint in line.model.constraints if not constraint.because] == []


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({"bold": True, "horizon": 4}, "What a bad year takes may need five years"),
        ({"retirement": True, "horizon": 7}, "pay their costs only after eight years"),
        ({"home": True, "bold": True}, "A home is paid on its day"),
        ({"growth": True, "cautious": True}, "of which a cautious client has few"),
        ({"gold": True, "cautious": True, "hedging": False}, "Gold is priced in dollars"),
        ({"sustainable": True, "gold": True}, "No mine is on the list"),
        ({"home": True, "deposit": 9, "reserve": 4}, "a plan of its own"),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_reason(
    line: ProductLine, wishes: dict[str, Value], reason: str
) -> None:
    with pytest.raises(Conflict) as refused:
        line.resolve(wanting(wishes))
    assert reason in str(refused.value)


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_clients_selection_is_what_follows_from_the_facts(line: ProductLine, customer: str) -> None:
    file = EXAMPLE / "facts" / f"{customer}.toml"
    selection = line.selection(EXAMPLE / "selections" / f"{customer}.toml")
    proposed = proposed_for(line, KnownCustomer(selection.customer, read_facts(file.read_text(), file.name))).proposal
    assert proposed.left_out == ()
    made = {name: wish.value for name, wish in proposed.selection.wishes.items()}
    assert {name: wish.value for name, wish in selection.wishes.items()} == made


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "age": st.integers(18, 99), "years": st.integers(0, 60), "income": st.integers(0, 200_000),
        "bearable_loss": st.integers(0, 100), "has_dependants": st.booleans(), "wants_home": st.booleans(),
        "no_mines": st.booleans(),
    },
)  # fmt: skip


@given(FACTS)
@settings(max_examples=40, deadline=None)
def test_whatever_is_known_of_a_client_leads_to_a_valid_proposal(line: ProductLine, facts: Mapping[str, int]) -> None:
    proposed = proposed_for(line, KnownCustomer("A Client", facts)).proposal
    assert is_valid(line.model, proposed.resolution.configuration)
    if facts.get("bearable_loss", 100) < 10 or facts.get("years", 60) < 5:
        assert proposed.resolution.configuration["cautious"] is True


def test_the_reckoning_knows_the_lines_rules(line: ProductLine) -> None:
    allowed = {*reckoning.choices()}
    random, found = Random(3), 0
    for _ in range(400):
        tolerance, style = random.choice([*reckoning.GROWING]), random.choice(reckoning.STYLES)
        others = {each for each in (*reckoning.GOALS, *reckoning.EXTRAS) if random.random() < 0.4}
        on = frozenset({tolerance, style} | others)
        values: dict[str, Value] = dict.fromkeys((*on, "adviser", "tolerance", "style", "goals"), True)
        values |= {"horizon": 40} | {each: 1 for each in ("reserve", "rebalancing") if each in on}
        values |= {"deposit": 1} if "home" in on else {}
        assert is_valid(line.model, values) is (on in allowed), on
        found += on in allowed
    assert 50 < found < 350


def asked(line: ProductLine) -> list[Goal]:
    return [read_goal(line.model, "yield", Place(), maximise=True), read_goal(line.model, "fee", Place())]


def tried(risk: int, years: int) -> set[tuple[int, int]]:
    """Yield and fee of everything that there is under the bounds."""
    every = map(reckoning.points, reckoning.choices(years))
    return {(paid, fee) for fee, moved, paid in every if moved <= risk}


@pytest.mark.parametrize(("risk", "years"), [(180, 40), (400, 40), (400, 7), (800, 40), (1500, 4)])
def test_the_highest_yield_at_a_bounded_risk_is_what_trying_everything_finds(
    line: ProductLine, risk: int, years: int
) -> None:
    (solver, *_) = PluginManager.discover().optimisers()
    bounded = with_bounds(line.model, [f"sum(risk) <= {risk}", f"horizon <= {years}"])
    optimum = optimise(bounded, {}, asked(line), solver.solve, 60)
    assert all(each.is_proved for each in optimum.reached)
    assert is_valid(bounded, optimum.configuration)
    best = max(tried(risk, years), key=lambda found: (found[0], -found[1]))
    assert [int(each.amount) for each in optimum.reached] == [*best]


def test_what_nothing_outdoes_in_yield_and_fee_is_what_trying_everything_finds(line: ProductLine) -> None:
    every = tried(400, 7)
    front = {
        one for one in every if not any(other != one and other[0] >= one[0] and other[1] <= one[1] for other in every)
    }
    (solver, *_) = PluginManager.discover().optimisers()
    found = pareto(with_bounds(line.model, ["sum(risk) <= 400", "horizon <= 7"]), {}, asked(line), solver.solve, 60)
    assert found.is_complete
    assert {(int(paid.amount), int(fee.amount)) for paid, fee in (each.reached for each in found.optima)} == front
    assert len(front) == 8
