"""The selections of a folder as orders: each read once, held against its line, and known by all that goes into it."""

from __future__ import annotations

import hashlib
import json
import os.path
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from .derive.files import refusals
from .derive.naming import build_name
from .errors import SartoError
from .hooks import PluginManager
from .hooks.reading import read_found, read_text
from .line import ProductLine
from .model.selection import Selection
from .model.toml_line import line_model_file
from .model.toml_selection import load_selection
from .model.toml_table import parse_toml

__all__ = ["Order", "Refusal", "digest", "read_files", "read_orders"]


@dataclass(frozen=True, slots=True)
class Order:
    """One customer's selection, its line, and the digests of the line's files and of the selection's, profiles too."""

    file: Path
    name: str
    line: ProductLine
    selection: Selection
    line_digest: str
    selection_digest: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A customer for whom something cannot be done, and why; ``name`` is that of the build, where the file tells it."""

    file: Path
    error: SartoError
    name: str = ""


def read_orders(folder: Path, plugins: PluginManager) -> Iterator[Order | Refusal]:
    """The selections in the folder by their names, one at a time: the ``*.toml`` that name a line or a customer.

    Hidden files are none: editors leave such beside those that they hold. Selections of one line share it. One that
    cannot be read is a refusal, and so is one whose build would have the place of an earlier one's. Raises
    SartoError for a folder that is not there.
    """
    if not folder.is_dir():
        raise SartoError("there is no such folder of selections", where=str(folder))
    return read_files(sorted(folder.glob("[!.]*.toml")), plugins)


def read_files(files: Iterable[Path], plugins: PluginManager) -> Iterator[Order | Refusal]:
    """The same of these files."""
    lines: dict[Path, tuple[ProductLine, str] | SartoError] = {}
    first: dict[str, Path] = {}
    for file in files:
        try:
            with refusals("reading this selection"):
                order = _order(file, lines, plugins)
            if order is None:
                continue
            other = first.setdefault(order.name, file)
            if other != file:
                what = f"this would be built into the same folder as {other}, '{order.name}'"
                raise SartoError(what, where=str(file), hint="give the two customers different names")
            yield order
        except SartoError as error:
            name = _name_of_build(file)
            yield Refusal(file, error, name if name not in first else "")


def _name_of_build(file: Path) -> str:
    """What the build of a selection is called with which something else is wrong; empty where that cannot be told."""
    try:
        customer = parse_toml(read_found(file), str(file)).get("customer")
        return build_name(Selection(file=str(file), line="", customer=customer)) if isinstance(customer, str) else ""
    except SartoError:
        return ""


def _order(file: Path, lines: dict[Path, tuple[ProductLine, str] | SartoError], plugins: PluginManager) -> Order | None:
    """The order in a file, whose text is read and parsed once; None where it names neither a line nor a customer.

    Profiles name neither, and in a line's own file the line is a table.
    """
    name = str(file)
    texts = {name: read_found(file)}
    content = parse_toml(texts[name], name)
    if isinstance(content.get("line", content.get("customer", {})), dict):
        return None

    def read(path: str) -> str:
        if path not in texts:
            texts[path] = read_text(Path(path))
        return texts[path]

    selection = load_selection(name, read, lambda text, path: content if path == name else parse_toml(text, path))
    path = Path(os.path.normpath(file.parent / selection.line))
    if path not in lines:
        lines[path] = _opened(path, plugins)
    found = lines[path]
    if isinstance(found, SartoError):
        raise found
    line, line_digest = found
    line = line.of(selection)
    selection = line.fitting(selection)
    return Order(file, build_name(selection), line, selection, line_digest, _of_texts(texts))


def _opened(path: Path, plugins: PluginManager) -> tuple[ProductLine, str] | SartoError:
    """The line with the digest of its files, read before it is: a change in between makes builds out of date."""
    try:
        file = path / "features.toml" if path.is_dir() else path
        texts = {str(file): read_found(file) if path.is_dir() else read_text(file)}
        beside = line_model_file(texts[str(file)], str(file))
        if beside:
            texts[str(file.parent / beside)] = read_text(file.parent / beside)
        return ProductLine.open(file, plugins=plugins), _of_texts(texts)
    except SartoError as error:
        return error


def digest(data: Any) -> str:
    """The sha256 of plain data, in hexadecimal digits."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=True).encode()).hexdigest()


def _of_texts(texts: Mapping[str, str]) -> str:
    """By the names without their folders, as they stand in a build: where the fleet is kept changes nothing."""
    return digest([[PurePath(path).name, text] for path, text in texts.items()])
