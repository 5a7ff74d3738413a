"""What Sarto knows of features and constraints and UVL has no word for: the attribute ``sarto`` of a feature.

Its keys are those of the feature's table in features.toml. Its texts have escapes, since UVL's have none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sarto.errors import Place, SartoError
from sarto.model.feature import Feature
from sarto.model.toml_features import read_feature
from sarto.model.toml_table import Table

from .composition import Names
from .document import Words
from .faults import Faults

__all__ = ["RULES", "WORDS", "Remark", "escaped", "read_remarks", "read_words"]

WORDS = (
    "summary", "minimum", "maximum", "default", "stage", "binding", "setting", "parts", "before", "after", "was",
    "on_failure", "failures", "licensed",
)  # fmt: skip
RULES = "rules"
_ESCAPES = {"\\": "\\\\", "'": "\\u0027", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNESCAPED = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t", "e": ""}
_NEEDS_ESCAPE = re.compile(r"[\\'\x00-\x1f\x7f]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|([\\nrte]))")


def escaped(value: Any) -> Any:
    """The value with its texts, at any depth, as UVL can write them: ``\\n``, ``\\u0027``, ``\\e`` for nothing."""
    if isinstance(value, str):
        return _NEEDS_ESCAPE.sub(lambda match: _ESCAPES.get(match[0], f"\\u{ord(match[0]):04x}"), value) or "\\e"
    if isinstance(value, Mapping):
        return {key: escaped(item) for key, item in value.items()}
    return [escaped(item) for item in value] if isinstance(value, list) else value


def _unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _UNESCAPED[match[2]], value)
    if isinstance(value, dict):
        return {key: _unescaped(item) for key, item in value.items()}
    return [_unescaped(item) for item in value] if isinstance(value, list) else value


def read_words(feature: Feature, words: Words, names: Names, is_root: bool, faults: Faults) -> Feature:
    """The feature with what its ``sarto`` attribute says; ``names`` are those that may stand in it."""
    table = _table(words, (*WORDS, RULES) if is_root else WORDS)
    found = read_feature(table, feature, names)
    _report(table, faults)
    delivery = found.delivery
    if not names.prefix or not (delivery.before or delivery.after):
        return found
    before, after = (tuple(f"{names.prefix}{name}" for name in side) for side in (delivery.before, delivery.after))
    return replace(found, delivery=replace(delivery, before=before, after=after))


@dataclass(frozen=True, slots=True)
class Remark:
    """The reason of a constraint: of the ``number``-th among those that read the same."""

    rule: str
    number: int
    because: str
    where: Place


def read_remarks(words: Words, faults: Faults) -> list[Remark]:
    """What the root's ``sarto`` attribute says about constraints."""
    table = _table(words, None)
    rules = table.tables(RULES, ("rule", "number", "because")) if RULES in table else []
    found = [
        Remark(rule.text("rule", needed="a rule"), rule.integer("number") or 1, rule.text("because"), rule.where)
        for rule in rules
    ]
    _report(table, faults)
    return [remark for remark in found if remark.rule]


def _table(words: Words, keys: tuple[str, ...] | None) -> Table:
    errors: list[SartoError] = []
    return Table(_unescaped(words.content), words.where.at("sarto"), errors, keys)


def _report(table: Table, faults: Faults) -> None:
    for error in table.errors:
        faults.add(error)
