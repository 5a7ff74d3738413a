"""What a diagram is of: a line or a model, and the configuration that goes into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto.line import ProductLine, read_model
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection
from sarto.solve.conflict import Conflict

from .conflicting import of_conflict
from .state import Configured, of_resolution

__all__ = ["Subject", "line_subject", "model_subject"]

Warn = Callable[[SartoError], None]


@dataclass(frozen=True, slots=True)
class Subject:
    """A model to draw, under a title, with a configuration or without."""

    title: str
    model: FeatureModel
    configured: Configured | None = None


def line_subject(path: Path | None, selection: Path | None, plugins: PluginManager, warn: Warn) -> Subject:
    """A product line (None: the selection's own, else the one in this folder), and a selection of it.

    ``warn`` hears of an impossible selection. Raises :class:`SartoError` for what cannot be read.
    """
    if selection is None:
        line = ProductLine.open(path, plugins=plugins)
        return Subject(_title(line), line.written.model)
    if path is None:
        line, wished = ProductLine.for_selection(selection, plugins=plugins)
    else:
        line = ProductLine.open(path, plugins=plugins)
        wished = line.selection(selection)
        line = line.of(wished)
    return Subject(f"{_title(line)} for {wished.customer}", line.model, _configured(line, wished, warn))


def model_subject(path: Path, selection: Path | None, plugins: PluginManager, warn: Warn) -> Subject:
    """A feature model in any format that a plugin reads; it has no selections.

    ``warn`` hears of what was tolerated. Raises :class:`SartoError` for what cannot be read.
    """
    if selection is not None:
        hint = "name the features.toml that has this model, or nothing: the selection names its line"
        raise SartoError("a selection is one of a product line, not of a bare model", where=str(path), hint=hint)
    reading = read_model(path, plugins)
    for warning in reading.warnings:
        warn(warning)
    return Subject(reading.model.root, reading.model)


def _title(line: ProductLine) -> str:
    return f"{line.written.name} {line.written.version}"


def _configured(line: ProductLine, selection: Selection, warn: Warn) -> Configured:
    try:
        return of_resolution(line.resolve(selection))
    except Conflict as conflict:
        warn(conflict)
        return of_conflict(line.model, selection, conflict)
