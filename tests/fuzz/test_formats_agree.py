"""A model has the same answers in every format that can express it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from sarto.errors import SartoError
from sarto.hooks import ModelFormat
from sarto.hooks.manager import PluginManager
from sarto.model.feature import GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.solve.analysis import analyse
from sarto.solve.counting import count

from ..strategies import models

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


@pytest.mark.skipif(not SHARED.exists(), reason="the published models are not beside the checkout")
@pytest.mark.parametrize("path", PUBLISHED)
def test_a_published_model_has_the_same_answers_in_every_format(path: str, tmp_path: Path) -> None:
    if FORMATS.keys() < {"uvl", *WRITTEN}:
        pytest.skip("the plugins uvl, featureide and dimacs are not all installed")
    model = FORMATS["uvl"].read(SHARED / path, False).model
    refusing = {name for name in WRITTEN if not agree(name, model, tmp_path)}
    assert refusing <= NOT_EXPRESSED.get(path, set())
