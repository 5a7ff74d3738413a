"""What differs between two versions of a feature model as they are written, feature by feature and rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ...model.feature import Feature, OnFailure
from ...model.feature_model import FeatureModel
from .moves import Moved, moved, spot_of
from .renaming import heirs, renamed, renames
from .rewording import ConstraintChanges, constraint_changes

__all__ = ["Changed", "Differences", "differences"]

SIMILAR = 0.6
"""How alike two names are from which one may have become the other: the ratio of Ratcliff and Obershelp (1988)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something else about a feature, by its key in a features.toml (``maximum``, ``attributes.price``); None where
    nothing is said."""

    feature: str
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """All that differs, under the names of the new version, in the order of its tree.

    ``renamed`` maps old names to new ones. Of the ``removed`` features, ``joined`` maps those that became part of
    another one, and ``perhaps`` those that may be an added one under its former name: one that
    resembles it in all but the name, which only the vendor can tell.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: Mapping[str, str]
    joined: Mapping[str, str]
    perhaps: Mapping[str, str]
    moved: tuple[Moved, ...]
    changed: tuple[Changed, ...]
    constraints: ConstraintChanges


def differences(old: FeatureModel, new: FeatureModel) -> Differences:
    """What differs between two versions; renames are those that ``was`` records in the new one."""
    names = renames(old, new)
    before = renamed(old, names)
    added = tuple(name for name in new.preorder() if name not in before.features)
    removed = tuple(name for name in before.preorder() if name not in new.features)
    kept = [name for name in new.preorder() if name in before.features]
    joined = heirs(removed, new)
    return Differences(
        added=added,
        removed=removed,
        renamed=names,
        joined=joined,
        perhaps=_perhaps(before, new, [name for name in removed if name not in joined], added),
        moved=tuple(moved(before, new, kept)),
        changed=tuple(change for name in kept for change in _changes(before.features[name], new.features[name])),
        constraints=constraint_changes(before, new),
    )


def _changes(before: Feature, after: Feature) -> Iterator[Changed]:
    old, new = _described(before), _described(after)
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one != other or isinstance(one, bool) is not isinstance(other, bool):
            yield Changed(after.name, key, one, other)


def _described(feature: Feature) -> dict[str, Any]:
    """What a feature's table says, by its keys, without what is empty."""
    delivery = feature.delivery
    said = {
        "summary": feature.summary,
        "type": feature.type and feature.type.value,
        "minimum": feature.minimum,
        "maximum": feature.maximum,
        "default": feature.default,
        "abstract": feature.abstract or None,
        "instances": feature.instances and list(feature.instances),
        "stage": feature.stage.value,
        "parts": list(delivery.parts),
        "binding": delivery.binding.value,
        "setting": delivery.setting,
        "before": list(delivery.before),
        "after": list(delivery.after),
        "on_failure": delivery.on_failure.value,
        "failures": delivery.failures if delivery.on_failure is OnFailure.QUARANTINE else None,
    }
    empty: tuple[Any, ...] = (None, [])
    said = {key: value for key, value in said.items() if value not in empty and (value != "" or key == "default")}
    return said | _flat(feature.attributes, "attributes")


def _flat(value: Any, key: str) -> dict[str, Any]:
    """The values of nested tables by their dotted keys."""
    if not isinstance(value, Mapping):
        return {key: value}
    return {path: item for name, each in value.items() for path, item in _flat(each, f"{key}.{name}").items()}


def _perhaps(old: FeatureModel, new: FeatureModel, removed: Iterable[str], added: Iterable[str]) -> dict[str, str]:
    """Removed features with the added one that they resemble most, where each is the other's nearest."""
    pairs: list[tuple[float, str, str]] = []
    by_looks: dict[str, list[str]] = {}
    for name in added:
        by_looks.setdefault(_looks(new, name), []).append(name)
    for name in removed:
        for other in by_looks.get(_looks(old, name), ()):
            ratio = SequenceMatcher(None, name, other, autojunk=False).ratio()
            if ratio >= SIMILAR:
                pairs.append((ratio, name, other))
    found: dict[str, str] = {}
    for _, name, other in sorted(pairs, key=lambda pair: -pair[0]):
        if name not in found and other not in found.values():
            found[name] = other
    return found


def _looks(model: FeatureModel, name: str) -> str:
    """All about a feature that stays where only its name changes: where it stands and its kind of value."""
    feature = model.features[name]
    return repr((spot_of(model, name), feature.type, feature.abstract, feature.attributes))
