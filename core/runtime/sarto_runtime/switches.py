"""The end user's switches: one small file for each product, outside the build, so that it survives upgrades."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress

from .errors import ProductError

__all__ = ["FORMAT", "Sign", "Stored", "peek", "read_switches", "sign_of", "write_switches"]

FORMAT = 1

Stored = dict[str, bool]
Sign = tuple[int, int, int] | None


def read_switches(path: str) -> tuple[Stored, str]:
    """What the user has switched on and off, and a warning where the file cannot be used.

    Such a file counts as no switches at all; it is put aside as ``….bad``, never lost.
    """
    try:
        with open(path, encoding="utf-8") as file:
            return _switches(json.load(file)), ""
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError, RecursionError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        return {}, f"your switches cannot be read ({problem}), so the build's own choices hold; {_put_aside(path)}"


def peek(path: str) -> Stored:
    """The switches as :func:`read_switches` gives them; a file that cannot be used is left for that to tell."""
    try:
        with open(path, encoding="utf-8") as file:
            return _switches(json.load(file))
    except (OSError, ValueError, RecursionError):
        return {}


def sign_of(path: str) -> Sign:
    """What tells one version of the file of switches from another; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def write_switches(path: str, switches: Mapping[str, bool]) -> None:
    """Store the ``switches``, all of them or, where that fails, none (:class:`ProductError`); by one at a time only."""
    text = json.dumps({"format": FORMAT, "switches": dict(sorted(switches.items()))}, indent=2, ensure_ascii=False)
    aside = f"{path}.new"  # what a process that was killed left there is written over
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(aside, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(aside, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(aside)
        raise ProductError(f"your switches cannot be written: {error.strerror}: {path}") from error


def _switches(data: object) -> Stored:
    if not isinstance(data, dict):
        raise ValueError("it is not a table")
    if data.get("format") != FORMAT:
        raise ValueError(f"it has format {data.get('format')!r}, and this product knows format {FORMAT}")
    switches = data.get("switches")
    if not isinstance(switches, dict) or not all(isinstance(value, bool) for value in switches.values()):
        raise ValueError("its 'switches' are not all true or false")
    return switches


def _put_aside(path: str) -> str:
    """Move the file away without overwriting an earlier one, and say where it is."""
    bad = f"{path}.bad"
    number = 1
    while os.path.lexists(bad):
        number += 1
        bad = f"{path}.bad{number}"
    try:
        os.rename(path, bad)
    except OSError:
        return f"the file is {path}"
    return f"the file is kept as {bad}"
