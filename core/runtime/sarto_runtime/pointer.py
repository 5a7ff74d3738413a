"""Which of the builds in a folder starts: the first one, or an upgrade below it that one small file points at.

``upgrades/current`` has two lines: the build that starts, and the one before it, each as its path below the first
build's folder. The launcher reads it too, so it is written aside and renamed: at every moment it names a whole build.
"""

from __future__ import annotations

import os
import sys
import time
from typing import NamedTuple

__all__ = ["UPGRADES", "Pointer", "first_build", "read_pointer", "write_pointer"]

UPGRADES = "upgrades"
CURRENT = "current"
FIRST = "."
TRIES = 50
"""How often Windows may refuse to replace a file that somebody reads just now."""


class Pointer(NamedTuple):
    """The build that starts, and the one before it (an empty text: none)."""

    current: str
    before: str


def first_build(folder: str) -> str:
    """The folder that holds all: that of the first build, whichever of its builds ``folder`` is."""
    holder, name = os.path.split(os.path.dirname(folder))
    is_upgrade = name == UPGRADES and os.path.isfile(os.path.join(holder, "build.json"))
    return holder if is_upgrade else folder


def read_pointer(home: str) -> Pointer:
    """What the folder ``home`` of the first build points at: where nothing is said, at that build itself."""
    try:
        with open(os.path.join(home, UPGRADES, CURRENT), encoding="utf-8") as file:
            lines = [*file.read().splitlines(), "", ""]
    except FileNotFoundError:
        return Pointer(FIRST, "")
    return Pointer(lines[0], lines[1])


def write_pointer(home: str, pointer: Pointer) -> None:
    """Point somewhere else, in one step, once it is on the disk."""
    path = os.path.join(home, UPGRADES, CURRENT)
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(f"{pointer.current}\n{pointer.before}\n")
        file.flush()
        os.fsync(file.fileno())
    _replace(f"{path}.new", path)


def _replace(new: str, path: str) -> None:
    for left in reversed(range(TRIES)):
        try:
            return os.replace(new, path)
        except PermissionError:
            if sys.platform != "win32" or not left:
                raise
            time.sleep(0.02)
