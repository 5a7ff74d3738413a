"""Who switched what when: a line for every switch of a product, beside the user's switches, never rewritten."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import NamedTuple

from .errors import ProductError

__all__ = ["Entry", "add_entry", "history_file", "read_history"]

MOST_BYTES = 1 << 20
"""A longer file is put aside as ``….1``, in place of the one before, and a new one begun."""


class Entry(NamedTuple):
    """One switch: ``when`` (UTC, ISO 8601), ``who``, the build's ``version``, and what became of the ``features``.

    ``outcome`` is ``stored`` for one that waits for the next start, ``switched`` for one in the running product,
    or what went wrong.
    """

    when: str
    who: str
    version: str
    features: Mapping[str, bool]
    outcome: str


def history_file(switches: str) -> str:
    """The file that goes with the ``switches`` of a product."""
    return os.path.join(os.path.dirname(switches), "history.jsonl")


def add_entry(path: str, version: str, features: Mapping[str, bool], outcome: str, who: str = "") -> None:
    """Write one line, in one piece. Raises :class:`ProductError` where that cannot be."""
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    entry = Entry(when, who or _user(), version, dict(features), outcome)
    line = json.dumps(entry._asdict(), ensure_ascii=False) + "\n"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path) and os.path.getsize(path) > MOST_BYTES:
            os.replace(path, f"{path}.1")
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)
    except OSError as error:
        raise ProductError(f"your switches cannot be written: {error.strerror}: {path}") from error


def read_history(path: str) -> tuple[list[Entry], int]:
    """The entries, the oldest first, and the number of lines that are none."""
    entries: list[Entry] = []
    broken = 0
    for name in (f"{path}.1", path):
        try:
            with open(name, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ProductError(f"what was switched cannot be read: {error.strerror}: {name}") from error
        for line in lines:
            try:
                entries.append(_entry(json.loads(line)))
            except (ValueError, TypeError, KeyError, RecursionError):
                broken += 1
    return entries, broken


def _entry(data: Mapping[str, object]) -> Entry:
    when, who, version, outcome = (str(data[key]) for key in ("when", "who", "version", "outcome"))
    features = data["features"]
    if not isinstance(features, dict):
        raise TypeError("its 'features' are no table")
    return Entry(when, who, version, {str(name): bool(value) for name, value in features.items()}, outcome)


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
