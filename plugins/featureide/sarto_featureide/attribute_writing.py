"""The attributes of a feature as FeatureIDE's ``attribute`` elements."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sarto.hooks import Gathered
from sarto.model.feature import Feature
from sarto.model.notation import decimal, shortened

from .attributes import ABOUT, TYPES, is_writable_text, type_of
from .own_words import LISTS, MOST_LEVELS, PREFIX, REST, WORDS, is_too_deep

__all__ = ["is_hidden", "written_attributes"]

_ABOUT_KEYS = {"unit": str, "recursive": bool, "configurable": bool, "type": str}


def is_hidden(feature: Feature) -> bool:
    """Whether the feature is written with ``hidden="true"``."""
    return feature.attributes.get("hidden") is True


def written_attributes(feature: Feature, table: Mapping[str, Any], faults: Gathered) -> Iterator[dict[str, str]]:
    """What stands in the ``attribute`` elements of a feature; ``table`` is its table in features.toml.

    Attributes for which FeatureIDE has no type, and all that only Sarto knows, stand in those that begin with
    ``sarto.``; what even there cannot be written goes into ``faults``.
    """
    plain = {key: value for key, value in feature.attributes.items() if _is_plain(key, value)}
    about = _about(feature.attributes.get(ABOUT), plain)
    hidden = {"hidden"} if is_hidden(feature) else set()
    told = {*plain, *hidden, *([ABOUT] if about else [])}
    rest = {key: value for key, value in feature.attributes.items() if key not in told}
    for key, value in plain.items():
        if key not in hidden:
            yield _element(key, type_of(value) or "", value, about.get(key, {}))
    for key, said in about.items():
        if key not in plain:
            yield _element(key, said["type"], None, said)
    if rest:
        yield _element(REST, "string", _json(feature, rest, faults), {})
    for key in WORDS:
        if key in table:
            yield _word(feature, key, table[key], faults)


def _is_plain(key: str, value: object) -> bool:
    return bool(key) and is_writable_text(key) and not key.startswith(PREFIX) and type_of(value) is not None


def _about(about: object, plain: Mapping[str, Any]) -> Mapping[str, Any]:
    """FeatureIDE's words on attributes, where this is what reading would have made of them."""
    if isinstance(about, Mapping) and all(_is_said(key, said, plain) for key, said in about.items()):
        return about
    return {}


def _is_said(key: str, said: object, plain: Mapping[str, Any]) -> bool:
    if (
        not isinstance(said, Mapping)
        or not said
        or not _is_plain(key, "")
        or (key == "hidden" and plain.get(key) is True)
    ):
        return False
    return (
        all(type(value) is _ABOUT_KEYS.get(word) and value for word, value in said.items())
        and is_writable_text(said.get("unit", ""))
        and ("type" in said) is (key not in plain)
        and said.get("type", "string") in TYPES
    )


def _element(name: str, kind: str, value: Any, about: Mapping[str, Any]) -> dict[str, str]:
    words = {key: "true" for key in ("recursive", "configurable") if key in about}
    given = {} if value is None else {"value": _text(value)}
    return {"name": name, "type": kind, **given, "unit": about.get("unit", ""), **words}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else decimal(value)


def _word(feature: Feature, key: str, value: Any, faults: Gathered) -> dict[str, str]:
    value = json.dumps(value) if key in LISTS else value
    kind = type_of(value)
    if kind is None:
        what = f"XML cannot write the {key} of '{shortened(feature.name)}'"
        faults.error(what, feature.where, hint="texts have no control characters, integers 64 bits")
    return _element(PREFIX + key, kind or "", value, {})


def _json(feature: Feature, rest: Mapping[str, Any], faults: Gathered) -> str:
    try:
        if not is_too_deep(rest):
            return json.dumps(rest, default=dict)
    except (TypeError, ValueError):
        pass  # said below, like what is nested too deeply
    what = f"XML cannot write the attributes of '{shortened(feature.name)}'"
    hint = f"they are texts, numbers, lists and tables, and not nested deeper than {MOST_LEVELS} levels"
    faults.error(what, feature.where, hint)
    return ""
