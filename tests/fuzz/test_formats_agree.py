"""A model has the same answers in every format that can express it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysat.solvers import Solver
from sarto.errors import SartoError
from sarto.hooks import ModelFormat
from sarto.hooks.manager import PluginManager
from sarto.model.expression import Value
from sarto.model.feature import Binding, Delivery, Feature, GroupKind, Stage
from sarto.model.feature_model import FeatureModel
from sarto.solve.analysis import analyse
from sarto.solve.counting import count
from sarto.solve.encoding import encode

from ..strategies import configurations, models

SHARED = Path(__file__).parents[3] / "shared" / "models"
PLUGINS = PluginManager.discover()
FORMATS = {format.name: format for format in PLUGINS.model_formats()}
WRITTEN = ("toml", "uvl", "featureide", "dimacs")
PUBLISHED = [
    *(f"fama/{path.name}" for path in sorted((SHARED / "fama").glob("*.uvl"))),
    *(f"industrial/{name}.uvl" for name in ("bank", "e_shop", "printer")),
]

NOT_EXPRESSED: dict[str, set[str]] = {}
"""The formats that have no place for what is in a published model."""


def answers(model: FeatureModel, names: set[str]) -> tuple[bool, set[str], set[str], int | None]:
    """Void, core and dead features among those of that names, and the number of configurations."""
    found = analyse(model)
    return found.void, names & set(found.core), names & set(found.dead), count(model, seconds=20)


def through(format: ModelFormat, model: FeatureModel, folder: Path) -> FeatureModel:
    """The model, written and read."""
    path = folder / f"model{format.suffixes[0]}"
    path.write_text(format.write(model), encoding="utf-8", newline="")
    return format.read(path, False).model


def agree(name: str, model: FeatureModel, folder: Path) -> bool:
    """Whether the format can express the model; raises AssertionError where it then has other answers."""
    try:
        again = through(FORMATS[name], model, folder)
    except SartoError:
        return False
    names = set(model.features)
    assert answers(again, names) == answers(model, names)
    return True


@pytest.mark.parametrize("name", WRITTEN)
@settings(deadline=None, max_examples=60, derandomize=True)
@given(model=models())
def test_a_random_model_has_the_same_answers_in(
    name: str, model: FeatureModel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name not in FORMATS:
        pytest.skip(f"no plugin writes {name} here")
    is_written = agree(name, model, tmp_path_factory.getbasetemp())
    assert is_written or (name == "featureide" and any(group.kind is GroupKind.CARDINALITY for group in model.groups))


@st.composite
def full_models(draw: st.DrawFn) -> FeatureModel:
    """Models whose features say all that features can say."""
    model = draw(models(most=6, arithmetic=True, typed=True))
    words = st.sampled_from(["", "A word.", "Zwei\nZeilen", "it's so"])

    def told(feature: Feature) -> Feature:
        delivery = Delivery(
            parts=draw(st.sampled_from([(), ("a>=1", "b")])), binding=draw(st.sampled_from(list(Binding))),
            setting=draw(st.sampled_from(["", "size"])), was=draw(st.sampled_from([(), ("old", "older")])),
            before=draw(st.sampled_from([(), (model.root,)])), after=draw(st.sampled_from([(), (model.root,)])),
        )  # fmt: skip
        kept: dict[str, Any] = draw(
            st.sampled_from([{}, {"price": 2}, {"price": 1, "deep": {"list": [1, "x", True]}, "is": False}])
        )
        return replace(
            feature, summary=draw(words), stage=draw(st.sampled_from(list(Stage))), delivery=delivery,
            abstract=draw(st.booleans()), attributes={**feature.attributes, **kept},
        )  # fmt: skip

    features = {name: told(feature) for name, feature in model.features.items()}
    constraints = tuple(replace(constraint, because=draw(words)) for constraint in model.constraints)
    return replace(model, features=features, constraints=constraints)


@pytest.mark.parametrize("name", WRITTEN)
@settings(deadline=None, max_examples=80, derandomize=True)
@given(model=full_models())
def test_there_and_back_the_configurations_are_the_same_and_nothing_is_lost_in_silence(
    name: str, model: FeatureModel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name not in FORMATS:
        pytest.skip(f"no plugin writes {name} here")
    try:
        again = through(FORMATS[name], model, tmp_path_factory.getbasetemp())
    except SartoError:
        return
    assert chosen(again, model) == chosen(model, model)
    if not FORMATS[name].leaves_out(model):
        assert again.features == model.features
        assert again.constraints == model.constraints


def chosen(model: FeatureModel, first: FeatureModel) -> set[frozenset[tuple[str, Value]]]:
    """The configurations, in the words of the first model."""
    names = first.features.keys()
    if model.features.keys() == names:
        ways: Iterable[Mapping[str, Value]] = configurations(model)
    else:
        formula = encode(model, {})
        with Solver("m22", bootstrap_with=formula.clauses) as solver:
            solutions = [set(solution) for solution in solver.enum_models()]
        ways = [{name: formula.variables[name] in solution for name in names} for solution in solutions]
    return {frozenset((name, way[name]) for name in names) for way in ways}


@pytest.mark.skipif(not SHARED.exists(), reason="the published models are not beside the checkout")
@pytest.mark.parametrize("path", PUBLISHED)
def test_a_published_model_has_the_same_answers_in_every_format(path: str, tmp_path: Path) -> None:
    if FORMATS.keys() < {"uvl", *WRITTEN}:
        pytest.skip("the plugins uvl, featureide and dimacs are not all installed")
    model = FORMATS["uvl"].read(SHARED / path, False).model
    refusing = {name for name in WRITTEN if not agree(name, model, tmp_path)}
    assert refusing <= NOT_EXPRESSED.get(path, set())
