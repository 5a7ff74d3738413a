"""The folders in which a user's products keep what they unpack: each made once, whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from .errors import ProductError
from .paths import cache_folder

__all__ = ["choose", "make"]

LEFT_BEHIND = 24 * 60 * 60
"""Seconds after which what a killed process left may go: no process takes a day to unpack."""


def choose(kind: str, names: Sequence[str]) -> str:
    """The folder ``kind`` of the best cache that has all of ``names``, or in which they can be made.

    That is the user's cache; else a folder of the user's own among the temporary files; else, where somebody else
    has made that one, a fresh folder there. Raises :class:`ProductError` where nothing can be written at all.
    """
    for cache in _caches():
        folder = os.path.join(cache, kind)
        if all(os.path.isdir(os.path.join(folder, name)) for name in names) or _is_writable(folder):
            return folder
    raise ProductError("there is no folder in which this build could be unpacked", hint="SARTO_CACHE may name one")


def make(folder: str, name: str, fill: Callable[[str], None]) -> None:
    """Make ``name`` in ``folder``, filled by ``fill``: aside, and renamed, unless another process is quicker."""
    import shutil
    import tempfile

    _clear_away(folder)
    place = os.path.join(folder, name)
    aside = tempfile.mkdtemp(prefix=f".{name}-", dir=folder)
    try:
        fill(aside)
        os.rename(aside, place)
    except OSError:
        if not os.path.isdir(place):
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _clear_away(folder: str) -> None:
    """Remove what killed processes left, whatever it was to become: that may be there since, and never made again."""
    import shutil
    import time

    for other in os.scandir(folder):
        if other.name.startswith("."):
            with suppress(FileNotFoundError):  # it was another process's, which is done with it
                if time.time() - other.stat().st_mtime > LEFT_BEHIND:
                    shutil.rmtree(other.path, ignore_errors=True)


def _caches() -> Iterator[str]:
    yield cache_folder()
    import tempfile

    owner = f"-{os.getuid()}" if sys.platform != "win32" else ""
    with suppress(OSError):  # there may be no place for temporary files, either
        temporary = os.path.join(tempfile.gettempdir(), f"sarto{owner}")
        if _is_writable(temporary) and _is_mine_alone(temporary):
            yield temporary
        yield tempfile.mkdtemp(prefix="sarto-")


def _is_writable(folder: str) -> bool:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _is_mine_alone(folder: str) -> bool:
    """Anybody may make a folder among the temporary files: what runs must not come out of somebody else's."""
    if sys.platform == "win32":
        return True
    status = os.lstat(folder)
    return status.st_uid == os.getuid() and not status.st_mode & 0o077
