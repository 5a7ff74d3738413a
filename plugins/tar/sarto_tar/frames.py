"""Parts as compressed frames in Sarto's cache: made once, checked by their hash, in the archives of all customers."""

from __future__ import annotations

import io
import json
import shutil
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import zstandard
from sarto.derive.cache import cache_folder
from sarto.derive.contents import Content, State, content_of, state_of
from sarto.derive.files import chunks_of, file_digest
from sarto.derive.made_once import made_once
from sarto.derive.part import damaged
from sarto.derive.tar_headers import padding
from sarto.errors import SartoError

if TYPE_CHECKING:
    from sarto.derive.plan import Part

__all__ = ["QUICK", "compressor", "frame", "frames_folder"]

FORMAT = [1, zstandard.__version__, list(zstandard.ZSTD_VERSION)]
"""Of the frames: what else than the part decides on their bytes."""
LEVEL = 3
"""Wheels are compressed already: a higher level costs time and saves next to nothing."""
QUICK = -1
"""The level for what is between them, a few hundred bytes each time, which every customer pays for."""
FAULTS = (OSError, ValueError, KeyError, TypeError)


def frames_folder() -> str:
    """Where frames are kept."""
    return str(cache_folder() / "tar")


def frame(part: Part, folder: str) -> Content:
    """The frame with the part's wheel, filled up as in an archive, made now or by an earlier build, in the ``folder``.

    Each process checks it once, and again where it looks different. Where the cache cannot be written it is made for
    this time. Raises :class:`SartoError` where the part is damaged.
    """
    path = f"{folder}/{part.sha256}/frame"  # a text: this is for each part of each build
    try:
        return _whole(path)
    except FAULTS:
        place = Path(path).parent
        shutil.rmtree(place, ignore_errors=True)
        try:
            made_once(place, partial(_fill, part))
            return _whole(path)
        except (SartoError, *FAULTS):
            made = io.BytesIO()
            _write(part, made)
            return made.getvalue()


def _whole(path: str) -> Content:
    state = state_of(path)
    _check(path, state)
    return content_of(path, state)


@lru_cache(4096)
def _check(path: str, state: State) -> None:  # noqa: ARG001  (the state is what it is remembered by)
    said = json.loads(Path(f"{path}.json").read_text(encoding="utf-8"))
    if said["format"] != FORMAT or file_digest(Path(path)) != said["frame"]:
        raise ValueError("the frame is another one")


def _fill(part: Part, folder: Path) -> None:
    path = folder / "frame"
    with path.open("wb") as file:
        _write(part, file)
    path.chmod(0o444)
    said = {"format": FORMAT, "frame": file_digest(path)}
    (folder / "frame.json").write_text(json.dumps(said), encoding="utf-8")


def _write(part: Part, file: IO[bytes]) -> None:
    """Write the part's frame, if the part is what it was planned to be."""
    if file_digest(part.path) != part.sha256:
        raise damaged(part.name)
    fill = padding(part.size)
    with compressor().stream_writer(file, size=part.size + len(fill), closefd=False) as frame:
        for chunk in chunks_of(part.path):
            frame.write(chunk)
        frame.write(fill)


def compressor(level: int = LEVEL) -> zstandard.ZstdCompressor:
    """What makes frames, each with a checksum."""
    return zstandard.ZstdCompressor(level=level, write_checksum=True)
