"""What every reader promises of any bytes: a model that can be written and read back, or errors with their places."""

from __future__ import annotations

from pathlib import Path

from sarto.errors import MoreErrors, Place, SartoError
from sarto.hooks import ModelFormat
from sarto.model.feature_model import FeatureModel

__all__ = ["LONGEST_MESSAGE", "check"]

LONGEST_MESSAGE = 5_000
SAME_MODEL = ("uvl", "toml")


def check(format: ModelFormat, path: Path, strict: bool = False) -> FeatureModel | None:
    """Read the file; raises AssertionError where the promise is broken, and whatever else escapes the reader."""
    try:
        model = format.read(path, strict).model
    except SartoError as error:
        for single in error.errors:
            _check_error(single, path)
        return None
    _check_round_trip(format, model, path)
    return model


def _check_error(error: SartoError, path: Path) -> None:
    assert error.what
    assert len(str(error)) <= LONGEST_MESSAGE, f"{len(str(error))} characters"
    if isinstance(error, MoreErrors):
        return
    where = error.where
    assert isinstance(where, Place), repr(error)
    assert where.file, str(error)
    if where.line is not None and Path(where.file) == path:
        text = path.read_bytes().decode(errors="replace")
        assert 1 <= where.line <= len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")), str(error)
    assert where.column is None or where.column >= 1, str(error)


def _check_round_trip(format: ModelFormat, model: FeatureModel, path: Path) -> None:
    try:
        text = format.write(model)
    except SartoError:
        return
    again = path.with_name(f"again{path.suffix}")
    again.write_text(text, encoding="utf-8", newline="")
    read = format.read(again, False).model
    if format.name in SAME_MODEL:
        assert read == model
    elif format.name == "dimacs":
        assert read.features.keys() >= model.features.keys()
    else:
        assert read.features == model.features
        assert len(read.constraints) == len(model.constraints)
