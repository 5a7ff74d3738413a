"""One feature as its line has it: type, name, cardinality, attributes."""

from __future__ import annotations

import re
from typing import Any

from sarto.errors import Place, SartoError
from sarto.model.feature import NO_ATTRIBUTES, Feature, ValueType
from sarto.model.notation import RESERVED

from .attributes import SIMPLE_LIST, check_quotes, read_attributes, simple_attributes
from .cursor import Cursor
from .document import Document, Words
from .faults import Faults
from .spelling import read_cardinality

__all__ = ["plain_name", "read_feature", "read_simple_feature"]

_TYPES = {
    "Integer": ValueType.INTEGER, "Real": ValueType.REAL, "String": ValueType.STRING, "Boolean": None,
}  # fmt: skip
_SIMPLE = re.compile(rf"""([a-zA-Z][a-zA-Z0-9_]*|"[^".\n]+")[ \t]*\{{({SIMPLE_LIST})\}}""")
_MOST_SIMPLE = 10_000


def plain_name(text: str) -> str:
    """The name, where the text is nothing else and spelt as the grammar has it; an empty text otherwise."""
    if text.isidentifier():
        return text if text.isascii() and text[0] != "_" and text not in RESERVED else ""
    is_quoted = text[0] == '"' and text.find('"', 1) == len(text) - 1 > 1
    return text[1:-1] if is_quoted and "." not in text else ""


def read_simple_feature(content: str, where: Place, faults: Faults) -> Feature | None:
    """A feature with nothing but single attributes, which is most of those that have any; None for others."""
    found = _SIMPLE.fullmatch(content) if len(content) <= _MOST_SIMPLE else None
    name = plain_name(found[1]) if found else ""
    attributes = simple_attributes(found[2]) if found and name else None
    if found is None or attributes is None:
        return None
    if '"' in found[2]:
        check_quotes(found[2], Place(where.file, "", where.line, (where.column or 1) + found.start(2)), faults)
    is_abstract = attributes.get("abstract")
    if isinstance(is_abstract, bool):
        del attributes["abstract"]
    return Feature(name=name, attributes=attributes or NO_ATTRIBUTES, abstract=is_abstract is True, where=where)


def read_feature(cursor: Cursor, where: Place, document: Document, faults: Faults) -> Feature:
    """The feature as its line has it; what cannot be read is reported and left out."""
    name, kind, instances = "", None, None
    attributes: dict[str, Any] = {}
    try:
        kind = _type(cursor)
        name = ".".join(cursor.take_reference("a feature", faults))
        instances = _instances(cursor, faults)
        if cursor.peek().text == "{":
            attributes, rules = read_attributes(cursor, faults)
            document.rules += rules
        cursor.take_end(hint="" if attributes else "a name of other characters than a-z, 0-9 and _ needs double quotes")
    except SartoError as error:
        faults.add(error)
    is_abstract = attributes.get("abstract")
    if isinstance(is_abstract, bool):
        del attributes["abstract"]
    if isinstance(attributes.get("sarto"), dict):
        document.words[name] = Words(attributes.pop("sarto"), where)
    return Feature(
        name=name, type=kind, attributes=attributes, abstract=is_abstract is True, instances=instances, where=where
    )


def _type(cursor: Cursor) -> ValueType | None:
    """The type before a name; a word like a type with no name behind it is a name itself."""
    token = cursor.peek()
    if token.kind != "name" or token.text not in _TYPES:
        return None
    cursor.take()
    following = cursor.peek()
    if following.kind in ("name", "quoted") and following.text != "cardinality":
        return _TYPES[token.text]
    cursor.go_back(token)
    return None


def _instances(cursor: Cursor, faults: Faults) -> tuple[int, int | None] | None:
    token = cursor.peek()
    if token.kind != "name" or token.text != "cardinality":
        return None
    cursor.take()
    bounds, token = cursor.take_bracket()
    return read_cardinality(bounds, cursor.place(token), faults)
