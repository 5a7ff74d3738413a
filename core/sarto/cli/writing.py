"""Writing the files that a command makes: whole or not at all, and never over a person's file unasked."""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path

from ..errors import SartoError

__all__ = ["refuse_overwriting", "write_whole"]

ABANDONED = 3600
"""Seconds after which a file that is still being written belongs to a process that is no more."""


def refuse_overwriting(path: Path, *, force: bool) -> None:
    """Raise SartoError where the file is there already and ``force`` does not allow to replace it."""
    if path.is_dir():
        raise SartoError("this is a folder, where a file is to be written", where=str(path))
    if path.exists() and not force:
        raise SartoError("this file is there already", where=str(path), hint="--force replaces it")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write the file beside its place and move it there once it is on the disk, so that nobody ever sees half of it.

    What a process that was killed left beside it is removed. Raises SartoError where it cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        with aside.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        blocked = f" ('{error.filename}')" if error.filename not in (None, str(path), str(aside)) else ""
        what = f"this file cannot be written: {(error.strerror or str(error)).lower()}{blocked}"
        raise SartoError(what, where=str(path)) from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    beside = re.compile(rf"\.{re.escape(path.name)}\.\d+")
    for left in [each for each in path.parent.iterdir() if beside.fullmatch(each.name)]:
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED:
                left.unlink()
