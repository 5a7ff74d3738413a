"""What a request says, checked: its body and query, field by field, each of its type and within its bounds."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from sarto.model.expression import Value
from sarto.model.names import is_plain_text
from sarto.model.values import is_number, shown
from starlette.requests import Request

from .problems import Code, Problem

__all__ = ["Fields", "body_of", "query_of"]

MOST_DIGITS = 400
"""So long a number is read; nobody needs one, and reading one of a megabyte takes long."""


class Fields:
    """The fields of one request. Each method gives one, or raises a Problem that names it."""

    def __init__(self, given: Mapping[str, Any], known: Collection[str]) -> None:
        self._given = given
        for name in given:
            if name not in known:
                hint = f"the fields that are known: {', '.join(known)}" if known else "send none"
                raise Problem(400, Code.BAD_FIELD, "a field is unknown", str(name)[:60], hint)

    def text(self, name: str, most: int, *, default: str | None = None) -> str:
        """A text of at most so many characters, without control characters but line ends."""
        value = self._given.get(name, default)
        if not isinstance(value, str):
            self._refuse(name, "a text")
        if len(value) > most:
            self._refuse(name, f"a text of at most {most:,} characters")
        if any(ord(each) < 32 and each not in "\n\t" for each in value) or not _is_unicode(value):
            self._refuse(name, "a text without control characters")
        return value

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self._given

    def line(self, name: str, most: int, *, default: str | None = None) -> str:
        """A text on one line."""
        text = self.text(name, most, default=default)
        if not is_plain_text(text):
            self._refuse(name, "one line of text")
        return text

    def value(self, name: str, most: int) -> Value:
        """True, false, a number or a text."""
        value = self._given.get(name)
        if isinstance(value, str):
            return self.text(name, most)
        if isinstance(value, bool) or is_number(value):
            return value
        self._refuse(name, "true, false, a number or a text")

    def number(self, name: str, low: int, high: int, *, default: int | None = None) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self._given.get(name, default)
        if isinstance(value, float) and value.is_integer():  # JSON has but one kind of number
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self._refuse(name, f"a whole number from {low} to {high}")
        return value

    def version(self) -> int:
        """The version of the room that the asker has seen."""
        return self.number("version", 1, 2**53)

    def truth(self, name: str) -> bool:
        """True or false."""
        value = self._given.get(name)
        if not isinstance(value, bool):
            self._refuse(name, "true or false")
        return value

    def one_of(self, name: str, words: Collection[str], *, default: str | None = None) -> str:
        """One of some words."""
        value = self._given.get(name, default)
        if not isinstance(value, str) or value not in words:
            self._refuse(name, f"one of {', '.join(words)}")
        return value

    def _refuse(self, name: str, wanted: str) -> NoReturn:
        what = "is missing" if name not in self._given else f"is {shown(self._given[name])}"
        raise Problem(400, Code.BAD_FIELD, f"'{name}' {what}, where {wanted} is needed", name)


async def body_of(request: Request, *known: str) -> Fields:
    """The fields of a JSON body."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        hint = "send Content-Type: application/json"
        raise Problem(415, Code.BAD_JSON, "the body is not declared as JSON", hint=hint)
    try:
        given = json.loads(await request.body(), parse_int=_integer, parse_constant=_constant)
    except (ValueError, RecursionError):
        raise Problem(400, Code.BAD_JSON, "the body is not JSON") from None
    if not isinstance(given, dict):
        raise Problem(400, Code.BAD_JSON, "the body is not a JSON object")
    return Fields(given, known)


def query_of(request: Request, *known: str, numbers: Collection[str] = (), values: Collection[str] = ()) -> Fields:
    """The fields of a query. Of ``numbers`` each is read as one, of ``values`` as JSON has it where it is JSON."""
    given: dict[str, Any] = {}
    for name, text in request.query_params.multi_items():
        if name in given:
            raise Problem(400, Code.BAD_FIELD, "a field is there twice", name[:60])
        given[name] = _read(text) if name in values or name in numbers else text
    return Fields(given, known)


def _read(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_integer, parse_constant=_constant)
    except (ValueError, RecursionError):
        return text


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError
    return int(text)


def _constant(_text: str) -> NoReturn:
    raise ValueError


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)
