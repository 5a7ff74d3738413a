"""Putting a finished folder or file in its place, whole or not at all, whatever happens on the way."""

from __future__ import annotations

import json
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import SartoError
from .aside import REPLACED
from .exchange import exchange
from .files import refusals
from .locking import hold_folder
from .manifest import MANIFEST
from .packed import Packed
from .sums import SUMS, files_below, read_sums

__all__ = ["check_destination", "publish"]

TRIES = 20
"""How often other builders may come between before one gives up."""
TRACES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in folders that a person looks at."""


def check_destination(destination: Path, *, is_folder: bool = True, name: str = "") -> bool:
    """Whether there is something, which may be replaced; raise :class:`SartoError` where it may not.

    A folder replaces an earlier build with nothing else in it, or an empty folder; a file replaces a file. Where the
    build has a ``name`` that is the earlier one's, too: a customer may be called as another one's build in a format.
    """
    hint = "move it away, or name another folder with -o"
    if not os.path.lexists(destination):
        return False
    if destination.is_symlink() or destination.is_dir() is not is_folder:
        raise SartoError(f"'{destination}' is there already, and Sarto did not make it", hint=hint)
    if not is_folder or not any(destination.iterdir()):
        return True
    said = _said(destination)
    if not {"format", "sarto"} <= said.keys():
        raise SartoError(f"the folder '{destination}' holds something else than a build", hint=hint)
    other = said.get("name", name)
    if name and other != name and (destination.name == other or destination.name.startswith(f"{other}-")):
        what = f"the folder '{destination}' holds a build for another customer, '{said.get('customer')}'"
        raise SartoError(what, hint="give the two customers names that are less alike, or name another folder with -o")
    foreign = _foreign(destination)
    if foreign:
        raise SartoError(f"the build in '{destination}' also holds '{foreign[0]}', which Sarto did not make", hint=hint)
    return True


def _said(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _foreign(folder: Path) -> list[str]:
    """The files in a build that are not of it; none where its sums do not tell, or others keep writing it."""
    for _ in range(TRIES):
        own = _own(folder)
        found = files_below(folder)
        if own == _own(folder):  # else another builder put its build there in between
            return [name for name in found if name not in own and Path(name).name not in TRACES] if own else []
    return []


def _own(folder: Path) -> frozenset[str]:
    try:
        return frozenset(read_sums(folder / SUMS))
    except (OSError, SartoError):
        return frozenset()


def publish(made: Path, destination: Path, packed: Packed | None = None, *, name: str = "") -> None:
    """Put what was made, in a folder from :func:`aside`, in its place, in one step if the system allows.

    Where there is ``packed``, all is on the disk already but what that names, and what lies in the folder itself.
    A build of Sarto's that is there is replaced. Raises :class:`SartoError` where something else is, or a build that
    has not the ``name`` of this one.
    """
    with refusals(f"writing '{destination}'"):
        if packed:
            _flush_packed(packed)
        else:
            _flush(made)
        with hold_folder(destination.parent):
            _put(made, destination, name, is_folder=packed is not None or made.is_dir())
        _flush_folder(destination.parent)


def _put(made: Path, destination: Path, name: str, *, is_folder: bool) -> None:
    for _ in range(TRIES):
        is_there = check_destination(destination, is_folder=is_folder, name=name)
        if is_there and exchange(made, destination):
            return
        if _move(made, destination, is_folder=is_folder):
            return
    raise SartoError(f"others keep writing '{destination}'", hint="wait until they are done, and build again")


def _move(made: Path, destination: Path, *, is_folder: bool) -> bool:
    """One try; False where another builder came between."""
    try:
        if is_folder:
            made.rename(destination)
        else:
            made.replace(destination)
    except OSError:
        if not os.path.lexists(destination):
            raise
        old = made.parent / f"{REPLACED}{secrets.token_hex(4)}"
        old.mkdir()
        try:
            destination.rename(old / destination.name)
        except FileNotFoundError:
            return False
        except OSError as error:  # it is where something is mounted, or in a lower layer of an overlay
            what = f"'{destination}' cannot be moved aside to be replaced: {error.strerror}"
            raise SartoError(what, hint="remove it first, or name another folder with -o") from error
        return False
    return True


def _flush(made: Path) -> None:
    """Have everything on the disk before it has its place."""
    if not made.is_dir():
        _flush_file(made)
        return
    _flush_below(os.fspath(made))


def _flush_below(folder: str) -> None:
    """A file with several names is the store's, and on the disk already; a link is in its folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _flush_below(entry.path)
            elif not entry.is_symlink() and os.lstat(entry.path).st_nlink == 1:  # an entry has no count on Windows
                _flush_file(entry.path)
    _flush_folder(folder)


def _flush_packed(packed: Packed) -> None:
    top = f"{packed.path}{os.sep}"
    with os.scandir(top) as entries:  # what vouches for it was written after it was packed
        beside = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    files = [top + name for name in dict.fromkeys((*packed.files, *beside))]
    for path in files:
        _begin_flushing(path)
    for path in files:
        _flush_file(path)
    for name in reversed(packed.folders):
        _flush_folder(top + name)
    _flush_folder(top)


def _begin_flushing(path: str) -> None:
    """Have the system write the file without waiting: with all under way, one commit of a journal does for all."""
    if hasattr(os, "posix_fadvise"):
        handle = os.open(path, os.O_RDONLY)
        try:
            with suppress(OSError):  # it is a hint, which not every file system takes
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def _flush_file(path: Path | str) -> None:
    handle = os.open(path, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(path: Path | str) -> None:
    if sys.platform != "win32":
        _flush_file(path)
