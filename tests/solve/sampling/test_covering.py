"""Covering samples, held against trying everything, and the check that certifies them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.solve.sampling.coverage import coverage_of
from sarto.solve.sampling.covering import CoveringSample, covering_sample, features_to_cover

from ...strategies import configurations, models
from ..lines import SHOP, model

patient = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
strengths = st.integers(1, 3)
Interaction = frozenset[tuple[str, bool]]


def interactions(found: Sequence[Mapping[str, Value]], names: Sequence[str], strength: int) -> set[Interaction]:
    """Those that occur in some of the configurations."""
    rows = {tuple((name, each[name] is not False) for name in names) for each in found}
    return {frozenset(part) for row in rows for part in combinations(row, strength)}


@patient
@given(models(most=8), strengths, st.integers(0, 3))
def test_a_sample_is_valid_and_has_every_interaction_that_any_configuration_has(
    model: FeatureModel, strength: int, seed: int
) -> None:
    check(model, strength, seed)


@patient
@given(models(most=6, arithmetic=True, typed=True), strengths)
def test_so_it_is_where_values_and_prices_are_compared(model: FeatureModel, strength: int) -> None:
    check(model, strength, 0)


def check(model: FeatureModel, strength: int, seed: int) -> None:
    names = list(model.features)
    everything = list(configurations(model))
    sample = covering_sample(model, strength, seed=seed)
    assert sample.is_complete
    assert all(is_valid(model, each) for each in sample.configurations)
    possible = interactions(everything, names, strength)
    assert interactions(sample.configurations, names, strength) == possible
    assert bool(sample.configurations) == bool(everything)
    for left_out in range(len(sample.configurations)):
        fewer = [each for index, each in enumerate(sample.configurations) if index != left_out]
        if strength <= len(names):
            assert interactions(fewer, names, strength) != possible


@patient
@given(models(most=6, arithmetic=True, typed=True), strengths, st.data())
def test_the_check_counts_what_occurs_and_what_could(model: FeatureModel, strength: int, data: st.DataObject) -> None:
    everything = list(configurations(model))
    some = data.draw(st.lists(st.sampled_from(everything), max_size=3)) if everything else []
    names = data.draw(st.lists(st.sampled_from(list(model.features)), unique=True))

    coverage = coverage_of(model, some, strength, names)

    assert coverage is not None
    covered, possible = interactions(some, names, strength), interactions(everything, names, strength)
    of_names = [frozenset(zip(part, on, strict=True)) for part in combinations(names, strength)
                for on in product([False, True], repeat=strength)]  # fmt: skip
    assert coverage.covered == len(covered)
    assert coverage.missing == len(possible - covered)
    assert coverage.impossible == len(of_names) - len(possible)
    assert coverage.share == (len(covered) / len(possible) if possible else 1)
    assert coverage.is_complete == (covered == possible)
    assert (coverage.example is None) == coverage.is_complete
    assert coverage.example is None or frozenset(coverage.example) in possible - covered


def test_the_same_seed_gives_the_same_sample() -> None:
    shop = model(SHOP)

    assert covering_sample(shop, seed=7) == covering_sample(shop, seed=7)


def test_values_are_the_defaults_where_the_constraints_allow_them() -> None:
    shop = model(SHOP.replace("default = 100", "default = 300"))

    sizes = {(each["full"], each["page_size"]) for each in covering_sample(shop).configurations}

    assert {size for is_full, size in sizes if not is_full} == {300}
    assert all(isinstance(size, int) and size <= 200 for is_full, size in sizes if is_full)


def test_abstract_features_are_covered_when_asked_for() -> None:
    shop = model("[features.shop]\noptional = ['a', 'b']\n[features.a]\nabstract = true\n")

    assert features_to_cover(shop) == ("shop", "b")
    assert features_to_cover(shop, abstract=True) == ("shop", "a", "b")
    assert len(covering_sample(shop, 1).configurations) == 2


def test_where_the_time_is_over_the_sample_says_that_it_is_incomplete() -> None:
    shop = model(SHOP)
    for strength in (1, 2, 3):
        sample = covering_sample(shop, strength, seconds=0)
        coverage = coverage_of(shop, sample.configurations, strength, list(shop.features))

        assert not sample.is_complete
        assert len(sample.configurations) == 1
        assert coverage is not None
        assert 0 < coverage.share < 1


def test_an_alternative_group_is_covered_by_as_many_configurations_as_it_has_members() -> None:
    members = [f"m{number}" for number in range(30)]
    shop = model(f"[features.shop]\nalternative = {members}\n[features.m0]\noptional = ['a', 'b', 'c', 'd']\n")

    sample = covering_sample(shop, 1)

    assert sample.is_complete
    assert len(sample.configurations) == 30


def test_a_check_that_finds_no_answer_in_time_gives_none() -> None:
    shop = model(SHOP)

    assert coverage_of(shop, [], 2, list(shop.features), seconds=0) is None


def test_a_void_model_has_the_empty_sample() -> None:
    void = model("[features.shop]\noptional = ['a']\n[[constraints]]\nrule = '!shop'\n")

    assert covering_sample(void) == CoveringSample(2, (), True)


def test_there_is_no_other_strength() -> None:
    with pytest.raises(ValueError, match=r"the strength is one of \[1, 2, 3\]"):
        covering_sample(model(SHOP), 4)


SHARED = Path(__file__).parents[4] / "shared" / "models" / "industrial"
published = pytest.mark.skipif(not SHARED.is_dir(), reason="the published models are not beside this checkout")


@published
@pytest.mark.parametrize(
    ("name", "strength", "most"),
    [
        ("berkeleydb", 3, 16),
        ("e_shop", 2, 22),
        ("e_shop", 3, 65),
        ("printer", 2, 190),
        ("bank", 2, 50),
        ("busybox", 1, 6),
        ("automotive01", 1, 28),
        ("busybox", 2, 36),
    ],
)
def test_published_models_have_small_samples_that_cover_all(name: str, strength: int, most: int) -> None:
    reader = pytest.importorskip("sarto_uvl", reason="the plugin uvl is not installed")
    (uvl,) = reader.sarto_model_formats()
    industrial: FeatureModel = uvl.read(SHARED / f"{name}.uvl", False).model

    sample = covering_sample(industrial, strength)

    coverage = coverage_of(industrial, sample.configurations, strength, features_to_cover(industrial))
    assert coverage is not None
    assert coverage.is_complete
    assert len(sample.configurations) <= most
    assert all(is_valid(industrial, each) for each in sample.configurations)
