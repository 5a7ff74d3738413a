"""Parts unpacked, each into a folder of its own in Sarto's cache, so that they can be imported."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ..errors import SartoError
from .cache import cache_folder
from .files import refusals
from .made_once import made_once
from .members import climbs_out
from .plan import Part

__all__ = ["LIBRARY", "library", "unpack", "unpack_into"]

LIBRARY = PurePosixPath("lib", "python3", "site-packages")
SCHEMES = {
    "purelib": LIBRARY,
    "platlib": LIBRARY,
    "scripts": PurePosixPath("bin"),
    "headers": PurePosixPath("include"),
    "data": PurePosixPath(),
}
"""Where what a wheel has for each scheme goes, below its own installation prefix."""


def library(part: Part) -> Path:
    """The folder from which the part is imported, once it is unpacked."""
    return cache_folder() / "trees" / part.sha256 / LIBRARY


def unpack(part: Part) -> Path:
    """Unpack the part's wheel, where that was not done before, and return its :func:`library`.

    What is there is whole: it is written aside and renamed. Raises :class:`SartoError` where it cannot be unpacked.
    """
    with refusals(f"unpacking '{part.filename}'"):
        made_once(cache_folder() / "trees" / part.sha256, lambda folder: unpack_into(folder, part))
    return library(part)


def unpack_into(folder: Path, part: Part) -> None:
    """Unpack the part's wheel into ``folder``, as into an installation prefix of its own.

    Raises :class:`SartoError` where the wheel cannot be read, and :class:`OSError` where the system refuses.
    """
    (folder / LIBRARY).mkdir(parents=True)
    try:
        with zipfile.ZipFile(part.path) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    _write(archive, member, folder / _place(member.filename))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SartoError(f"part '{part.name}' {part.version} cannot be unpacked: {error}") from error


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    if member.external_attr >> 16 & 0o111:
        path.chmod(0o755)


def _place(member: str) -> PurePosixPath:
    """Where a member belongs: ``x.data/<scheme>/`` says it, everything else is library."""
    if climbs_out(member):
        raise SartoError(f"the member '{member}' climbs out of its folder")
    top, *below = PurePosixPath(member).parts
    if top.endswith(".data") and len(below) > 1 and below[0] in SCHEMES:
        return SCHEMES[below[0]].joinpath(*below[1:])
    return LIBRARY / member
