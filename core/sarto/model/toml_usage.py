"""Reading what a line lets its products record of their use, where the customer consents."""

from __future__ import annotations

from collections.abc import Collection

from .line import Recorded, UsagePolicy
from .names import known_feature
from .toml_table import Table
from .values import shown

__all__ = ["CONSENT", "USAGE_KEYS", "read_usage"]

USAGE_KEYS = ("record", "days", "commands", "points")
CONSENT = ("usage",)
"""What a selection can consent to."""

MOST_DAYS = 3660


def read_usage(table: Table, features: Collection[str]) -> UsagePolicy:
    """The ``[usage]`` of a features.toml."""
    words = [each.value for each in Recorded]
    record = table.texts("record")
    for index, word in enumerate(record):
        if word not in words:
            where = table.at("record").at(f"[{index}]")
            table.fault(f"{shown(word)} is nothing that a product records", where, hint=f"one of {', '.join(words)}")
    days = table.integer("days")
    if days is not None and not 1 <= days <= MOST_DAYS:
        table.fault(f"what is recorded is kept from 1 to {MOST_DAYS} days, not {days}", "days")
    for key in ("commands", "points"):
        if table.content.get(key) and Recorded.REACHED not in record:
            table.fault(f"'{key}' says when a feature is reached for, and that is not recorded", key,
                        hint='add record = ["reached"]')  # fmt: skip
    return UsagePolicy(
        record=tuple(word for word in words if word in record),
        days=90 if days is None else days,
        commands=_named(table.table("commands"), features),
        points=_named(table.table("points"), features),
    )


def _named(table: Table, features: Collection[str]) -> dict[str, str]:
    """Each name with the feature that it is for."""
    found: dict[str, str] = {}
    check = known_feature(features)
    for name in table:
        if feature := table.text(name, check=check, needed=f'{name} = "feature"'):
            found[name] = feature
    return found
