"""JSON as text, without spaces: what the files of many builds have in common is encoded once."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["KEPT", "Written", "as_json", "encoded", "lines", "literal", "text", "texts"]

KEPT = 10_000
"""Of so many values is kept how they stand in a file: most of one is in those of other customers, too."""

encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as JSON."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value that is JSON already, laid out."""

    text: str


def as_json(data: Mapping[str, Any]) -> bytes:
    """The bytes of a JSON file: UTF-8, a line for each key, and one for each entry where it holds objects."""
    return ("{\n" + ",\n".join(f" {text(key)}:{_laid_out(value)}" for key, value in data.items()) + "\n}\n").encode()


def _laid_out(value: Any) -> str:
    if isinstance(value, Written):
        return value.text
    if isinstance(value, dict) and value and all(isinstance(each, dict) for each in value.values()):
        return lines((f"{text(key)}:{encoded(each)}" for key, each in value.items()), "{}").text
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return lines(map(encoded, value)).text
    return encoded(value)


def lines(entries: Iterable[str], brackets: str = "[]") -> Written:
    """Entries that are JSON already, a line for each."""
    joined = ",\n  ".join(entries)
    return Written(f"{brackets[0]}\n  {joined}\n {brackets[1]}" if joined else brackets)


@lru_cache(KEPT)
def text(value: str) -> str:
    """A text as JSON."""
    return encoded(value)


def texts(values: Iterable[str]) -> Written:
    """A list of texts."""
    return Written(f"[{','.join(map(text, values))}]")


def literal(value: Hashable) -> str:
    """A single value as JSON; most are true or false, which are had at less cost."""
    return _literal(value) if not isinstance(value, bool) else "true" if value else "false"


@lru_cache(KEPT, typed=True)
def _literal(value: Hashable) -> str:
    return encoded(value)
