"""Holding a file alone, so that two processes do not change the same thing; the system lets go when a process ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["alone", "claim"]


@contextmanager
def alone(path: str, patience: float = 0) -> Iterator[bool]:
    """Hold the lock file at ``path`` for the length of a ``with``, after at most ``patience`` seconds of waiting.

    Gives whether it is held: False where another process holds it for longer. Raises OSError where it cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        until = time.monotonic() + patience
        while not (is_held := claim(handle)) and time.monotonic() < until:
            time.sleep(0.01)
        yield is_held
    finally:
        os.close(handle)


def claim(handle: int) -> bool:
    """Hold the open file alone, until it is closed; False where another process holds it."""
    with suppress(BlockingIOError, PermissionError):
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
