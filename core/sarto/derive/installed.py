"""Which files a part writes where it is installed, under names that tell when two of them are one file."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from .wheel import entry_points_in

__all__ = ["Member", "installed_files"]

Member = tuple[int, int]
"""The size and the checksum of a file: files with the same content can lie in one place."""

SCRIPTS = "(scripts)/"
ENTRY_POINTS = re.compile(r"[^/]+\.dist-info/entry_points\.txt")
GROUPS = ("console_scripts", "gui_scripts")


@lru_cache(1024)
def installed_files(path: Path, name: str, python: str) -> Mapping[str, Member]:
    """The files of the wheel at ``path`` of the part ``name``, and the scripts that installers write for it.

    What lies beside the packages has its path there, everything else that of its scheme. Names are compared as
    file systems may do it: without capitals, and in one form of Unicode. ``python`` is a minor version. A wheel is
    opened once: in the store its path has its hash.
    """
    with zipfile.ZipFile(path) as wheel:
        members = [info for info in wheel.infolist() if not info.is_dir()]
        told = next((wheel.read(info) for info in members if ENTRY_POINTS.fullmatch(info.filename)), b"")
    found = {
        _same(_place(info.filename, name, python)): (info.file_size, info.CRC)
        for info in members
        if not _is_own(info.filename)
    }
    scripts = entry_points_in(told, path.name)
    for group in GROUPS:
        for script, what in scripts.get(group, {}).items():
            found[_same(SCRIPTS + script)] = (-1, zlib.crc32(what.encode()))
    return found


def _same(place: str) -> str:
    return place.lower() if place.isascii() else unicodedata.normalize("NFC", place.casefold())


def _is_own(member: str) -> bool:
    """Whether the folder of the file carries the part's own name."""
    return member.partition("/")[0].endswith(".dist-info")


def _place(member: str, name: str, python: str) -> str:
    top, _, below = member.partition("/")
    scheme, _, rest = below.partition("/")
    if not top.endswith(".data"):
        return member
    match scheme:
        case "purelib" | "platlib":
            return rest
        case "headers":  # each part has a folder of its own for them
            return f"(headers)/{name}/{rest}"
        case "data":
            return _in_scheme(rest, python)
    return f"({scheme})/{rest}"


def _in_scheme(path: str, python: str) -> str:
    """A path below the environment, which may lie among the scripts or beside the packages."""
    for folder in (f"lib/python{python}/site-packages/", "Lib/site-packages/"):
        if path.startswith(folder):
            return path.removeprefix(folder)
    for folder in ("bin/", "Scripts/"):
        if path.startswith(folder):
            return SCRIPTS + path.removeprefix(folder)
    return f"(data)/{path}"
