"""What is to be optimised: a model, a line, or a selection of one."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sarto.errors import Place, SartoError
from sarto.hooks import PluginManager
from sarto.line import ProductLine, read_model, read_text
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.instance_room import check_ends
from sarto.model.instances import expanded
from sarto.model.selection import Selection
from sarto.solve.goals import FEWEST, Goal, read_goal

__all__ = ["Subject", "subject_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A model with the wishes that hold and the goals that count where no others are given."""

    title: str
    model: FeatureModel
    wishes: Mapping[str, Value] = field(default_factory=dict)
    goals: tuple[Goal, ...] = (FEWEST,)
    line: ProductLine | None = None
    selection: Selection | None = None


def subject_of(path: Path, plugins: PluginManager, warn: Callable[[SartoError], None]) -> Subject:
    """What stands in a file: a selection, a features.toml (or its folder), or a model in any format.

    ``warn`` hears of what was tolerated. Raises SartoError for what cannot be read.
    """
    if path.is_dir() or (path.suffix == ".toml" and not _is_selection(path)):
        line = ProductLine.open(path, plugins=plugins)
        check_ends(line.written.model, Selection(line="", customer=""))
        return Subject(title=line.description.name, model=line.model, line=line)
    if path.suffix == ".toml":
        line, selection = ProductLine.for_selection(path, plugins=plugins)
        return _of_selection(line, selection)
    reading = read_model(path, plugins)
    for warning in reading.warnings:
        warn(warning)
    return Subject(title=str(path), model=expanded(reading.model))


def _is_selection(path: Path) -> bool:
    try:
        return isinstance(tomllib.loads(read_text(path)).get("line"), str)
    except tomllib.TOMLDecodeError:
        return False  # the reader of lines says what is wrong


def _of_selection(line: ProductLine, selection: Selection) -> Subject:
    check_ends(line.written.model, selection)
    place = selection.place_of("prefer")
    preferred = _goals(line.model, selection.minimise, place, False)
    preferred += _goals(line.model, selection.maximise, place, True)
    return Subject(
        title=selection.customer,
        model=line.model,
        wishes={name: wish.value for name, wish in selection.wishes.items()},
        goals=tuple(preferred) or (FEWEST,),
        line=line,
        selection=selection,
    )


def _goals(model: FeatureModel, names: tuple[str, ...], place: Place, is_greatest: bool) -> list[Goal]:
    return [read_goal(model, name, place, maximise=is_greatest) for name in names]
