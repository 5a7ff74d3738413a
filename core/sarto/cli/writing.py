"""Writing the files that a command makes: whole or not at all, and never over a person's file unasked."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ..errors import SartoError

__all__ = ["refuse_overwriting", "write_whole"]


def refuse_overwriting(path: Path, *, force: bool) -> None:
    """Raise SartoError where the file is there already and ``force`` does not allow to replace it."""
    if path.is_dir():
        raise SartoError("this is a folder, where a file is to be written", where=str(path))
    if path.exists() and not force:
        raise SartoError("this file is there already", where=str(path), hint="--force replaces it")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write the file beside its place and move it there, so that nobody ever sees half of it.

    Raises SartoError where it cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content.encode() if isinstance(content, str) else content)
        aside.replace(path)
    except OSError as error:
        blocked = f" ('{error.filename}')" if error.filename not in (None, str(path), str(aside)) else ""
        what = f"this file cannot be written: {(error.strerror or str(error)).lower()}{blocked}"
        raise SartoError(what, where=str(path)) from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
