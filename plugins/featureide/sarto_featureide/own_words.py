"""What Sarto knows of features and FeatureIDE does not: attributes whose names begin with ``sarto.``.

Behind that stands a key of the feature's table in features.toml; ``sarto.attributes`` has, as JSON, the
attributes that FeatureIDE has no type for. Lists stand as JSON, too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sarto.errors import Place, SartoError
from sarto.hooks import Gathered
from sarto.model.feature import Feature
from sarto.model.toml_features import read_feature
from sarto.model.toml_table import Table

__all__ = ["LISTS", "MOST_LEVELS", "PREFIX", "REST", "WORDS", "is_too_deep", "read_rest", "read_words"]

PREFIX = "sarto."
REST = "sarto.attributes"
MOST_LEVELS = 100
LISTS = ("parts", "before", "after", "was")
WORDS = (
    "type",
    "minimum",
    "maximum",
    "default",
    "stage",
    "binding",
    "setting",
    "on_failure",
    "failures",
    "licensed",
    *LISTS,
)


def read_words(feature: Feature, words: Mapping[str, Any], known: Collection[str], faults: Gathered) -> Feature:
    """The feature with what its attributes ``sarto.…`` say; ``known`` are the names of all features."""
    content = {}
    for key, value in words.items():
        name = key.removeprefix(PREFIX)
        content[name] = _json(key, value, feature.where, faults) if name in LISTS else value
    errors: list[SartoError] = []
    found = read_feature(Table(content, feature.where.at("sarto"), errors, WORDS), feature, known)
    for error in errors:
        faults.add(error)
    return found


def read_rest(text: object, where: Place, faults: Gathered) -> dict[str, Any]:
    """The attributes that stand as JSON."""
    found = _json(REST, text, where, faults)
    if not isinstance(found, dict):
        faults.error(f"{REST} is no table of attributes", where)
        return {}
    if is_too_deep(found):
        faults.error(f"{REST} is nested deeper than {MOST_LEVELS} levels", where)
    return found


def is_too_deep(attributes: Mapping[str, Any]) -> bool:
    """Whether lists and tables are nested deeper than ``MOST_LEVELS``."""
    level: list[Any] = [attributes]
    for _ in range(MOST_LEVELS):
        level = [
            inner
            for value in level
            if isinstance(value, Mapping | list | tuple)
            for inner in (value.values() if isinstance(value, Mapping) else value)
        ]
    return any(isinstance(value, Mapping | list | tuple) for value in level)


def _json(key: str, text: object, where: Place, faults: Gathered) -> Any:
    try:
        return json.loads(str(text))
    except (ValueError, RecursionError):
        faults.error(f"{key} is no JSON that can be read", where)
        return {} if key == REST else []
