"""Facts from what a product has recorded of its use, as ``@usage --export`` writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import Place, SartoError
from .expression import Value
from .values import is_number

__all__ = ["Usage", "read_usage_facts"]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Usage:
    """What was recorded: of which line, in the build of which name, and the facts that follow."""

    line: str
    name: str
    facts: Mapping[str, Value]


def read_usage_facts(text: str, file: str) -> Usage:
    """The facts of an export: sums over all of its days.

    ``usage.days`` is the number of days on which anything was recorded. Of a feature whose calls were recorded there
    are ``usage.F.calls``, ``usage.F.days``, those on which there was a call, and ``usage.F.unused``, whether there
    was none at all; ``usage.F.reached`` tells how often it was reached for while off, 0 for each feature that the
    export names otherwise. Of a feature that it does not name nothing is known. Raises SartoError where it is no
    export.
    """
    try:
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise ValueError(f"it has format {said['format']!r}, and Sarto knows format {FORMAT}")
        facts = _facts(said["days"])
        return Usage(str(said["line"]), str(said["name"]), facts)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        detail = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
        what = f"this is no export of a product's usage: {detail}"
        raise SartoError(what, where=Place(file), hint="the product writes one: @usage --export FILE") from error


def _facts(days: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Value]:
    facts: dict[str, Value] = {"usage.days": len(days)}
    found: dict[str, dict[str, int]] = {}
    for features in days.values():
        for name, counts in features.items():
            sums = found.setdefault(name, {"reached": 0})
            sums["reached"] += _count(counts.get("reached", 0))
            if "calls" in counts:
                calls = _count(counts["calls"])
                sums["calls"] = sums.get("calls", 0) + calls
                sums["days"] = sums.get("days", 0) + (calls > 0)
    for name, sums in sorted(found.items()):
        facts.update({f"usage.{name}.{key}": number for key, number in sums.items()})
        if "calls" in sums:
            facts[f"usage.{name}.unused"] = sums["calls"] == 0
    return facts


def _count(value: object) -> int:
    if isinstance(value, int) and is_number(value) and value >= 0:
        return int(value)
    raise ValueError(f"{value!r} is no count")
