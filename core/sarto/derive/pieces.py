"""A file that is written from pieces, as archives are from parts that are there already."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from .contents import Content

__all__ = ["write_pieces"]

PORTION = 1024 * 1024
"""Bytes that are written in one call of the system: enough to be quick, and what a disk's cache has at hand."""

AT_ONCE = 512
"""Pieces that are written in one call of the system, which takes 1,024 at most where it takes the fewest."""

KEEP_SIZE = 1
"""``FALLOC_FL_KEEP_SIZE``: the file is as long as what was written."""


def write_pieces(path: Path, pieces: Sequence[Content]) -> None:
    """Write a file, or write it over, with the pieces one behind the other, in few calls of the system.

    Raises :class:`OSError` where it refuses.
    """
    with path.open("wb", buffering=0) as file:
        if sys.platform == "win32":
            file.writelines(pieces)
            return
        handle = file.fileno()
        _reserve(handle, sum(map(len, pieces)))
        for portion, size in _portions(pieces):
            written = os.writev(handle, portion)
            if written < size:
                _write_rest(handle, portion, written)


def _reserve(handle: int, size: int) -> None:
    """Tell the file system how long the file becomes: one that finds room for all at once writes in half the time.

    That is one on a disk: another has no device, and in memory it fills the room with zeros first. Where it cannot,
    or has not as much room, writing goes on, and says what is wrong.
    """
    if sys.platform == "linux" and size >= PORTION and os.major(os.fstat(handle).st_dev) and (reserve := _fallocate()):
        reserve(handle, KEEP_SIZE, 0, size)


@cache
def _fallocate() -> Callable[[int, int, int, int], int] | None:
    """The system's own, for that of Python writes to each block where the file system cannot."""
    libc = ctypes.CDLL(None)
    found = getattr(libc, "fallocate64", None) or getattr(libc, "fallocate", None)
    if found:
        found.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    return found


def _write_rest(handle: int, portion: Iterable[Content | memoryview], written: int) -> None:
    """What the system did not take at once; only the system looks at it, for a mapped file may have been cut short."""
    for piece in portion:
        left = memoryview(piece)[written:]
        written = max(0, written - len(piece))
        while left:
            left = left[os.write(handle, left) :]


def _portions(pieces: Iterable[Content]) -> Iterator[tuple[list[Content | memoryview], int]]:
    """The pieces, cut where need be. With each portion comes how many bytes it has."""
    portion: list[Content | memoryview] = []
    size = 0
    for piece in pieces:
        length = len(piece)
        if size + length < PORTION and len(portion) < AT_ONCE - 1:  # as with most
            if length:
                portion.append(piece)
                size += length
            continue
        left = memoryview(piece)
        while left:
            taken, left = left[: PORTION - size], left[PORTION - size :]
            portion.append(taken)
            size += len(taken)
            if size == PORTION or len(portion) == AT_ONCE:
                yield portion, size
                portion, size = [], 0
    if portion:
        yield portion, size
