"""What the tests of UVL read: texts, the published models, and models in a few words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.model.feature_model import FeatureModel
from sarto.model.grammar import write
from sarto_uvl.reading import read_text

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
    """What is said of a text that cannot be read, each with its place in ``m.uvl``."""

    def said(text: str, strict: bool = False) -> list[str]:
        with pytest.raises(SartoError) as caught:
            read_text(text, "m.uvl", strict)
        return [str(error).removeprefix("m.uvl:") for error in caught.value.errors]

    return said


@pytest.fixture(scope="session")
def warnings_of() -> Said:
    """What is said of a text that can be read all the same."""
    return lambda text: [str(warning).removeprefix("m.uvl:") for warning in read_text(text, "m.uvl").warnings]


@pytest.fixture(scope="session")
def shown() -> Shown:
    """A model in a few words: a line for each group, and then one for each constraint."""

    def lines(model: FeatureModel) -> list[str]:
        groups = [
            f"{group.parent}: {group.kind} {group.minimum}..{group.maximum} of {', '.join(group.members)}"
            for group in model.groups
        ]
        return [*groups, *(write(constraint.expression) for constraint in model.constraints)]

    return lines
