"""The headers of a tar archive's members, in which nothing is of the machine that packs them."""

from __future__ import annotations

import tarfile
from functools import lru_cache

__all__ = ["END", "RECORD", "file_header", "folder_header", "padding"]

END = bytes(2 * tarfile.BLOCKSIZE)
"""Behind the last member."""
RECORD = tarfile.RECORDSIZE
"""Whole archives come in units of so many bytes."""
NAME, SIZE, CHECKSUM = tarfile.LENGTH_NAME, slice(124, 135), slice(148, 155)


def folder_header(name: str, date: int) -> bytes:
    """The header of a folder; ``date`` in seconds since 1970."""
    if not name.isascii():
        return _member(name, tarfile.DIRTYPE, 0o755, 0, date).tobuf(tarfile.PAX_FORMAT)
    return _header(f"{name.removesuffix('/')}/".encode(), tarfile.DIRTYPE, 0o755, 0, date)


def file_header(name: str, size: int, date: int, *, is_executable: bool = False) -> bytes:
    """The header of a file of so many bytes; as tarfile makes it, which takes ten times as long."""
    mode = 0o755 if is_executable else 0o644
    if not name.isascii() or size >= 8**11:
        return _member(name, tarfile.REGTYPE, mode, size, date).tobuf(tarfile.PAX_FORMAT)
    return _header(name.encode(), tarfile.REGTYPE, mode, size, date)


def _header(whole: bytes, kind: bytes, mode: int, size: int, date: int) -> bytes:
    before_size, behind_size, checksum = _rest(kind, mode, date)
    written, digits = whole[:NAME], b"%011o" % size
    header = bytearray(written.ljust(NAME, b"\0") + before_size + digits + behind_size)
    header[CHECKSUM] = b"%06o\0" % (checksum + sum(written) + sum(digits))
    if whole == written:
        return bytes(header)
    before, behind = _around(len(whole))
    return b"".join((before, whole, behind, header))


def padding(size: int, unit: int = tarfile.BLOCKSIZE) -> bytes:
    """What fills up so many bytes to whole units."""
    return bytes(-size % unit)


@lru_cache(512)
def _rest(kind: bytes, mode: int, date: int) -> tuple[bytes, bytes, int]:
    """The header behind the name, around the digits of the size, and the checksum without both."""
    header = _member("", kind, mode, 0, date).tobuf(tarfile.PAX_FORMAT)
    written = header[:NAME].rstrip(b"\0")  # a folder's name ends with a slash, also where it is empty
    checksum = int(header[CHECKSUM].rstrip(b"\0"), 8) - sum(written) - sum(header[SIZE])
    return header[NAME : SIZE.start], header[SIZE.stop :], checksum


@lru_cache(512)
def _around(length: int) -> tuple[bytes, bytes]:
    """What stands around a name that is too long for a header, in the blocks before it."""
    sample = b"x" * length
    blocks = _member(sample.decode(), tarfile.REGTYPE, 0, 0, 0).tobuf(tarfile.PAX_FORMAT)[: -tarfile.BLOCKSIZE]
    before, _, behind = blocks.partition(sample)
    return before, behind


def _member(name: str, kind: bytes, mode: int, size: int, date: int) -> tarfile.TarInfo:
    """A member that belongs to root by number, with no names of users in it."""
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.mtime, member.size = kind, mode, date, size
    return member
