"""Folders in Sarto's cache that are made once: written aside, and renamed when they are whole."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .cache import made

__all__ = ["made_once"]

ABANDONED = 3600
"""Seconds after which a folder that is still being made belongs to a process that is no more."""


def made_once(place: Path, fill: Callable[[Path], None]) -> Path:
    """The folder ``place``, filled by ``fill`` where it is not there; what is there is whole.

    Processes that make it at the same time do not harm each other. Raises what ``fill`` raises, and
    :class:`OSError` where the system refuses; nothing is left then.
    """
    if place.is_dir():
        return place
    _sweep(made(place.parent))
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
    try:
        fill(aside)
        aside.chmod(0o755)
        _move(aside, place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return place


def _move(aside: Path, place: Path) -> None:
    try:
        aside.rename(place)
    except OSError:
        # Another process was faster: its folder has the same content.
        if not place.is_dir():
            raise


def _sweep(folder: Path) -> None:
    """Remove what a process that was stopped left behind."""
    for aside in folder.glob(".making-*"):
        with suppress(OSError):
            if time.time() - aside.stat().st_mtime > ABANDONED:
                shutil.rmtree(aside, ignore_errors=True)
