"""Layers: files as a compressed tar archive in which nothing is of the machine that made it, named by its hash."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import deflate
from sarto.derive.contents import Content, folders_above
from sarto.derive.tar_headers import END, RECORD, file_header, folder_header, padding

__all__ = ["GZIP_LAYER", "Layer", "Source", "small_layer", "sources_below", "write_layer"]

GZIP_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Of gzip: deflated, without a name, a date or a system."""
LEVEL = 6
QUICK = 1
"""The level for what one customer alone has."""
EPOCH = 0
"""1970-01-01, in seconds since then: the date of every member."""
CHUNK = 1 << 20

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
        for folder in folders_above(files):
            sink.write(folder_header(folder, EPOCH))
        for name, source in sorted(files.items()):
            _add(sink, name, source)
        sink.finish()
    return Layer(path, sink.blob.hexdigest(), sink.content.hexdigest(), sink.size)


def small_layer(files: Mapping[str, Content], executable: Collection[str]) -> tuple[Layer, bytes]:
    """A layer of a few small files, some of them executable, and what is in its file, which is not written.

    Each customer pays for it, so it is not padded to whole records, and compressed by libdeflate, which takes half of
    what zlib takes: the same files give the same bytes with the same version of that.
    """
    archive: list[Content] = [folder_header(folder, EPOCH) for folder in folders_above(files)]
    for name, content in sorted(files.items()):
        header = file_header(name, len(content), EPOCH, is_executable=name in executable)
        archive += [header, content, padding(len(content))]
    archive.append(END)
    plain = b"".join(archive)
    packed = bytes(deflate.gzip_compress(plain, QUICK))
    digest = hashlib.sha256(packed).hexdigest()
    return Layer(Path(digest), digest, hashlib.sha256(plain).hexdigest(), len(packed)), packed


def _add(sink: _Sink, name: str, source: Source) -> None:
    if isinstance(source, bytes):
        sink.write(file_header(name, len(source), EPOCH) + source + padding(len(source)))
        return
    with source.open("rb") as content:
        status = os.fstat(content.fileno())
        sink.write(file_header(name, status.st_size, EPOCH, is_executable=bool(status.st_mode & 0o111)))
        while chunk := content.read(CHUNK):
            sink.write(chunk)
        sink.write(padding(status.st_size))


class _Sink:
    """Takes the archive, compresses it into the file, and hashes both."""

    def __init__(self, file: IO[bytes], level: int) -> None:
        self.file = file
        self.content, self.blob = hashlib.sha256(), hashlib.sha256()
        self.checksum = self.length = self.size = 0
        self.deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._put(HEADER)

    def write(self, data: bytes) -> None:
        self.content.update(data)
        self.checksum = zlib.crc32(data, self.checksum)
        self.length += len(data)
        self._put(self.deflate.compress(data))

    def finish(self) -> None:
        self.write(END + padding(self.length + len(END), RECORD))
        self._put(self.deflate.flush())
        self._put(struct.pack("<LL", self.checksum, self.length & 0xFFFFFFFF))

    def _put(self, data: bytes) -> None:
        self.blob.update(data)
        self.file.write(data)
        self.size += len(data)
