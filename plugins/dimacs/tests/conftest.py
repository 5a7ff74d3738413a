"""What the tests of DIMACS read: the published models, and what is said of texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.model.feature_model import FeatureModel
from sarto.model.grammar import write as write_expression
from sarto_dimacs.reading import read_text

Said = Callable[..., list[str]]
Shown = Callable[[FeatureModel], list[str]]


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of feature models that nobody here wrote."""
    folder = Path(__file__).parents[4] / "shared" / "models"
    if not folder.is_dir():
        pytest.skip(f"the published feature models are not on this machine: {folder}")
    return folder


@pytest.fixture(scope="session")
def faults_of() -> Said:
    """What is said of a text that cannot be read, each with its place in ``m.cnf``."""

    def said(text: str, strict: bool = False) -> list[str]:
        with pytest.raises(SartoError) as caught:
            read_text(text, "m.cnf", strict)
        return [str(error).removeprefix("m.cnf:") for error in caught.value.errors]

    return said


@pytest.fixture(scope="session")
def shown() -> Shown:
    """The constraints of a model."""
    return lambda model: [write_expression(constraint.expression) for constraint in model.constraints]
