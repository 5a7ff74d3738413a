"""Unpacking archives that are not trusted: below a folder that no member leaves, each written once it has passed."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..errors import SartoError
from .members import HINT, RATIO, Member, bound, check_members, zip_members
from .tar_headers import RECORD

__all__ = ["Opened", "unpack_tar", "unpack_zip"]

ENDS = 100
"""How often an archive may be read on behind its end; for a whole one it is once or twice."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A build that came in one file, unpacked to the folder ``bundle``; ``faults`` is what is wrong around it."""

    bundle: Path
    faults: tuple[str, ...] = ()


def unpack_zip(file: Path, folder: Path) -> None:
    """Unpack the zip archive below ``folder``. Raises :class:`SartoError` where it is none, or is not safe."""
    try:
        with zipfile.ZipFile(file) as archive:
            check_members(zip_members(archive), f"'{file.name}'", file.stat().st_size)
            for info in archive.infolist():
                if info.is_dir():
                    (folder / info.filename).mkdir(parents=True, exist_ok=True)
                else:
                    with archive.open(info) as content:
                        _write(folder / info.filename, content)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, zlib.error) as error:
        raise SartoError(f"cannot be unpacked: {error}") from error


def unpack_tar(stream: IO[bytes], folder: Path, whose: str, packed: int) -> None:
    """Unpack the tar archive in a stream of ``packed`` bytes, read once from its beginning to its end.

    Raises :class:`SartoError`, about ``whose`` archive it is, where it is none, or is not safe.
    """
    source = _Bounded(stream, bound(packed), whose)
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            check_members(_written(archive, folder), whose, packed)
            end = archive.offset
        while source.read(RECORD):
            pass  # the checksum of what is compressed is only looked at behind its last byte
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise SartoError(f"cannot be unpacked: {error}") from error
    if source.something > end or source.position > end + 2 * RECORD:
        raise SartoError("goes on behind the end of the archive")


def _written(archive: tarfile.TarFile, folder: Path) -> Iterator[Member]:
    """The members, each written when the next is asked for: by then it has passed."""
    for info in archive:
        yield Member(name=info.name, size=info.size, is_folder=info.isdir(), fault=_fault(info))
        if info.isdir():
            (folder / info.name).mkdir(parents=True, exist_ok=True)
        elif content := archive.extractfile(info):
            _write(folder / info.name, content)


def _fault(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "is a link"
    if info.issparse():
        return "is a file with holes"
    if not info.isfile() and not info.isdir():
        return "is no file"
    return "has a size below nothing" if info.size < 0 else ""


class _Bounded(io.BufferedIOBase):
    """A stream that ends with an error where it is longer than any archive may be: headers can be bombs, too.

    So it does where somebody keeps on reading behind its end, as tarfile does where a header says so. ``position`` is
    how many bytes were read, and ``something`` how many up to the last that is not zero: with zeros an archive ends.
    """

    def __init__(self, stream: IO[bytes], left: int, whose: str) -> None:
        self._stream, self._left, self._whose, self._ends = stream, left, whose, 0
        self.position = self.something = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """At most ``size`` bytes more."""
        content = self._stream.read(-1 if size is None else size)
        self._left -= len(content)
        if said := len(content.rstrip(b"\0")):
            self.something = self.position + said
        self.position += len(content)
        self._ends += not content
        if self._ends > ENDS:
            raise EOFError("it ends in the middle of a member")
        if self._left < 0:
            raise SartoError(f"{self._whose} is refused: it unpacks to more than {RATIO} times its size", hint=HINT)
        return content


def _write(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
