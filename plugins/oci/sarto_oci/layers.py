"""Layers: files as a compressed tar archive in which nothing is of the machine that made it, named by its hash."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

__all__ = ["GZIP_LAYER", "Layer", "Source", "sources_below", "write_layer"]

GZIP_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Of gzip: deflated, without a name, a date or a system."""
LEVEL = 6

Source = Path | bytes
"""What a file in a layer holds: what that file holds, which may be executable, or these bytes."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer in the file ``path``: the sha256 of that file and, as ``diff_id``, of the archive in it.

    ``size`` is that of the file, in bytes.
    """

    path: Path
    digest: str
    diff_id: str
    size: int
    media_type: str = GZIP_LAYER


def sources_below(folder: Path, prefix: str) -> dict[str, Source]:
    """All files below the folder, by their paths in the layer, which begin with ``prefix``."""
    return {
        f"{prefix}/{path.relative_to(folder).as_posix()}": path for path in sorted(folder.rglob("*")) if path.is_file()
    }


def write_layer(files: Mapping[str, Source], path: Path, level: int = LEVEL) -> Layer:
    """Write the files, by their paths, and the folders above them as a layer.

    Sorted, of owner 0, of 1970-01-01: the same files give the same bytes with the same version of zlib.
    ``level`` is zlib's: 1 is quick, 9 thorough.
    """
    with path.open("wb") as file:
        sink = _Sink(file, level)
        with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]  # it only writes
            for folder in _folders(files):
                archive.addfile(_member(folder, tarfile.DIRTYPE, 0o755))
            for name, source in sorted(files.items()):
                _add(archive, name, source)
        sink.finish()
    return Layer(path, sink.blob.hexdigest(), sink.content.hexdigest(), path.stat().st_size)


def _folders(files: Mapping[str, Source]) -> list[str]:
    """The folders above the files; one that holds another comes before it."""
    return sorted({str(parent) for name in files for parent in PurePosixPath(name).parents} - {"."})


def _add(archive: tarfile.TarFile, name: str, source: Source) -> None:
    if isinstance(source, bytes):
        member = _member(name, tarfile.REGTYPE, 0o644)
        member.size = len(source)
        archive.addfile(member, io.BytesIO(source))
        return
    with source.open("rb") as content:
        status = os.fstat(content.fileno())
        member = _member(name, tarfile.REGTYPE, 0o755 if status.st_mode & 0o111 else 0o644)
        member.size = status.st_size
        archive.addfile(member, content)


def _member(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    """A member that belongs to root by number, with no names of users in it."""
    member = tarfile.TarInfo(name)
    member.type, member.mode = kind, mode
    return member


class _Sink:
    """Takes the archive, compresses it into the file, and hashes both."""

    def __init__(self, file: IO[bytes], level: int) -> None:
        self.file = file
        self.content, self.blob = hashlib.sha256(), hashlib.sha256()
        self.checksum = self.length = 0
        self.deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._put(HEADER)

    def write(self, data: bytes) -> int:
        self.content.update(data)
        self.checksum = zlib.crc32(data, self.checksum)
        self.length += len(data)
        self._put(self.deflate.compress(data))
        return len(data)

    def finish(self) -> None:
        self._put(self.deflate.flush())
        self._put(struct.pack("<LL", self.checksum, self.length & 0xFFFFFFFF))

    def _put(self, data: bytes) -> None:
        self.blob.update(data)
        self.file.write(data)
