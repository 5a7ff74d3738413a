"""Single files: their hashes, links to them, and how the system's refusals become sentences."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import SartoError

__all__ = ["chunks_of", "content_of", "discard", "file_digest", "link_or_copy", "refusals", "write_new"]

CHUNK = 1024 * 1024


def chunks_of(path: Path) -> Iterator[bytes]:
    """The file's bytes, a piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def content_of(path: str) -> bytes:
    """The whole of a small file, by its path as a text: of many, path objects would take most of the time."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return file.readall()


def file_digest(path: Path) -> str:
    """The sha256 of the file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def discard(path: Path) -> None:
    """Remove a file, if it is there, even where the system guards read-only files against that."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        path.chmod(0o666)
        path.unlink(missing_ok=True)


def link_or_copy(source: Path, target: Path) -> bool:
    """Make ``target`` the same file as ``source``, or a copy where the file system cannot link the two; False then."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:
        with target.open("xb") as file:
            for chunk in chunks_of(source):
                file.write(chunk)
        target.chmod(0o444)
        return False
    return True


def write_new(path: str, content: bytes) -> None:
    """Write a file that is not there yet, in as few calls of the system as that takes."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
    finally:
        os.close(handle)


@contextmanager
def refusals(doing: str, hint: str = "") -> Iterator[None]:
    """Turn a refusal of the system, such as a full disk, into a :class:`SartoError` that says what failed."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        place = f": '{error.filename}'" if error.filename else ""
        raise SartoError(f"{doing} failed: {reason}{place}", hint=hint) from error
    except UnicodeEncodeError as error:
        what = f"the names of files are in {error.encoding} here, and one is {error.object!r}"
        raise SartoError(f"{doing} failed: {what}", hint="set PYTHONUTF8=1, or a locale of UTF-8") from error
