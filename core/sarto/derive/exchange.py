"""Two paths that change places in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

__all__ = ["exchange"]

HERE = -100 if sys.platform == "linux" else -2
"""``AT_FDCWD``: paths count from the current folder."""
SWAP = 2
"""``RENAME_EXCHANGE`` of Linux, ``RENAME_SWAP`` of macOS."""


def exchange(first: Path, second: Path) -> bool:
    """Let two folders or files of one file system change places, at no moment with one of them missing.

    False, with nothing done, where this system or file system cannot.
    """
    name = {"linux": "renameat2", "darwin": "renameatx_np"}.get(sys.platform)
    rename = getattr(ctypes.CDLL(None), name, None) if name else None
    if rename is None:
        return False
    return bool(rename(HERE, os.fsencode(first), HERE, os.fsencode(second), ctypes.c_uint(SWAP)) == 0)
