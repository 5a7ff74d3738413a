"""A zip archive in which everything is stored as it is, written from front to back with no second look at anything."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sarto.derive.contents import Content

__all__ = ["MOST_BYTES", "Beginning", "Entry", "archive_of", "beginning", "entry_of"]

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s4B4H3L5HL")
POSITION = struct.Struct("<L")
"""Where the member is: the last of what stands for it in the directory before its name."""
END = struct.Struct("<4s4H2LH")
VERSION, UNIX = 20, 3
IN_UTF8 = 0x800
DATE, TIME = (0 << 9) | (1 << 5) | 1, 0
"""1980-01-01, the earliest that the format knows."""
MODE = 0o100644 << 16
MOST_BYTES, MOST_ENTRIES = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT


class Entry(NamedTuple):
    """A member by its path in the archive, its size in bytes, its CRC-32 and what it holds."""

    name: str
    size: int
    crc: int
    content: Content


def entry_of(name: str, content: Content) -> Entry:
    """The member of that name with these bytes. Raises :class:`zipfile.LargeZipFile` where they are too many."""
    if len(content) > MOST_BYTES:
        raise zipfile.LargeZipFile("the file would be too large")
    return Entry(name, len(content), zlib.crc32(content), content)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first bytes of an archive, with their members' part of its directory: many archives have the same."""

    content: bytes
    directory: tuple[bytes, ...]


def beginning(start: bytes, entries: Iterable[Entry]) -> Beginning:
    """The beginning of an archive that stands behind ``start``."""
    written, directory = bytearray(start), []
    for entry in entries:
        header, described = _headers(entry, len(written))
        written += header
        written += entry.content
        directory.append(described)
    return Beginning(bytes(written), tuple(directory))


def archive_of(begun: Beginning, entries: Iterable[Entry]) -> list[Content]:
    """The archive of what has begun and the entries, in pieces: what zipfile writes of them, to the byte.

    Raises :class:`zipfile.LargeZipFile` where it would be too large for the plain format.
    """
    pieces: list[Content] = [begun.content]
    position, directory = len(begun.content), [*begun.directory]
    for entry in entries:
        header, described = _headers(entry, position)
        position += len(header) + entry.size
        directory.append(described)
        if entry.size > MOST_BYTES or position > MOST_BYTES or len(directory) > MOST_ENTRIES:
            raise zipfile.LargeZipFile("the archive would be too large")
        pieces += (header, entry.content)
    size = sum(map(len, directory))
    end = END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), size, position, 0)
    return [*pieces, *directory, end]


def _headers(entry: Entry, position: int) -> tuple[bytes, bytes]:
    """What stands before the entry, which is at the ``position``, and what stands for it in the directory."""
    header, described, name = _headers_anywhere(entry.name, entry.size, entry.crc)
    return header, described + POSITION.pack(position) + name


@lru_cache(4096)
def _headers_anywhere(name: str, size: int, crc: int) -> tuple[bytes, bytes, bytes]:
    """The same of a part for all customers: before the position, and the name behind it."""
    encoded, flags = _encoded(name)
    common = (flags, zipfile.ZIP_STORED, TIME, DATE, crc, size, size, len(encoded), 0)
    described = CENTRAL.pack(b"PK\1\2", VERSION, UNIX, VERSION, 0, *common, 0, 0, 0, MODE)
    return LOCAL.pack(b"PK\3\4", VERSION, *common) + encoded, described, encoded


def _encoded(name: str) -> tuple[bytes, int]:
    """The name as it stands in the archive, and the flags that say how."""
    return (name.encode("ascii"), 0) if name.isascii() else (name.encode(), IN_UTF8)
