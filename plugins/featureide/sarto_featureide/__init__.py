"""Feature models of FeatureIDE (``model.xml``): the hook through which Sarto finds them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.hooks import ModelFormat, ModelReading, hookimpl

if TYPE_CHECKING:
    from sarto.model.feature_model import FeatureModel

__version__ = "0.1.0"
__all__ = ["sarto_model_formats"]


@hookimpl
def sarto_model_formats() -> Sequence[ModelFormat]:
    """FeatureIDE's XML, read and written."""
    return [ModelFormat(name="featureide", suffixes=(".xml",), read=_read, write=_write, leaves_out=_leaves_out)]


def _read(path: Path, strict: bool) -> ModelReading:
    from .reading import read

    return read(path, strict)


def _write(model: FeatureModel) -> str:
    from .writing import write

    return write(model)


def _leaves_out(model: FeatureModel) -> Sequence[str]:
    from .writing import leaves_out

    return leaves_out(model)
