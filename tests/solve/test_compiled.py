"""The compiled form of all configurations: numbers of each feature and drawing, against trying everything."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import comb
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.feature_model import FeatureModel
from sarto.solve import decomposition
from sarto.solve.compiled import compile_configurations
from sarto.solve.counting import count

from ..strategies import models
from .lines import model
from .test_analysis import SHARED, published, read
from .test_counting import TREE, partial_selections, selections_of

patient = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def numbers_by_trying(model: FeatureModel, decisions: dict[str, bool]) -> dict[str, int]:
    found = Counter(name for selection in selections_of(model, decisions) for name in selection)
    return {name: found[name] for name in model.features}


@patient
@given(partial_selections())
def test_each_feature_is_in_as_many_configurations_as_trying_everything_says(
    case: tuple[FeatureModel, dict[str, bool]],
) -> None:
    drawn, decisions = case
    compiled = compile_configurations(drawn, decisions)

    assert compiled is not None
    assert compiled.count == len(selections_of(drawn, decisions))
    assert compiled.numbers() == numbers_by_trying(drawn, decisions)


@settings(patient, max_examples=60)
@given(models(most=4, arithmetic=True, typed=True))
def test_values_and_prices_decide_no_more_than_which_features_go_together(drawn: FeatureModel) -> None:
    compiled = compile_configurations(drawn)

    assert compiled is not None
    assert compiled.numbers() == numbers_by_trying(drawn, {})


@settings(patient, max_examples=60)
@given(partial_selections(), st.randoms(use_true_random=False))
def test_only_configurations_are_drawn(case: tuple[FeatureModel, dict[str, bool]], random: Random) -> None:
    drawn, decisions = case
    compiled = compile_configurations(drawn, decisions)

    assert compiled is not None
    if not compiled.count:
        with pytest.raises(ValueError, match="there is no configuration to draw"):
            compiled.draw(random)
        return
    possible = selections_of(drawn, decisions)
    for _ in range(5):
        found = compiled.draw(random)
        assert list(found) == list(drawn.features)
        assert frozenset(name for name, value in found.items() if value) in possible


BOUND = TREE + '[[constraints]]\nrule = "a => (card | invoice) & !coins | b & plain"\n'


@pytest.mark.parametrize("text", [TREE, BOUND])
def test_every_configuration_is_drawn_about_as_often_as_any_other(text: str) -> None:
    compiled = compile_configurations(model(text))
    assert compiled is not None
    random, draws = Random(7), 150 * compiled.count
    found = Counter(frozenset(n for n, value in compiled.draw(random).items() if value) for _ in range(draws))

    assert len(found) == compiled.count
    chi_squared = sum((times - 150) ** 2 / 150 for times in found.values())
    assert abs(chi_squared - (compiled.count - 1)) < 5 * (2 * (compiled.count - 1)) ** 0.5


def test_commonality_is_a_part_of_all_configurations() -> None:
    compiled = compile_configurations(model(TREE))

    assert compiled is not None
    commonality = compiled.commonality()
    assert commonality["shop"] == commonality["payment"] == 1
    assert commonality["card"] == Fraction(4, 7)
    assert commonality["search"] == Fraction(20, 21)
    assert commonality["fuzzy"] == Fraction(10, 21)
    assert commonality["a"] == Fraction(20, 21) * Fraction(comb(3, 1) + comb(3, 2), comb(4, 2) + comb(4, 3))


def test_a_void_model_has_no_commonality() -> None:
    compiled = compile_configurations(model(TREE + '[[constraints]]\nrule = "!payment"'))

    assert compiled is not None
    assert (compiled.count, compiled.commonality()) == (0, {})
    assert set(compiled.numbers().values()) == {0}


def test_members_of_a_large_group_share_it_by_what_they_can_be() -> None:
    members = ", ".join(f'"f{number}"' for number in range(2000))
    below = "".join(
        f"[features.f{n}]\noptional = [{', '.join(f'{chr(34)}f{n}_{m}{chr(34)}' for m in range(n))}]\n"
        for n in range(1, 9)
    )
    compiled = compile_configurations(model(f"[features.shop]\nalternative = [{members}]\n{below}"))

    assert compiled is not None
    total = 1992 + sum(2**n for n in range(1, 9))
    assert compiled.count == total
    assert compiled.commonality()["f8"] == Fraction(2**8, total)
    assert compiled.commonality()["f8_3"] == Fraction(2**7, total)


def test_what_is_not_found_in_time_is_unknown() -> None:
    assert compile_configurations(model(BOUND), seconds=0) is None


def test_what_would_be_too_large_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decomposition, "KEPT", 10)

    assert compile_configurations(model(BOUND)) is None


@published
@pytest.mark.parametrize("name", ["automotive2-2_1", "busybox"])
def test_numbers_of_features_of_an_industrial_model_are_those_of_counting_with_them(name: str) -> None:
    large = read(SHARED / "industrial" / f"{name}.uvl")
    compiled = compile_configurations(large)

    assert compiled is not None
    assert compiled.count == count(large)
    numbers = compiled.numbers()
    for feature in list(large.features)[:: len(large.features) // 7]:
        assert numbers[feature] == count(large, decisions={feature: True})
