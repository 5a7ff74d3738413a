"""Takes a packed build apart again, trusting nothing in it, so that it can be verified."""

from __future__ import annotations

from pathlib import Path

import zstandard
from sarto.derive.extraction import Opened, unpack_tar
from sarto.errors import SartoError

__all__ = ["unpack", "unpack_compressed"]


def unpack(file: Path, folder: Path) -> Opened:
    """The bundle that is in ``file``, below ``folder``.

    Raises :class:`SartoError` where the file is no such archive, or is not safe to unpack.
    """
    with file.open("rb") as stream:
        unpack_tar(stream, folder, f"'{file.name}'", file.stat().st_size)
    return _bundle(folder)


def unpack_compressed(file: Path, folder: Path) -> Opened:
    """The same of a compressed archive."""
    decompressor = zstandard.ZstdDecompressor()
    try:
        with file.open("rb") as packed, decompressor.stream_reader(packed, read_across_frames=True) as stream:
            unpack_tar(stream, folder, f"'{file.name}'", file.stat().st_size)
    except zstandard.ZstdError as error:
        raise SartoError(f"cannot be unpacked: {error}") from error
    return _bundle(folder)


def _bundle(folder: Path) -> Opened:
    found = list(folder.iterdir())
    if len(found) != 1 or not found[0].is_dir():
        raise SartoError("is not a build in one archive: it has to have one folder, and nothing beside it")
    return Opened(found[0])
