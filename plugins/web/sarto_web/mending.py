"""Conflicts and their repairs, as people are shown them and pick one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sarto.model.expression import Value
from sarto.model.values import shown
from sarto.solve.conflict import Change, Conflict, Repair
from sarto.solve.reasons import DefaultRule
from sarto.solve.words import rule_sentence

from .reasons import key_of, rule_data

__all__ = ["changes_of", "conflict_data", "repair_of"]


def conflict_data(conflict: Conflict, feature: str) -> dict[str, Any]:
    """Why something is impossible, and the repairs that keep the decision on the feature."""
    told = {rule_sentence(rule, key_of): rule_data(rule) for rules in conflict.conflicts for rule in rules}
    return {
        "sentences": [*told],
        "rules": [*told.values()],
        "repairs": [
            {
                "id": id,
                "sentences": [_sentence(change) for change in repair.changes],
                "changes": [_change(change) for change in repair.changes],
            }
            for id, repair in _repairs(conflict, feature).items()
        ],
    }


def repair_of(conflict: Conflict, feature: str, id: str) -> Repair | None:
    """The repair of that id."""
    return _repairs(conflict, feature).get(id)


def changes_of(repair: Repair) -> Mapping[str, Value | None]:
    """What is to be said of each feature that it changes: another value, or nothing any more (None)."""
    return {_feature(change): change.value for change in repair.changes}


def _repairs(conflict: Conflict, feature: str) -> dict[str, Repair]:
    kept = [each for each in conflict.repairs if all(_feature(change) != feature for change in each.changes)]
    return {f"repair-{number}": repair for number, repair in enumerate(kept, 1)}


def _feature(change: Change) -> str:
    return change.of.feature if isinstance(change.of, DefaultRule) else change.of.wish.feature


def _change(change: Change) -> dict[str, Any]:
    is_default = isinstance(change.of, DefaultRule)
    return {
        "feature": _feature(change),
        "from": change.of.value if isinstance(change.of, DefaultRule) else change.of.wish.value,
        "to": False if is_default and change.value is None else change.value,
    }


def _sentence(change: Change) -> str:
    """A change in words that are not about a file."""
    data = _change(change)
    name, old, new = data["feature"], shown(data["from"]), data["to"]
    if new is None:
        return f"take back '{name}' = {old}"
    return f"change '{name}' from {old} to {shown(new)}"
