"""What stands in the braces behind a feature: attributes, nested to any depth, and constraints."""

from __future__ import annotations

import re
from typing import Any

from sarto.errors import Place, SartoError
from sarto.model.notation import RESERVED, shortened

from .cursor import Cursor, Token
from .document import Rule
from .faults import Faults
from .spelling import read_name, read_number, read_text

__all__ = ["MOST_LEVELS", "SIMPLE_LIST", "check_quotes", "read_attributes", "simple_attributes"]

MOST_LEVELS = 100
_KEY = r"[a-zA-Z][a-zA-Z0-9_]*"
_VALUE = r"""true|false|0|-?[1-9][0-9]{0,17}|-?[0-9]{0,17}\.[0-9]{1,17}|'[^'\n]+'|"[^"\n]*\""""
_ENTRY = rf"[ \t]*{_KEY}(?:[ \t]+(?:{_VALUE}))?[ \t]*"
_SIMPLE_ENTRY = re.compile(rf"[ \t]*({_KEY})(?:[ \t]+({_VALUE}))?[ \t]*(?:,|\Z)")
SIMPLE_LIST = rf"{_ENTRY}(?:,{_ENTRY})*"
_CLOSING = {dict: "}", list: "]"}
_TRUTHS = ("true", "false")
Container = dict[str, Any] | list[Any]


def read_attributes(cursor: Cursor, faults: Faults) -> tuple[dict[str, Any], list[Rule]]:
    """The attributes and the constraints of one feature, the cursor before their brace.

    An attribute without a value is True. Raises SartoError at what the grammar has no place for.
    """
    return _AttributeReader(cursor, faults).read()


def simple_attributes(text: str) -> dict[str, Any] | None:
    """The attributes in a text like :data:`SIMPLE_LIST`; None where it needs :func:`read_attributes` after all."""
    attributes: dict[str, Any] = {}
    for key, value in _SIMPLE_ENTRY.findall(text):
        if key in RESERVED or key in attributes:
            return None
        if not value or value in _TRUTHS:
            attributes[key] = value != "false"
        elif value[0] in "'\"":
            attributes[key] = value[1:-1]
        else:
            attributes[key] = float(value) if "." in value else int(value)
    return attributes


def check_quotes(text: str, where: Place, faults: Faults) -> None:
    """Note the texts in double quotes of a text like :data:`SIMPLE_LIST` that begins at ``where``."""
    for match in _SIMPLE_ENTRY.finditer(text):
        if (match[2] or "").startswith('"'):
            place = Place(where.file, "", where.line, (where.column or 1) + match.start(2))
            read_text(match[2], place, faults)


class _AttributeReader:
    """A stack of the braces and brackets that are open."""

    def __init__(self, cursor: Cursor, faults: Faults) -> None:
        self.cursor = cursor
        self.faults = faults
        self.rules: list[Rule] = []
        self.open: list[Container] = []

    def read(self) -> tuple[dict[str, Any], list[Rule]]:
        self.cursor.take()
        attributes: dict[str, Any] = {}
        self.open.append(attributes)
        is_first = True
        while self.open:
            container = self.open[-1]
            closing = _CLOSING[type(container)]
            if is_first and self.cursor.take_symbol(closing):
                self.open.pop()
                is_first = False
            elif is_first or self.cursor.take_symbol(","):
                is_first = self._entry(container)
            elif self.cursor.take_symbol(closing):
                self.open.pop()
            else:
                raise self.cursor.expected(f"',' or '{closing}'", self.cursor.peek())
        return attributes, self.rules

    def _entry(self, container: Container) -> bool:
        """Read one entry, or open the container that it is; True where that is open now."""
        if isinstance(container, list):
            value, is_open = self._value()
            container.append(value)
            return is_open
        token = self.cursor.peek()
        if token.kind == "name" and token.text in ("constraint", "constraints"):
            self.cursor.take()
            self._constraints(token)
            return False
        key = self._key(container)
        if self.cursor.peek().text in (",", "}"):
            container[key] = True
            return False
        container[key], is_open = self._value()
        return is_open

    def _key(self, container: dict[str, Any]) -> str:
        token = self.cursor.peek()
        if token.kind not in ("name", "quoted"):
            raise self.cursor.expected("an attribute", token)
        key = read_name(self.cursor.take().text, self.cursor.place(token), self.faults)
        if key in container:
            self.faults.error(f"the attribute '{shortened(key)}' is there twice", self.cursor.place(token))
        return key

    def _value(self) -> tuple[Any, bool]:
        token = self.cursor.take()
        match token.kind:
            case "number":
                return read_number(token.text, self.cursor.place(token), self.faults), False
            case "text" | "quoted":
                return read_text(token.text, self.cursor.place(token), self.faults), False
            case "name" if token.text in ("true", "false"):
                return token.text == "true", False
            case "symbol" if token.text in ("{", "["):
                return self._opened({} if token.text == "{" else [], token), True
        hint = "a text stands in 'single quotes'" if token.kind == "name" else ""
        raise self.cursor.expected("a value", token, hint)

    def _opened(self, container: Container, token: Token) -> Container:
        self.open.append(container)
        if len(self.open) > MOST_LEVELS:
            what = f"attributes are nested deeper than {MOST_LEVELS} levels"
            raise SartoError(what, where=self.cursor.place(token))
        return container

    def _constraints(self, keyword: Token) -> None:
        if keyword.text == "constraint":
            self._constraint()
            return
        if not self.cursor.take_symbol("["):
            raise self.cursor.expected("'[' and a list of constraints", self.cursor.peek())
        if self.cursor.take_symbol("]"):
            return
        self._constraint()
        while self.cursor.take_symbol(","):
            self._constraint()
        if not self.cursor.take_symbol("]"):
            raise self.cursor.expected("',' or ']'", self.cursor.peek())

    def _constraint(self) -> None:
        text, token = self.cursor.capture()
        if not text:
            raise self.cursor.expected("a constraint", token)
        self.rules.append(Rule(text, self.cursor.place(token)))
