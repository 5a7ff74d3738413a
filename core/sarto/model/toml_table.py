"""Reading TOML so that all faults of a file come together: tables that check what they hand out and say where."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from ..errors import Place, SartoError, did_you_mean
from .expression import Value
from .names import key_text
from .values import is_number, shown

__all__ = ["Check", "Table", "parse_toml"]

E = TypeVar("E", bound=StrEnum)
D = TypeVar("D")
Check = Callable[[str], tuple[str, str] | None]
_POSITION = re.compile(r"(?P<what>.*) \(at (line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)
_TWICE = re.compile(r"Cannot declare (\(.*\)) twice", re.DOTALL)
_PART = r"""(?:"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|[A-Za-z0-9_-]++)"""
_KEY = re.compile(rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+")
_KEY_PART = re.compile(_PART)

MOST_PARTS = 100
"""How many parts a dotted key may have: the time that the parser takes for one grows with their square."""


def parse_toml(text: str, file: str, *, parse_float: Callable[[str], object] = float) -> dict[str, Any]:
    """The content of a TOML text, in which ``parse_float`` reads what is a number and no integer.

    Raises SartoError with line and column where it is none.
    """
    text = text.removeprefix("\ufeff")
    _refuse_long_keys(text, file)
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except RecursionError:
        raise SartoError("this TOML is nested too deeply to be read", where=Place(file)) from None
    except ValueError as error:
        raise _broken(str(error), text, file) from None


def _refuse_long_keys(text: str, file: str) -> None:
    if text.count(".") < MOST_PARTS:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") < MOST_PARTS:
            continue
        for key in _KEY.finditer(line):
            if key[0].count(".") >= MOST_PARTS and len(_KEY_PART.findall(key[0])) > MOST_PARTS:
                what = f"this TOML is nested too deeply to be read: a key of more than {MOST_PARTS} parts"
                raise SartoError(what, where=Place(file, line=number, column=key.start() + 1))


def _broken(message: str, text: str, file: str) -> SartoError:
    found = _POSITION.fullmatch(message)
    if found is None:
        return SartoError(f"broken TOML: {message}", where=Place(file))
    line, column = found["line"], found["column"]
    if line is None:
        lines = text.split("\n")
        line, column = len(lines), len(lines[-1]) + 1
    what, hint = f"broken TOML: {found['what'][:1].lower()}{found['what'][1:]}", ""
    if twice := _TWICE.fullmatch(found["what"]):
        header = ".".join(key_text(key) for key in ast.literal_eval(twice[1]))
        what, hint = f"the table [{header}] is there twice", "make one table of the two"
    elif found["what"] == "Cannot overwrite a value":
        what, hint = "broken TOML: a key that is there already", "keep one of the two"
    return SartoError(what, where=Place(file, line=int(line), column=int(column)), hint=hint)


def _quotes(key: str, value: object) -> str:
    return f'put it in quotes: {key} = "{shown(value)}"' if is_number(value) else ""


class Table:
    """One table while it is read.

    Every method hands out the checked value of one key, or its default where the key is missing or
    wrong; what is wrong goes into ``errors``, which all tables of a file share. ``keys`` are those that
    may stand here (None: any); the others are reported when the table is made.
    """

    def __init__(
        self, content: Mapping[str, Any], where: Place, errors: list[SartoError], keys: Collection[str] | None = None
    ) -> None:
        self.content = content
        self.where = where
        self.errors = errors
        for key in content:
            if keys is not None and key not in keys:
                hint = did_you_mean(key, keys) or f"the keys here are {', '.join(keys)}"
                self.fault(f"unknown key '{key}'", key, hint=hint)

    def __contains__(self, key: str) -> bool:
        return key in self.content

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def at(self, key: str) -> Place:
        """Where the key stands."""
        return self.where.at(key_text(key))

    def fault(self, what: str, where: Place | str, hint: str = "") -> None:
        """Report what is wrong at a key of this table, or at a place."""
        self.errors.append(SartoError(what, where=self.at(where) if isinstance(where, str) else where, hint=hint))

    def missing(self, key: str, hint: str) -> None:
        """Report a key that has to be here."""
        self.fault(f"'{key}' is missing", self.where, hint=f"add {hint}")

    def text(self, key: str, default: str = "", *, check: Check | None = None, needed: str = "") -> str:
        """A text; ``needed`` is an example of one that must be here.

        ``check`` gives what is wrong with a text and a hint, or None.
        """
        if key not in self.content:
            if needed:
                self.missing(key, needed)
            return default
        value = self.content[key]
        if not isinstance(value, str):
            self.fault(f"expected a text, but found {shown(value)}", key, hint=_quotes(key, value))
            return default
        return value if self._passes(value, self.at(key), check, is_needed=bool(needed)) else default

    def texts(
        self, key: str, default: tuple[str, ...] = (), *, check: Check | None = None, or_one: bool = False
    ) -> tuple[str, ...]:
        """A list of different texts; with ``or_one`` also a single text."""
        if key not in self.content:
            return default
        value = self.content[key]
        if or_one and isinstance(value, str):
            return (value,) if self._passes(value, self.at(key), check, is_needed=True) else default
        if not isinstance(value, list):
            hint = f'write {key} = ["{value}"]' if isinstance(value, str) else _quotes(key, value) if or_one else ""
            self.fault(f"expected a list of texts, but found {shown(value)}", key, hint=hint)
            return default
        found: dict[str, None] = {}
        for index, item in enumerate(value):
            where = self.at(key).at(f"[{index}]")
            if not isinstance(item, str):
                self.fault(f"expected a text, but found {shown(item)}", where)
            elif item in found:
                self.fault(f"{shown(item)} stands twice in this list", where)
            elif self._passes(item, where, check, is_needed=True):
                found[item] = None
        return tuple(found)

    def _passes(self, value: str, where: Place, check: Check | None, *, is_needed: bool) -> bool:
        if is_needed and not value.strip():
            found: tuple[str, str] | None = ("this text is empty", "")
        else:
            found = check(value) if check and value else None
        if found:
            self.fault(found[0], where, hint=found[1])
        return found is None

    def truth(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.content.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"expected true or false, but found {shown(value)}", key)
        return default

    def number(self, key: str, default: int | float | None = None) -> int | float | None:
        """A finite number."""
        value = self.content.get(key, default)
        if value is None or is_number(value):
            return value
        self.fault(f"expected a number, but found {shown(value)}", key)
        return default

    def integer(self, key: str) -> int | None:
        """An integer of at least 0, or None where there is none."""
        value = self.content.get(key)
        if value is None or (is_number(value) and isinstance(value, int) and value >= 0):
            return value
        self.fault(f"expected an integer of at least 0, but found {shown(value)}", key)
        return None

    def value(self, key: str) -> Value | None:
        """True, false, a finite number or a text."""
        value = self.content.get(key)
        if value is None or isinstance(value, bool | str) or is_number(value):
            return value
        self.fault(f"expected true, false, a number or a text, but found {shown(value)}", key)
        return None

    def choice(self, key: str, kinds: type[E], default: D) -> E | D:
        """One of the words of an enumeration."""
        if key not in self.content:
            return default
        words = [kind.value for kind in kinds]
        value = self.content[key]
        if isinstance(value, str) and value in words:
            return kinds(value)
        hint = (did_you_mean(value, words) if isinstance(value, str) else "") or f"one of {', '.join(words)}"
        article = "an" if key[0] in "aeiou" else "a"
        self.fault(f"{shown(value)} is not {article} {key}", key, hint=hint)
        return default

    def table(self, key: str, keys: Collection[str] | None = None) -> Table:
        """The table under a key; an empty one where it is missing."""
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            self.fault(f"expected a table, but found {shown(value)}", key)
            value = {}
        return Table(value, self.at(key), self.errors, keys)

    def tables(self, key: str, keys: Collection[str] | None = None) -> list[Table]:
        """The tables of an array of tables."""
        value = self.content.get(key, [])
        if not isinstance(value, list):
            self.fault(
                f"expected a list of tables, but found {shown(value)}", key, hint=f"write [[{self.at(key).key}]]"
            )
            return []
        found: list[Table] = []
        for index, item in enumerate(value):
            where = self.at(key).at(f"[{index}]")
            if isinstance(item, dict):
                found.append(Table(item, where, self.errors, keys))
            else:
                self.fault(f"expected a table, but found {shown(item)}", where)
        return found
