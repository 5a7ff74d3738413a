"""The selections of a folder as orders: whose, with which features and wheels, and whether the build is there."""

from __future__ import annotations

import os.path
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sarto.derive.lockfile import LockedWheel
from sarto.derive.manifest import MANIFEST
from sarto.derive.naming import build_name
from sarto.derive.planning import delivered
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto.line import ProductLine, read_text
from sarto.model.toml_selection import check_selection, load_selection

__all__ = ["Order", "Refusal", "read_orders"]


@dataclass(frozen=True, slots=True)
class Order:
    """One customer: the features that are in the build, open ones too, and its wheels, fetched or not."""

    file: Path
    name: str
    line: ProductLine
    features: frozenset[str]
    wheels: tuple[LockedWheel, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A selection that cannot be honoured, and why."""

    file: Path
    error: SartoError


def read_orders(folder: Path, builds: Path, plugins: PluginManager) -> Iterator[Order | Refusal]:
    """The ``*.toml`` in the folder that name a line, by their names; an order is open while ``builds`` lacks its build.

    Raises SartoError for a folder that is not there.
    """
    if not folder.is_dir():
        raise SartoError("there is no such folder of selections", where=str(folder))
    lines: dict[Path, ProductLine | SartoError] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            if _names_a_line(file):
                yield _order(file, builds, lines, plugins)
        except SartoError as error:
            yield Refusal(file, error)


def _names_a_line(file: Path) -> bool:
    """Profiles name none; what is no TOML is said when it is read."""
    try:
        return isinstance(tomllib.loads(read_text(file)).get("line"), str)
    except tomllib.TOMLDecodeError:
        return True


def _order(file: Path, builds: Path, lines: dict[Path, ProductLine | SartoError], plugins: PluginManager) -> Order:
    selection = load_selection(str(file), lambda path: read_text(Path(path)))
    line = _line(Path(os.path.normpath(file.parent / selection.line)), lines, plugins)
    check_selection(selection, line.description)
    features = delivered(line.resolve(selection))
    name = build_name(selection)
    wheels = line.catalog(selection).wheels(features)
    return Order(file, name, line, frozenset(features), wheels, not (builds / name / MANIFEST).is_file())


def _line(path: Path, lines: dict[Path, ProductLine | SartoError], plugins: PluginManager) -> ProductLine:
    """The line, opened once for all of its orders."""
    if path not in lines:
        try:
            lines[path] = ProductLine.open(path, plugins=plugins)
        except SartoError as error:
            lines[path] = error
    found = lines[path]
    if isinstance(found, SartoError):
        raise found
    return found
