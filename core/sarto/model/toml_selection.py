"""Reading a customer's selection, with the profiles that it extends."""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..errors import Place, SartoError, raise_all
from .instance_wishes import in_instance, instance_of
from .names import is_plain_text
from .profiles import Left, Preference, Said, SelectionFile, Topic, merge, profile_path
from .selection import Count, Selection
from .selection_check import check_selection
from .toml_core import platform_fault, python_fault
from .toml_cosmetics import language_fault
from .toml_table import Table, parse_toml
from .toml_usage import CONSENT
from .toml_writing import selection_to_toml
from .values import is_number, shown

__all__ = ["check_selection", "load_selection", "merge", "read_selection", "selection_to_toml"]

TOP_KEYS = ("line", "customer", "language", "extends", "select", "open", "prefer", "brand", "target", "consent")
MOST_NESTED = 20
"""So deep lists of instances may stand in one another."""


def load_selection(
    file: str, read: Callable[[str], str], parse: Callable[[str, str], dict[str, Any]] = parse_toml
) -> Selection:
    """The selection of a file and of all the profiles that it extends.

    ``read`` gives the text of a file and is all that touches files; ``parse`` makes of a text and the name of its file
    what :func:`~sarto.model.toml_table.parse_toml` does. Raises SartoError with the faults
    of all files, a profile that cannot be read and profiles that extend one another in a cycle
    among them, each with the chain of files that leads there; then with what :func:`merge` says.
    """
    loader = _Loader(read, parse)
    loader.load(file, Place(file), ())
    raise_all(loader.errors)
    return merge(loader.files)


class _Loader:
    """The files of one selection, each after those that it extends."""

    def __init__(self, read: Callable[[str], str], parse: Callable[[str, str], dict[str, Any]]) -> None:
        self.read = read
        self.parse = parse
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
            found = _read(self.parse(text, file), file)
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
    return _read(parse_toml(text, file), file)


def _read(content: Mapping[str, Any], file: str) -> SelectionFile:
    errors: list[SartoError] = []
    top = Table(content, Place(file), errors, TOP_KEYS)
    extends = top.texts("extends", check=_line_of_text, or_one=True)
    says = dict(_said(top))
    raise_all(errors)
    return SelectionFile(file, extends, says)


def _said(top: Table) -> Iterator[tuple[Topic, Said]]:
    for key in ("line", "customer"):
        if key in top and (text := top.text(key, check=_line_of_text, needed=key)):
            yield (key, ""), Said(text, top.at(key))
    if "language" in top and (tag := top.text("language", check=language_fault)):
        yield ("language", ""), Said(tag, top.at("language"))
    select = top.table("select")
    wished: dict[str, Said] = {}
    _read_wishes(select, "", wished)
    yield from ((("select", name), said) for name, said in wished.items())
    yield from _left_open(top, select)
    if "prefer" in top:
        yield ("prefer", ""), Said(_preference(top.table("prefer", ("minimise", "maximise"))), top.at("prefer"))
    brand = top.table("brand")
    for slot in brand:
        texts = brand.content[slot]
        by_language = _texts(brand.table(slot)) if isinstance(texts, dict) else None
        value = brand.text(slot, check=_line_of_text) if by_language is None else by_language
        yield ("brand", slot), Said(value, brand.at(slot))
    consent = top.table("consent", CONSENT)
    for what in CONSENT:
        if what in consent:
            yield ("consent", what), Said(consent.truth(what), consent.at(what))
    target = top.table("target", ("python", "platform"))
    for key, check in (("python", python_fault), ("platform", platform_fault)):
        if text := target.text(key, check=check):
            yield ("target", key), Said(text, target.at(key))


def _texts(table: Table) -> Mapping[str, str]:
    return {language: table.text(language, check=_line_of_text) for language in table}


def _read_wishes(table: Table, suffix: str, wished: dict[str, Said], depth: int = 0) -> None:
    """What a table decides, in the instance with this suffix; of a list also how many instances it has."""
    for key in table:
        value, name, where = table.content[key], in_instance(key, suffix), table.at(key)
        if isinstance(value, list) and depth < MOST_NESTED:
            _wish(table, wished, name, Said(Count(len(value)), where))
            for index, item in enumerate(value):
                _read_instance(table, wished, item, where.at(f"[{index}]"), instance_of(name, index + 1), depth)
        elif isinstance(value, list):
            table.fault(f"lists of instances are nested more than {MOST_NESTED} times here", key)
        elif isinstance(value, dict):
            header = re.sub(r"\[\d+\]", "", where.key)
            hint = f"features are named one by one; one with several instances has [[{header}]], once for each"
            table.fault("expected true, false, a number, a text or a list, but found a table", key, hint=hint)
        elif (found := table.value(key)) is not None:
            _wish(table, wished, name, Said(found, where))


def _read_instance(table: Table, wished: dict[str, Said], item: object, where: Place, name: str, depth: int) -> None:
    """One entry of a list: a table with the decisions in the instance, its value, or true where it is only there."""
    if isinstance(item, dict):
        _read_wishes(Table(item, where, table.errors), name[name.rindex("#") :], wished, depth + 1)
    elif item is False or isinstance(item, list) or not (isinstance(item, str) or item is True or is_number(item)):
        hint = "leave it out: as many entries as there are, so many instances" if item is False else ""
        table.fault(f"expected a table, a value or true for an instance, but found {shown(item)}", where, hint=hint)
    else:
        _wish(table, wished, name, Said(item, where))


def _wish(table: Table, wished: dict[str, Said], name: str, said: Said) -> None:
    """Note what is said of a feature, once."""
    if name in wished:
        what = f"'{name}' is decided twice, the first time in {wished[name].where.key}"
        table.fault(what, said.where, hint="keep one of the two")
    else:
        wished[name] = said


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
