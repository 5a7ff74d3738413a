"""Unpacks parts into the cache, each once for all products: read as files, so that data and native code work.

Each part becomes a small installation prefix of its own (``lib/python3/site-packages``, ``bin``, and what the wheel has
for the prefix itself), named by the wheel's hash. It is written aside and renamed: what is there is whole.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .build import Build, Part
from .errors import ProductError
from .paths import LIBRARY, caches, library_of

if TYPE_CHECKING:
    import zipfile

__all__ = ["unpacked"]

SCHEMES = {
    "purelib": LIBRARY,
    "platlib": LIBRARY,
    "scripts": "Scripts" if sys.platform == "win32" else "bin",
    "headers": "include",
    "data": "",
}


def unpacked(build: Build, parts: Sequence[Part]) -> list[str]:
    """The library folders of ``parts``, unpacked now where they are not yet.

    Raises :class:`ProductError` where a wheel is not there, is not the one that was built in (its hash tells),
    or has a member that would be written outside its folder; nothing is left of it then.
    """
    for cache in caches():
        folder = os.path.join(cache, "unpacked")
        prefixes = [os.path.join(folder, part.sha256) for part in parts]
        missing = [part for part, prefix in zip(parts, prefixes, strict=True) if not os.path.isdir(prefix)]
        if not missing or _is_writable(folder):
            _unpack(build, missing, folder)
            return [library_of(prefix) for prefix in prefixes]
    raise ProductError("there is no folder in which the parts could be unpacked", hint="SARTO_CACHE may name one")


def _is_writable(folder: str) -> bool:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _unpack(build: Build, parts: Sequence[Part], folder: str) -> None:
    if parts and sys.stderr.isatty():
        print(f"{build.name}: first start, unpacking {len(parts)} parts …", file=sys.stderr)
    for part in parts:
        _unpack_one(os.path.join(build.folder, "parts", part.file), part, folder)


def _unpack_one(wheel: str, part: Part, folder: str) -> None:
    """Put the files of ``wheel`` into the cache, unless another process is quicker."""
    import shutil
    import tempfile

    prefix = os.path.join(folder, part.sha256)
    _clear_away_leftovers(folder, part)
    aside = tempfile.mkdtemp(prefix=f".{part.sha256}-", dir=folder)
    try:
        _fill(aside, wheel, part)
        os.rename(aside, prefix)
    except OSError as error:
        if not os.path.isdir(prefix):
            raise ProductError(f"part '{part.name}' cannot be unpacked: {error}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _clear_away_leftovers(folder: str, part: Part) -> None:
    """What a killed process left of this part; a day is longer than any process takes to unpack it."""
    import shutil
    import time

    for name in os.listdir(folder):
        path = os.path.join(folder, name)
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
                os.makedirs(library_of(folder))
                for member in archive.infolist():
                    _write(archive, member, folder, part)
            _compile(folder)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise ProductError(f"part '{part.name}' is not a wheel that can be read: {error}") from error


def _compile(folder: str) -> None:
    """Python keeps the bytecode of what it imports in the cache itself, but where it was told not to write any."""
    if sys.dont_write_bytecode:
        import compileall

        compileall.compile_dir(library_of(folder), quiet=2)


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
