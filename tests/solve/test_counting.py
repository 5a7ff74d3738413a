"""How many configurations a model has: against trying everything, against published numbers, against itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product
from math import comb

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.feature_model import FeatureModel
from sarto.solve import counting
from sarto.solve.counting import count
from sarto.solve.formula import Clause

from ..strategies import configurations, models
from .lines import model
from .test_analysis import SHARED, industrial, published, read

patient = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def selections_of(model: FeatureModel, decisions: dict[str, bool]) -> set[frozenset[str]]:
    """The sets of features that can be selected together, by trying everything."""
    return {
        frozenset(name for name, value in configuration.items() if value is not False)
        for configuration in configurations(model)
        if all((configuration[name] is not False) == value for name, value in decisions.items())
    }


@st.composite
def partial_selections(draw: st.DrawFn) -> tuple[FeatureModel, dict[str, bool]]:
    drawn = draw(models(most=9))
    names = draw(st.lists(st.sampled_from(list(drawn.features)), max_size=4, unique=True))
    return drawn, {name: draw(st.booleans()) for name in names}


def count_by_trying(clauses: Sequence[Clause], size: int, counted: Collection[int] | None, _seconds: float) -> int:
    """A counter as a plugin gives one, for formulas of a few variables."""
    relevant = range(1, size + 1) if counted is None else counted
    found = set()
    for values in product([False, True], repeat=size):
        if all(any(values[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in clauses):
            found.add(tuple(values[variable - 1] for variable in relevant))
    return len(found)


@patient
@given(models(most=9))
def test_the_number_is_that_of_trying_everything(drawn: FeatureModel) -> None:
    assert count(drawn) == len(selections_of(drawn, {}))


@patient
@given(models(most=6, arithmetic=True))
def test_the_number_is_that_of_trying_everything_where_prices_are_compared(drawn: FeatureModel) -> None:
    assert count(drawn) == len(selections_of(drawn, {}))


@patient
@given(models(most=4, arithmetic=True, typed=True))
def test_values_add_no_configurations_and_what_they_cannot_fulfil_is_none(drawn: FeatureModel) -> None:
    assert count(drawn) == len(selections_of(drawn, {}))


@patient
@given(partial_selections())
def test_under_a_partial_selection_what_agrees_with_it_is_counted(case: tuple[FeatureModel, dict[str, bool]]) -> None:
    drawn, decisions = case
    assert count(drawn, decisions=decisions) == len(selections_of(drawn, decisions))


@settings(patient, max_examples=50)
@given(models(most=5, arithmetic=True, typed=True))
def test_a_counter_for_hard_formulas_gets_formulas_with_the_same_number(drawn: FeatureModel) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "EASY", 0)
        assert count(drawn, count_by_trying) == len(selections_of(drawn, {}))


TREE = """
[features.shop]
mandatory = ["payment"]
optional = ["search"]
[features.payment]
or = ["card", "invoice", "coins"]
[features.search]
alternative = ["plain", "fuzzy"]
groups = [{ min = 2, max = 3, of = ["a", "b", "c", "d"] }]
"""


def test_groups_multiply_what_they_allow() -> None:
    payments, searches = 2**3 - 1, 2 * (comb(4, 2) + comb(4, 3))

    assert count(model(TREE)) == payments * (1 + searches)


def test_decisions_on_features_that_no_constraint_reaches_are_honoured() -> None:
    searches = 2 * (comb(4, 2) + comb(4, 3))

    assert count(model(TREE), decisions={"search": False}) == 7
    assert count(model(TREE), decisions={"search": True}) == 7 * searches
    assert count(model(TREE), decisions={"a": True, "fuzzy": False}) == 7 * (3 + 3)
    assert count(model(TREE), decisions={"a": True, "b": True, "c": True, "card": False}) == 3 * 2
    assert count(model(TREE), decisions={"plain": True, "fuzzy": True}) == 0
    assert count(model(TREE), decisions={"plain": True, "search": False}) == 0


def test_a_decision_on_an_unknown_feature_is_an_error() -> None:
    with pytest.raises(SartoError) as caught:
        count(model(TREE), decisions={"serach": True})

    assert str(caught.value) == "unknown feature 'serach'\n  hint: did you mean 'search'?"


def test_a_void_model_has_no_configuration() -> None:
    assert count(model(TREE + '[[constraints]]\nrule = "!payment"')) == 0


def test_a_value_that_no_rule_reads_makes_one_configuration() -> None:
    assert count(model('[features.shop]\nmandatory = ["size"]\n[features.size]\ntype = "integer"')) == 1


def test_a_value_that_a_rule_reads_makes_one_configuration_for_each_consequence() -> None:
    sized = '[features.size]\ntype = "integer"\nminimum = 1\nmaximum = 9\n'
    rule = '[[constraints]]\nrule = "big <=> size > 5"\n'

    assert count(model('[features.shop]\nmandatory = ["size"]\noptional = ["big", "other"]\n' + sized + rule)) == 4


def chain(levels: int) -> str:
    features = [f'[features.f{level}]\noptional = ["f{level + 1}"]\n' for level in range(levels)]
    return '[features.shop]\noptional = ["f0"]\n' + "".join(features)


@pytest.mark.parametrize(("rule", "number"), [("", 10_002), ("f10000 => f1", 10_002), ("f3 => f10000", 5)])
def test_ten_thousand_levels_are_counted(rule: str, number: int) -> None:
    constraint = f'[[constraints]]\nrule = "{rule}"' if rule else ""

    assert count(model(chain(10_000) + constraint)) == number


def test_of_thousands_of_members_any_number_can_be_taken() -> None:
    members = ", ".join(f'"f{number}"' for number in range(3000))
    group = f"[features.shop]\ngroups = [{{ min = 900, max = 2000, of = [{members}] }}]"

    assert count(model(group)) == sum(comb(3000, taken) for taken in range(900, 2001))


def test_a_number_that_is_not_found_in_time_is_unknown() -> None:
    tangled = model(TREE + '[[constraints]]\nrule = "a => (card | invoice) & !coins | b & plain"')

    assert count(tangled, seconds=0) is None
    assert count(tangled, lambda *_: None, seconds=0) is None
    assert count(tangled) == len(selections_of(tangled, {}))


def test_what_needs_no_search_is_found_in_no_time() -> None:
    assert count(model(TREE), seconds=0) == 7 * 21


QUICK = ("bank", "berkeleydb", "busybox", "cnn-architecture", "e_agribusiness", "e_shop", "automotive2-2_1", "fiasco")


@published
@pytest.mark.parametrize("row", [r for r in industrial() if r["file"][:-4] in QUICK], ids=lambda row: row["file"])
def test_industrial_models_have_as_many_configurations_as_is_published(row: dict[str, str]) -> None:
    found = count(read(SHARED / "industrial" / row["file"]))

    assert len(str(found)) == int(row["digits_of_configurations"])


@published
def test_decisions_for_and_against_a_feature_share_the_configurations_of_an_industrial_model() -> None:
    cars = read(SHARED / "industrial" / "automotive2-2_1.uvl")
    for name in list(cars.features)[:: len(cars.features) // 5]:
        with_it, without = count(cars, decisions={name: True}), count(cars, decisions={name: False})
        assert with_it is not None
        assert without is not None
        assert with_it + without == count(cars)
