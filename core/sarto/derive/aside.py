"""Working beside a place: a folder for what is being made, that leaves nothing behind however the work ends."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .files import refusals
from .locking import release, take

__all__ = ["REPLACED", "Place", "aside", "begin_place", "clear_abandoned", "emptied", "end_place"]

GUARD = re.compile(r"\..+\.tmp-[0-9a-f]{8}\.lock")
REPLACED = "replaced-"
"""How the folders begin in which an earlier build waits while the new one takes its place."""


def clear_abandoned(output: Path) -> None:
    """Clear away what builders that were stopped left behind in the folder, if that is there.

    An earlier build that one of them had already moved is put back.
    """
    with refusals(f"writing to the folder '{output}'", "name another folder with -o"):
        if output.is_dir():
            _clear_abandoned(output)


@contextmanager
def aside(output: Path, name: str) -> Iterator[Path]:
    """An empty folder in ``output``, beside the final place of what is made in it; removed with all that is left in it.

    The folder ``output`` is made where it is not there, and cleared first, as by :func:`clear_abandoned`.
    """
    clear_abandoned(output)
    place = begin_place(output, name)
    try:
        yield place.folder
    finally:
        end_place(place)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to work in, and the file beside it that the process holds, with its handle."""

    folder: Path
    guard: Path
    handle: int


def begin_place(output: Path, name: str) -> Place:
    """An empty folder in ``output``, which is made where it is not there; it belongs to the process until it ends."""
    with refusals(f"writing to the folder '{output}'", "name another folder with -o"):
        output.mkdir(parents=True, exist_ok=True)
        guard, handle = _guarded(output, name)
        folder = guard.with_suffix("")
        try:
            folder.mkdir()
        except OSError:
            _drop(guard, handle)
            raise
    return Place(folder, guard, handle)


def end_place(place: Place) -> None:
    """Remove the folder, with all that is left in it."""
    _remove(place.folder)
    _drop(place.guard, place.handle)


@contextmanager
def emptied(place: Place) -> Iterator[Path]:
    """The folder of the place, in which there is nothing afterwards but empty folders for the next who works there."""
    try:
        yield place.folder
    finally:
        below = f"{place.folder}{os.sep}"
        if any(_holds_something(below + name) for name in os.listdir(below)):  # noqa: PTH208  (after each build)
            _remove(place.folder)
            place.folder.mkdir()


def _holds_something(path: str) -> bool:
    try:
        return bool(os.listdir(path))  # noqa: PTH208
    except NotADirectoryError:
        return True


def _guarded(output: Path, name: str) -> tuple[Path, int]:
    """A new file that this process holds: while it does, the folder of the same name belongs to it."""
    while True:
        guard = output / f".{name}.tmp-{secrets.token_hex(4)}.lock"
        handle = take(guard)
        if handle is not None:
            return guard, handle


def _drop(guard: Path, handle: int) -> None:
    if sys.platform == "win32":
        release(handle)  # an open file cannot be removed there
        with suppress(OSError):
            guard.unlink()
    else:
        guard.unlink(missing_ok=True)
        release(handle)


def _clear_abandoned(output: Path) -> None:
    # Of the names alone: there may be a thousand builds beside this one.
    names = [name for name in os.listdir(output) if name[0] == "." and GUARD.fullmatch(name)]  # noqa: PTH208
    for guard in [output / name for name in sorted(names)]:
        handle = take(guard)
        if handle is not None:
            folder = guard.with_suffix("")
            for replaced in sorted(folder.rglob(f"{REPLACED}*/*")):
                _put_back(replaced, output / replaced.name)
            _remove(folder)
            _drop(guard, handle)


def _put_back(replaced: Path, destination: Path) -> None:
    if not os.path.lexists(destination):
        replaced.rename(destination)


def _remove(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()  # what is in it has mostly been put in its place
        return
    if sys.platform == "win32":
        for path in folder.rglob("*"):
            path.chmod(0o666)  # read-only files cannot be removed there
    shutil.rmtree(folder, ignore_errors=True)
