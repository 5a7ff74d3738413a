"""A zip archive in which everything is stored as it is, written from front to back with no second look at anything."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from sarto.derive.contents import Content

__all__ = ["Entry", "entry_of", "write_archive"]

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s4B4H3L5H2L")
END = struct.Struct("<4s4H2LH")
VERSION, UNIX = 20, 3
IN_UTF8 = 0x800
DATE, TIME = (0 << 9) | (1 << 5) | 1, 0
"""1980-01-01, the earliest that the format knows."""
MODE = 0o100644 << 16
MOST_BYTES, MOST_ENTRIES = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT


@dataclass(frozen=True, slots=True)
class Entry:
    """A member by its path in the archive, its size in bytes, its CRC-32 and what it holds."""

    name: str
    size: int
    crc: int
    content: Content


def entry_of(name: str, content: bytes) -> Entry:
    """The member of that name with these bytes."""
    return Entry(name, len(content), zlib.crc32(content), content)


def write_archive(file: IO[bytes], start: bytes, entries: Iterable[Entry]) -> None:
    """Write ``start`` and, behind it, the archive of the entries: what zipfile writes of them, to the byte.

    Raises :class:`zipfile.LargeZipFile` where it would be too large for the plain format, and :class:`OSError`.
    """
    file.write(start)
    position = len(start)
    directory: list[bytes] = []
    for entry in entries:
        name, flags = _encoded(entry.name)
        common = (flags, zipfile.ZIP_STORED, TIME, DATE, entry.crc, entry.size, entry.size, len(name), 0)
        directory.append(CENTRAL.pack(b"PK\1\2", VERSION, UNIX, VERSION, 0, *common, 0, 0, 0, MODE, position) + name)
        header = LOCAL.pack(b"PK\3\4", VERSION, *common) + name
        end = position + len(header) + entry.size
        if entry.size > MOST_BYTES or end > MOST_BYTES or len(directory) > MOST_ENTRIES:
            raise zipfile.LargeZipFile("the archive would be too large")
        file.write(header)
        file.write(entry.content)
        position = end
    size = sum(map(len, directory))
    end_record = END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), size, position, 0)
    file.write(b"".join([*directory, end_record]))


def _encoded(name: str) -> tuple[bytes, int]:
    """The name as it stands in the archive, and the flags that say how."""
    return (name.encode("ascii"), 0) if name.isascii() else (name.encode(), IN_UTF8)
