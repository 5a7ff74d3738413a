"""What archives are written from: parts as they lie in the store, opened once, and what a build has of its own."""

from __future__ import annotations

import mmap
import os
import sys
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from .files import chunks_of
from .part import PARTS_FOLDER, Part, damaged
from .sums import SIGNATURE, SUMS, files_below

__all__ = [
    "Bundle",
    "Content",
    "State",
    "content_of",
    "folders_above",
    "in_order",
    "own_files",
    "part_content",
    "state_of",
]

Content = bytes | mmap.mmap
"""The bytes of a file. Of a mapped one only the system reads, which says so where the file was cut short."""

Bundle = Path | Mapping[str, Content]
"""A build as a format is given it: its folder, or all its files but the parts, by their paths with slashes."""

SMALL = 64 * 1024
"""Bytes up to which a file is kept in memory as it is; a larger one is mapped, which costs a file handle instead."""

LARGE = 16 * 1024 * 1024
"""Bytes from which on a file that one build has is not read into memory."""

IN_PARTS = f"{PARTS_FOLDER}/"

State = tuple[int, int, int]
"""Of a file its size, its date, its number on the disk."""


def state_of(path: Path | str) -> State:
    """How the file looks now: what was found out about it holds for as long as it looks the same."""
    status = os.stat(path)  # noqa: PTH116  (for each part of each build)
    return (status.st_size, status.st_mtime_ns, status.st_ino)


def content_of(path: str, state: State) -> Content:
    """The bytes of a file that looks like that now, opened once for as long as it does."""
    return _kept(path, state) if state[0] <= SMALL or sys.platform == "win32" else _mapped(path, state)


def part_content(part: Part) -> tuple[Content, int]:
    """The part's wheel and its CRC-32, opened and found once for as long as it looks the same.

    Raises :class:`SartoError` where it is not as long any more as it was, and :class:`OSError` where it is not there.
    """
    path = os.fspath(part.path)
    state = state_of(path)
    if state[0] != part.size:
        raise damaged(part.name)
    return content_of(path, state), _crc(path, state)


def own_files(bundle: Bundle) -> Mapping[str, Content]:
    """All files of a build but its parts, by their paths with slashes; what is large in a folder is mapped."""
    if isinstance(bundle, Mapping):
        return bundle
    below = f"{bundle}{os.sep}"
    names = [name for name in files_below(bundle) if not name.startswith(IN_PARTS)]
    found = {name: _read(below + name) for name in names}
    for name in (SUMS, SIGNATURE):
        with suppress(FileNotFoundError):
            found[name] = _read(below + name)
    return found


def folders_above(files: Iterable[str]) -> tuple[str, ...]:
    """The folders above the files; one that holds another comes before it."""
    found: set[str] = set()
    for name in files:
        folder = name.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return tuple(sorted(found))


def in_order(names: Iterable[str]) -> list[str]:
    """Paths with slashes as paths are sorted: what is in a folder comes behind it."""
    return sorted(names, key=_steps)


def _steps(name: str) -> list[str]:
    return name.split("/")


def _read(path: str) -> Content:
    with open(path, "rb") as file:  # noqa: PTH123  (for each file of each build)
        if os.fstat(file.fileno()).st_size > LARGE:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return file.read()


@lru_cache(1024)
def _kept(path: str, state: State) -> bytes:  # noqa: ARG001  (the state is what it is remembered by)
    return Path(path).read_bytes()


@lru_cache(128)
def _mapped(path: str, state: State) -> mmap.mmap:  # noqa: ARG001  (as above)
    with Path(path).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@lru_cache(4096)
def _crc(path: str, state: State) -> int:  # noqa: ARG001  (as above)
    found = 0
    for chunk in chunks_of(Path(path)):
        found = zlib.crc32(chunk, found)
    return found
