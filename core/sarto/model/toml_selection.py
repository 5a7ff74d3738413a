"""Reading a customer's selection, with the profiles that it extends."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterator

from ..errors import Place, SartoError, raise_all
from .names import is_plain_text
from .profiles import Left, Preference, Said, SelectionFile, Topic, merge, profile_path
from .selection import Selection
from .selection_check import check_selection
from .toml_core import platform_fault, python_fault
from .toml_table import Table, parse_toml
from .toml_writing import selection_to_toml

__all__ = ["check_selection", "load_selection", "merge", "read_selection", "selection_to_toml"]

TOP_KEYS = ("line", "customer", "extends", "select", "open", "prefer", "brand", "target")


def load_selection(file: str, read: Callable[[str], str]) -> Selection:
    """The selection of a file and of all the profiles that it extends.

    ``read`` gives the text of a file and is all that touches files. Raises SartoError with the faults
    of all files, a profile that cannot be read and profiles that extend one another in a cycle
    among them, each with the chain of files that leads there; then with what :func:`merge` says.
    """
    loader = _Loader(read)
    loader.load(file, Place(file), ())
    raise_all(loader.errors)
    return merge(loader.files)


class _Loader:
    """The files of one selection, each after those that it extends."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self.read = read
        self.files: list[SelectionFile] = []
        self.errors: list[SartoError] = []
        self.seen: set[str] = set()

    def load(self, file: str, named: Place, chain: tuple[str, ...]) -> None:
        """Read a file that is named at a place, after the files of the chain."""
        path = os.path.normpath(file)
        if path in chain:
            circle = " -> ".join((*chain[chain.index(path) :], path))
            what = f"profiles extend one another in a cycle: {circle}"
            self.errors.append(SartoError(what, where=named, hint="take one of them out"))
        if path in self.seen:
            return
        self.seen.add(path)
        try:
            text = self.read(file)
        except (OSError, SartoError) as error:
            self.errors.append(_unreadable(file, error, named, chain))
            return
        try:
            found = read_selection(text, file)
        except SartoError as error:
            self.errors.extend(error.errors)
            return
        for index, written in enumerate(found.extends):
            self.load(profile_path(file, written), Place(file, f"extends[{index}]"), (*chain, path))
        self.files.append(found)


def _unreadable(file: str, error: OSError | SartoError, named: Place, chain: tuple[str, ...]) -> SartoError:
    if not chain and isinstance(error, SartoError):
        return error
    reason = error.what if isinstance(error, SartoError) else (error.strerror or str(error)).lower()
    if not chain:
        return SartoError(f"cannot read the selection: {reason}", where=named)
    hint = f"the files that lead there: {' -> '.join((*chain, file))}" if len(chain) > 1 else ""
    return SartoError(f"cannot read the profile '{file}': {reason}", where=named, hint=hint)


def read_selection(text: str, file: str) -> SelectionFile:
    """One selection or profile as it stands in its file, held against nothing yet.

    Raises SartoError with everything that is wrong in the file.
    """
    errors: list[SartoError] = []
    top = Table(parse_toml(text, file), Place(file), errors, TOP_KEYS)
    extends = top.texts("extends", or_one=True)
    says = dict(_said(top))
    raise_all(errors)
    return SelectionFile(file, extends, says)


def _said(top: Table) -> Iterator[tuple[Topic, Said]]:
    for key in ("line", "customer"):
        if key in top and (text := top.text(key, check=_line_of_text, needed=key)):
            yield (key, ""), Said(text, top.at(key))
    select = top.table("select")
    for name in select:
        if (value := select.value(name)) is not None:
            yield ("select", name), Said(value, select.at(name))
    yield from _left_open(top, select)
    if "prefer" in top:
        yield ("prefer", ""), Said(_preference(top.table("prefer", ("minimise", "maximise"))), top.at("prefer"))
    brand = top.table("brand")
    for slot in brand:
        yield ("brand", slot), Said(brand.text(slot, check=_line_of_text), brand.at(slot))
    target = top.table("target", ("python", "platform"))
    for key, check in (("python", python_fault), ("platform", platform_fault)):
        if text := target.text(key, check=check):
            yield ("target", key), Said(text, target.at(key))


def _left_open(top: Table, select: Table) -> Iterator[tuple[Topic, Said]]:
    table = top.table("open", ("features",))
    for index, name in enumerate(table.texts("features")):
        where = table.at("features").at(f"[{index}]")
        if name in select:
            hint = "keep one of the two; where an open feature starts is its default in the line"
            table.fault(f"'{name}' is left open and decided in {select.at(name).key}", where, hint=hint)
        else:
            yield ("select", name), Said(Left.OPEN, where)


def _preference(table: Table) -> Preference:
    minimise, maximise = table.texts("minimise"), table.texts("maximise")
    for name in minimise:
        if name in maximise:
            table.fault(f"'{name}' cannot be minimised and maximised", table.where, hint="keep one of the two")
    return Preference(minimise, maximise)


def _line_of_text(text: str) -> tuple[str, str] | None:
    return None if is_plain_text(text) else ("expected one line without control characters", "write it on one line")
