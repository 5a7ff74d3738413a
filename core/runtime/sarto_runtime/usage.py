"""What is recorded of a product's use: numbers by feature and day, in one small file beside the user's switches.

Numbers and nothing else: no arguments, no times of day, nobody's name. The file stays on this machine until somebody
hands out what ``@usage --export`` writes.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from .alone import alone
from .build import Build
from .errors import ProductError
from .paths import switches_file

__all__ = ["Days", "add_usage", "export_usage", "forget_usage", "read_usage", "today", "usage_file"]

FORMAT = 1
MOST_BYTES = 1 << 20
"""A larger file is not written: the oldest days go, however long they should be kept."""

PATIENCE = 5.0
"""Seconds to wait for another process that writes."""

Days = dict[str, dict[str, dict[str, int]]]
"""Day (ISO 8601, UTC) to feature to what is counted (``calls``, ``reached``) to how often."""


def usage_file(build: Build) -> str:
    """Where the use of this build is recorded, for all of its versions."""
    return os.path.join(os.path.dirname(switches_file(build.line.name, build.name)), "usage.json")


def today() -> str:
    """The day in UTC, so that nothing tells where a product is used."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def read_usage(path: str) -> Days:
    """What is recorded. Raises :class:`ProductError` where the file is none of this format."""
    try:
        with open(path, encoding="utf-8") as file:
            return _days(json.load(file))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        hint = "@usage --forget deletes it"
        raise ProductError(f"what is recorded cannot be read ({problem}): {path}", hint=hint) from error


def add_usage(build: Build, counts: Mapping[str, Mapping[str, Mapping[str, int]]]) -> bool:
    """Add numbers by day to those that are there, and drop what is older than it is kept; whether that was done.

    It is not where another process holds the file for too long, or it cannot be written: nothing changes then. A file
    that is damaged is put aside, and a new one begun.
    """
    if build.usage is None:
        return True
    path = usage_file(build)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with alone(f"{path}.lock", PATIENCE) as is_held:
            if not is_held:
                return False
            days = _read_or_put_aside(path)
            for day, features in counts.items():
                for feature, numbers in features.items():
                    known = days.setdefault(day, {}).setdefault(feature, {})
                    for what, number in numbers.items():
                        known[what] = known.get(what, 0) + number
            _write(path, _bounded(build, days))
    except OSError:
        return False
    return True


def forget_usage(build: Build) -> None:
    """Delete what is recorded. Raises :class:`ProductError` where that cannot be."""
    path = usage_file(build)
    try:
        if not os.path.isdir(os.path.dirname(path)):
            return
        with alone(f"{path}.lock", PATIENCE):
            for name in (path, f"{path}.bad"):
                with suppress(FileNotFoundError):
                    os.unlink(name)
        os.unlink(f"{path}.lock")
    except OSError as error:
        raise ProductError(f"what is recorded cannot be deleted: {error.strerror}: {path}") from error


def export_usage(build: Build, path: str) -> None:
    """Write what is recorded to a file for whoever may have it. Raises :class:`ProductError` where that cannot be."""
    said = {"line": build.line.name, "version": build.line.version, "name": build.name}
    try:
        _write(path, {"format": FORMAT, **said, "days": read_usage(usage_file(build))})
    except OSError as error:
        raise ProductError(f"this file cannot be written: {error.strerror}: {path}") from error


def _read_or_put_aside(path: str) -> Days:
    try:
        return read_usage(path)
    except ProductError:
        os.replace(path, f"{path}.bad")
        return {}


def _bounded(build: Build, days: Days) -> dict[str, Any]:
    """The file's content without days that are too old or too much, and without features that are none."""
    kept = build.usage.days if build.usage else 0
    first = time.strftime("%Y-%m-%d", time.gmtime(time.time() - (kept - 1) * 86400))
    names = [day for day in sorted(days) if first <= day <= today()]
    content = {day: {name: days[day][name] for name in sorted(days[day]) if name in build.features} for day in names}
    sizes = {day: len(json.dumps({day: content[day]})) for day in content}
    while sum(sizes.values()) > MOST_BYTES - 100:
        oldest = next(iter(sizes))
        del sizes[oldest], content[oldest]
    return {"format": FORMAT, "days": content}


def _write(path: str, content: Mapping[str, Any]) -> None:
    aside = f"{path}.{os.getpid()}"
    try:
        with open(aside, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, separators=(",", ":"))
            file.write("\n")
        os.replace(aside, path)
    finally:
        with suppress(OSError):
            os.unlink(aside)


def _days(data: Mapping[str, Any]) -> Days:
    if data["format"] != FORMAT:
        raise ValueError(f"it has format {data['format']!r}, and this product knows format {FORMAT}")
    return {
        str(day): {
            str(name): {str(what): int(count) for what, count in counts.items()} for name, counts in found.items()
        }
        for day, found in data["days"].items()
    }
