"""Attributes of features: FeatureIDE's four types, and what it knows of an attribute beside its value."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sarto.hooks import Gathered
from sarto.model.expression import Value
from sarto.model.notation import shortened

from .elements import Element

__all__ = ["ABOUT", "TYPES", "Attributes", "is_writable_text", "read_attribute", "read_truth", "type_of"]

ABOUT = "featureide"
TYPES = {"boolean": bool, "long": int, "double": float, "string": str}
_KEYS = ("name", "type", "value", "unit", "recursive", "configurable")
_LONG = range(-(2**63), 2**63)
_WRITABLE = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


@dataclass(slots=True)
class Attributes:
    """The attributes of one feature while they are read.

    ``about`` has for each what FeatureIDE says beside the value: unit, recursive, configurable, and the type
    where there is no value. ``inherited`` are the types of attributes that are recursive further up.
    """

    inherited: Mapping[str, str]
    values: dict[str, Value] = field(default_factory=dict)
    about: dict[str, dict[str, Any]] = field(default_factory=dict)


def is_writable_text(text: str) -> bool:
    """Whether XML has all characters of the text."""
    return _WRITABLE.fullmatch(text) is not None


def type_of(value: object) -> str | None:
    """FeatureIDE's type for a value, or None where it has none."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "long" if value in _LONG else None
        case float():
            return "double" if math.isfinite(value) else None
        case str():
            return "string" if is_writable_text(value) else None
    return None


def read_attribute(element: Element, into: Attributes, faults: Gathered) -> None:
    """Read one ``attribute`` element; what does not fit goes into ``faults``."""
    given = element.attributes
    for key in given:
        if key not in _KEYS:
            faults.oddity(f"attribute {key}", f"an attribute has no '{shortened(key)}'", element.where)
    name = given.get("name", "")
    if not name:
        faults.error("this attribute has no name", element.where)
        return
    if name in into.values or name in into.about:
        faults.error(f"the attribute '{shortened(name)}' is there twice", element.where)
        return
    kind = given.get("type") or into.inherited.get(name, "")
    if kind not in TYPES:
        what = f"'{shortened(kind)}' is no type of an attribute" if kind else f"'{shortened(name)}' has no type"
        faults.error(what, element.where, hint=f"the types are {', '.join(TYPES)}")
        return
    about: dict[str, Any] = {"unit": given["unit"]} if given.get("unit") else {}
    about |= {key: True for key in ("recursive", "configurable") if read_truth(element, key, faults)}
    value = _value(element, kind, faults)
    if value is None:
        about["type"] = kind
    else:
        into.values[name] = value
    if about:
        into.about[name] = about


def read_truth(element: Element, key: str, faults: Gathered) -> bool:
    """Whether an element's attribute says true; false where it is missing."""
    text = element.attributes.get(key) or "false"
    if text.lower() not in ("true", "false"):
        faults.error(f"{key}=\"{shortened(text)}\" is neither 'true' nor 'false'", element.where)
    return text.lower() == "true"


def _value(element: Element, kind: str, faults: Gathered) -> Value | None:
    text = element.attributes.get("value")
    if text is None or (text == "" and kind != "string"):
        return None
    try:
        return _converted(text, kind)
    except ValueError:
        name = shortened(element.attributes["name"])
        what = f"'{shortened(text)}' is no value of '{name}', which has the type {kind}"
        faults.error(what, element.where)
        return None


def _converted(text: str, kind: str) -> Value:
    """The value. Raises ValueError where the text is none of the type."""
    if kind == "string":
        return text
    if kind == "boolean":
        return ("false", "true").index(text.strip().lower()) == 1
    number = int(text) if kind == "long" else float(text)
    if type_of(number) is None or "_" in text:
        raise ValueError
    return number
