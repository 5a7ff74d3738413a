"""Files that one process at a time holds; the system lets go of them when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["hold", "hold_folder", "release", "take"]

PAUSE = 0.05
"""Seconds between two looks at a file that another process holds."""

if sys.platform == "win32":
    import msvcrt

    def _claim(handle: int) -> bool:
        with suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            return True
        return False

    @contextmanager
    def hold_folder(folder: Path) -> Iterator[None]:
        """Windows does not lock folders: there, who comes second sees that a name is taken."""
        del folder
        yield
else:
    import fcntl

    def _claim(handle: int) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    @contextmanager
    def hold_folder(folder: Path) -> Iterator[None]:
        """Hold the folder itself for the length of a ``with``, waiting for others that do; for short work only."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some network file systems cannot
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def take(path: Path) -> int | None:
    """Take hold of the file, which is made where it is not there; None while another holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    if _claim(handle) and _is_still(handle, path):
        return handle
    os.close(handle)
    return None


def _is_still(handle: int, path: Path) -> bool:
    """Whether the open file is still the one at ``path``: another may have removed it before it was taken."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def release(handle: int) -> None:
    """Let go of a file that :func:`take` gave."""
    os.close(handle)


@contextmanager
def hold(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the file for the length of a ``with``; ``waiting`` is called once where another has to end first."""
    handle = take(path)
    if handle is None:
        waiting()
    while handle is None:
        time.sleep(PAUSE)
        handle = take(path)
    try:
        yield
    finally:
        release(handle)
