"""Unpacks parts into the cache, each once for all products: read as files, so that data and native code work.

Each part becomes a small installation prefix of its own (``lib/python3/site-packages``, ``bin``, and what the wheel has
for the prefix itself), named by the wheel's hash. It is written aside and renamed: what is there is whole.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from .build import Part
from .errors import ProductError

if TYPE_CHECKING:
    import zipfile

__all__ = ["is_unpacked", "site_folder", "unpack"]

LIBRARY = "Lib/site-packages" if sys.platform == "win32" else "lib/python3/site-packages"
SCHEMES = {
    "purelib": LIBRARY,
    "platlib": LIBRARY,
    "scripts": "Scripts" if sys.platform == "win32" else "bin",
    "headers": "include",
    "data": "",
}


def site_folder(unpacked: str, part: Part) -> str:
    """The folder of ``part`` that belongs on ``sys.path``."""
    return os.path.join(unpacked, part.sha256, *LIBRARY.split("/"))


def is_unpacked(unpacked: str, part: Part) -> bool:
    """Whether the whole of ``part`` is in the folder ``unpacked``."""
    return os.path.isdir(site_folder(unpacked, part))


def unpack(wheel: str, part: Part, unpacked: str) -> None:
    """Put the files of ``wheel`` into ``unpacked``, unless another process is quicker.

    Raises :class:`ProductError` where the wheel is not there, is not the one that was built in (its hash tells),
    or has a member that would be written outside its folder; nothing is left of it then.
    """
    import shutil
    import tempfile

    target = os.path.join(unpacked, part.sha256)
    _clear_away_leftovers(unpacked, part)
    aside = tempfile.mkdtemp(prefix=f".{part.sha256}-", dir=unpacked)
    try:
        _fill(aside, wheel, part)
        os.chmod(aside, 0o755)  # what mkdtemp made is for one user; the cache may be for several
        os.rename(aside, target)
    except OSError as error:
        if not is_unpacked(unpacked, part):
            raise ProductError(f"part '{part.name}' cannot be unpacked: {error}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _clear_away_leftovers(unpacked: str, part: Part) -> None:
    """What a killed process left of this part; a day is longer than any process takes to unpack it."""
    import shutil
    import time

    for name in os.listdir(unpacked):
        path = os.path.join(unpacked, name)
        if name.startswith(f".{part.sha256}-") and time.time() - os.stat(path).st_mtime > 24 * 60 * 60:
            shutil.rmtree(path, ignore_errors=True)


def _fill(folder: str, wheel: str, part: Part) -> None:
    import hashlib
    import zipfile

    with open(wheel, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
            raise ProductError(
                f"part '{part.name}' is not the one that was built in: parts/{part.file} was changed",
                hint="take the whole build again from where it came",
            )
        try:
            with zipfile.ZipFile(file) as archive:
                os.makedirs(os.path.join(folder, *LIBRARY.split("/")))
                for member in archive.infolist():
                    _write(archive, member, folder, part)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise ProductError(f"part '{part.name}' is not a wheel that can be read: {error}") from error


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: str, part: Part) -> None:
    import shutil

    if not _is_safe(member):
        raise ProductError(
            f"part '{part.name}' has a member that would be written outside its folder: {member.orig_filename!r}",
            hint="this wheel is not to be trusted; tell the vendor",
        )
    path = os.path.join(folder, *_place(member.filename).split("/"))
    if member.is_dir():
        return os.makedirs(path, exist_ok=True)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with archive.open(member) as source, open(path, "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    if member.external_attr >> 16 & 0o111:
        os.chmod(path, 0o755)
    return None


def _is_safe(member: zipfile.ZipInfo) -> bool:
    """Whether the member stays where it belongs on every system, links included."""
    name = member.orig_filename
    is_link = member.external_attr >> 28 == 0o12
    climbs = ".." in name.split("/") or name.startswith("/") or bool(re.match("[A-Za-z]:", name))
    return not (is_link or climbs or "\\" in name or "\0" in name)


def _place(name: str) -> str:
    """Where a member belongs below the part's folder: ``x.data/<scheme>/`` says it, the rest is library."""
    top, _, below = name.partition("/")
    scheme, _, rest = below.partition("/")
    if top.endswith(".data") and scheme in SCHEMES and rest:
        return "/".join(filter(None, (SCHEMES[scheme], *_segments(rest))))
    return "/".join((LIBRARY, *_segments(name)))


def _segments(name: str) -> list[str]:
    return [segment for segment in name.split("/") if segment not in ("", ".")]
