"""The part store: wheels by their sha256, checked when they come in and again when used, shared by all builds."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from ..errors import Place, SartoError
from .cache import cache_folder, made
from .files import chunks_of, discard, file_digest, refusals
from .wheel import check_wheel, check_whole

__all__ = ["OWN", "PartStore", "throw_away"]

ABANDONED = 3600
"""Seconds after which a file that is still coming in belongs to a process that is no more."""

OWN = "set SARTO_CACHE to a folder that you may write to"
"""What helps whoever may not write to the store."""

State = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PartStore:
    """Wheels under ``folder``, each at ``<two digits>/<sha256>/<file name>``, read-only.

    A wheel whose bytes are no longer those of its hash is thrown away when it is next asked for. One store checks
    each wheel once, and again when the file looks different from then.
    """

    folder: Path
    _checked: dict[Path, State] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def default(cls) -> PartStore:
        """The store in Sarto's cache."""
        return cls(cache_folder() / "parts" / "sha256")

    def place(self, sha256: str, filename: str) -> Path:
        """Where the wheel is, or would be."""
        return self.folder / sha256[:2] / sha256 / filename

    def find(self, sha256: str, filename: str) -> Path | None:
        """The wheel, whole; None where it is not here or was damaged."""
        path = self.place(sha256, filename)
        state = _state(path)
        if state is None:
            return None
        if self._checked.get(path) != state:
            with refusals(f"reading '{filename}' in the part store", OWN):
                is_whole = path.is_file() and file_digest(path) == sha256
            if not is_whole:
                with refusals(f"'{filename}' in the part store is damaged, and throwing it away", OWN):
                    throw_away(path)
                return None
            self._checked[path] = state
        return path

    def is_unchanged(self, path: Path) -> bool:
        """Whether the wheel at ``path`` was found whole before by this store, and looks as it did then."""
        return self._checked.get(path, 0) == _state(path)

    def add(self, filename: str, chunks: Iterable[bytes], sha256: str, where: Place | str = "") -> Path:
        """Put a wheel in, and return its path.

        Raises :class:`SartoError` where the bytes have another hash, are not a wheel, or would climb out of a folder.
        """
        path = self.place(sha256, filename)
        folder = made(path.parent)
        _sweep(folder)
        with refusals(f"writing '{filename}' to the part store"):
            handle, aside = mkstemp(prefix=".incoming-", dir=folder)
            try:
                found = _write(handle, chunks)
                if found != sha256:
                    raise _changed(filename, sha256, found, where)
                check_wheel(Path(aside), filename)
                Path(aside).chmod(0o444)
                _move(Path(aside), path)
            finally:
                Path(aside).unlink(missing_ok=True)
        state = _state(path)
        if state:
            self._checked[path] = state
        return path

    def sweep(self) -> None:
        """Remove what processes that were stopped left behind, whichever wheel it was to become."""
        for folder in self.folder.glob("??/*"):
            _sweep(folder)

    def add_file(self, source: Path, filename: str = "") -> tuple[Path, str]:
        """Put in a wheel that lies in a folder here; returns its path in the store and its sha256.

        Raises :class:`SartoError` as :meth:`add` does, and where it is damaged or not what its name says.
        """
        with refusals("reading a wheel"):
            sha256 = file_digest(source)
        name = filename or source.name
        found = self.find(sha256, name)
        if found is None:
            _check(source, name)
            found = self.add(name, chunks_of(source), sha256, str(source))
        return found, sha256


def _state(path: Path) -> State | None:
    try:
        stat = os.stat(str(path))  # noqa: PTH116  (for each part of each build)
    except OSError:
        return None
    return (stat.st_size, stat.st_mtime_ns, stat.st_ino)


def throw_away(path: Path) -> None:
    """Remove what lies in a wheel's place, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        discard(path)


def _check(source: Path, filename: str) -> None:
    """Raise :class:`SartoError` where the wheel, which nothing vouches for, is no good one."""
    try:
        check_wheel(source, filename)
        check_whole(source, filename)
    except SartoError as error:
        error.where = str(source.parent)
        raise


def _changed(filename: str, expected: str, found: str, where: Place | str) -> SartoError:
    return SartoError(
        f"'{filename}' is not the file that was locked: its sha256 is {found}, and {expected} was expected",
        where=where,
        hint="it was replaced at its source, or damaged on the way; find out which before you lock the line anew",
    )


def _write(handle: int, chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with open(handle, "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _move(aside: Path, path: Path) -> None:
    try:
        aside.replace(path)
    except PermissionError:
        # Windows does not replace a file that another process has open: that file is the same wheel.
        if not path.exists():
            raise


def _sweep(folder: Path) -> None:
    """Remove what a process that was stopped left behind."""
    for aside in folder.glob(".incoming-*"):
        with suppress(OSError):
            if time.time() - aside.stat().st_mtime > ABANDONED:
                aside.unlink()
