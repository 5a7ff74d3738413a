"""Proofs that nothing is better than an optimum, held against trying everything, and accepted by another checker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import Place, SartoError
from sarto.model.expression import Value, exact
from sarto.model.feature_model import FeatureModel, attribute_value
from sarto.solve import diagrams
from sarto.solve.goals import Goal, read_goal
from sarto.solve.optimality import provable
from sarto.solve.optimising import Optimum, Reached
from sarto.solve.problem import Status

from ..drat import check
from ..strategies import configurations, models
from .lines import model

patient = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PLACE = Place("a test")


def amount_of(drawn: FeatureModel, configuration: dict[str, Value], goal: Goal) -> Fraction:
    """The goal's amount, calculated by hand: the sum of the prices, or the number of features."""
    on = [name for name, value in configuration.items() if value is not False]
    if goal.expression is None:
        return Fraction(len(on))
    prices = [attribute_value(drawn.features[name], "price") for name in on]
    return sum((Fraction(exact(price)) for price in prices if price is not None), Fraction(0))


def optimum_by_trying(drawn: FeatureModel, wishes: dict[str, bool], goals: Sequence[Goal]) -> Optimum:
    found = [each for each in configurations(drawn) if all((each[n] is not False) is v for n, v in wishes.items())]
    if not found:
        return Optimum(Status.IMPOSSIBLE, {})
    best = min(found, key=lambda each: [amount_of(drawn, each, g) * (-1 if g.maximise else 1) for g in goals])
    amounts = [amount_of(drawn, best, goal) for goal in goals]
    return Optimum(Status.OPTIMAL, best, tuple(Reached(g, a, a) for g, a in zip(goals, amounts, strict=True)))


def drawn_goals(drawn: FeatureModel, data: st.DataObject) -> list[Goal]:
    words = data.draw(st.lists(st.sampled_from(["price", "features"]), min_size=1, max_size=2, unique=True))
    return [read_goal(drawn, each, PLACE, maximise=data.draw(st.booleans())) for each in words]


@patient
@given(models(most=8, arithmetic=True), st.data())
def test_that_nothing_is_better_than_the_best_is_proved_goal_by_goal(drawn: FeatureModel, data: st.DataObject) -> None:
    goals = drawn_goals(drawn, data)
    wishes = data.draw(st.dictionaries(st.sampled_from(list(drawn.features)), st.booleans(), max_size=2))
    optimum = optimum_by_trying(drawn, wishes, goals)

    certificates = list(provable(drawn, wishes, goals).certify(optimum))

    assert len(certificates) == (len(goals) if optimum.configuration else 1)
    for each in certificates:
        check(each.refutation.cnf, each.refutation.proof)


@patient
@given(models(most=7, arithmetic=True), st.data())
def test_what_is_not_the_best_has_no_proof(drawn: FeatureModel, data: st.DataObject) -> None:
    (goal, *_) = drawn_goals(drawn, data)
    best = optimum_by_trying(drawn, {}, [goal])
    if not best.configuration:
        return
    amount = best.reached[0].amount + (Fraction(-1, 3) if goal.maximise else Fraction(1, 3))
    worse = replace(best, reached=(Reached(goal, amount, amount),))

    with pytest.raises(ValueError, match="not impossible"):
        list(provable(drawn, {}, [goal]).certify(worse))


SHOP = """
[features.shop]
or = ["card", "coins"]
[features.card]
attributes = { price = 300 }
[features.coins]
attributes = { price = 99.5 }
"""
SEATS = """
optional = ["seats"]
[features.seats]
type = "integer"
minimum = 1
maximum = 1000
"""


def reached(goal: Goal, amount: object) -> Optimum:
    return Optimum(Status.OPTIMAL, {}, (Reached(goal, Fraction(str(amount)), Fraction(str(amount))),))


def test_a_proof_says_what_it_proves_and_under_which_wishes() -> None:
    shop = model(SHOP)
    price, fewest = read_goal(shop, "price", PLACE), read_goal(shop, "features", PLACE, maximise=True)
    optimum = optimum_by_trying(shop, {}, [price, fewest])

    first, second = provable(shop, {}, [price, fewest]).certify(optimum)
    (wished,) = provable(shop, {"card": True}, [price]).certify(reached(price, 300))

    assert first.claim == "no configuration has less of price than 99.5"
    assert second.claim == "no configuration has more of features than 2 where it has at most 99.5 of price"
    assert wished.claim == "no configuration has less of price than 300, if 'card' is selected"
    assert re.search(r"^c clauses? .*: less of price than 300$", wished.refutation.cnf, re.MULTILINE)


def test_only_what_is_known_to_be_the_best_has_a_proof() -> None:
    shop = model(SHOP)
    price = read_goal(shop, "price", PLACE)

    with pytest.raises(SartoError, match="there is nothing to prove: the best is not known"):
        list(provable(shop, {}, [price]).certify(Optimum(Status.FEASIBLE, {"shop": True})))


def test_a_problem_with_values_has_no_proof() -> None:
    shop = model(SHOP + SEATS)

    with pytest.raises(SartoError) as caught:
        provable(shop, {}, [read_goal(shop, "seats", PLACE)])

    assert str(caught.value) == (
        "only Boolean problems have proofs, and this one asks for the values of 'seats'\n"
        "  hint: give these features values, or leave out --proof"
    )


def test_what_is_no_sum_has_no_proof() -> None:
    shop = model(SHOP)

    with pytest.raises(SartoError, match=r"only sums have proofs, and 'price \* price' is none"):
        provable(shop, {}, [read_goal(shop, "price * price", PLACE)])


def test_a_proof_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagrams, "NODE_LIMIT", 1000)
    many = [f"f{number}" for number in range(48)]
    prices = "".join(f"[features.{n}]\nattributes = {{ price = {10**9 + i**7} }}\n" for i, n in enumerate(many))
    shop = model(f"[features.shop]\noptional = {many}\n{prices}")
    price = read_goal(shop, "price", PLACE)

    with pytest.raises(SartoError) as caught:
        list(provable(shop, {}, [price]).certify(reached(price, 10**12)))

    assert str(caught.value) == (
        "a proof about 'less of price than 1000000000000' would be too large\n"
        "  hint: leave out goals, or weigh them in fewer and rounder numbers"
    )


def test_a_proof_that_needs_too_many_conflicts_is_refused() -> None:
    pigeons = [[f"p{pigeon}_{hole}" for hole in range(9)] for pigeon in range(10)]
    groups = "".join(f"[features.p{n}]\nor = {each}\n" for n, each in enumerate(pigeons))
    rules = "".join(
        f"[[constraints]]\nrule = '!(p{one}_{hole} & p{other}_{hole})'\n"
        for hole in range(9) for one in range(10) for other in range(one)
    )  # fmt: skip
    shop = model(f"[features.shop]\noptional = {[f'p{n}' for n in range(10)]}\n{groups}{rules}")
    most = read_goal(shop, "features", PLACE, maximise=True)
    question = provable(shop, {f"p{n}": True for n in range(10)}, [most])

    with pytest.raises(SartoError, match="takes more than 5 conflicts of the solver"):
        list(question.certify(Optimum(Status.IMPOSSIBLE, {}), conflicts=5))
