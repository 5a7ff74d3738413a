"""A delta: one file, a zip archive, with what a build lacks to become another."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .build import Build
from .errors import ProductError
from .members import extract
from .sums import SIGNATURE, SUMS, parse_sums

__all__ = ["Delta", "build_hash", "check_base", "opened", "read_delta", "unpack_delta"]

FORMAT = 1
HEADER = "delta.json"
BELOW = "build/"
AGAIN = "take it again from where it came"

SMALL = 16 * 1024 * 1024
"""Bytes that any delta may unpack to, and the most that its header and its sums may have."""
RATIO = 100
"""How many times its own size a larger one may; parts are packed already."""


class Delta(NamedTuple):
    """What a delta says of itself: whose it is, and by their hashes the build that it is for and that it leads to.

    A build's hash is that of its ``build.json``; ``sums`` are those of all files of the new build.
    """

    line: str
    name: str
    customer: str
    base: str
    base_version: str
    new: str
    sums: dict[str, str]


def build_hash(folder: str) -> str:
    """The hash of the build in the folder: of its ``build.json``, which names every part by its own."""
    with open(os.path.join(folder, "build.json"), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(path: str) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises :class:`ProductError` where the file cannot be read, or is not whole, then or later."""
    try:
        with open(path, "rb") as file, zipfile.ZipFile(file) as archive:
            yield archive
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        if error.filename != path:
            raise
        raise ProductError(f"the delta cannot be read: {error.strerror}: {path}") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise ProductError(f"the delta is damaged, or not whole ({error}): {path}", hint=AGAIN) from error


def read_delta(archive: zipfile.ZipFile) -> Delta:
    """Raises :class:`ProductError` for an archive that is no delta, or one that this runtime does not know."""
    try:
        said = json.loads(_read(archive, HEADER))
        found = said["format"]
        if found == FORMAT:
            sums = parse_sums(_read(archive, BELOW + SUMS).decode("utf-8"))
            base, new = said["from"], said["to"]
            texts = (said["line"], said["name"], said["customer"], base["build"], base["version"], new["build"])
            if not all(isinstance(text, str) for text in texts):
                raise ValueError(f"it is described by {texts}, which are not all texts")
            _check_names(sums, new["build"])
            return Delta(*texts, sums)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ProductError(f"this file is no delta ({error})", hint=AGAIN) from error
    raise ProductError(
        f"the delta has format {found!r}; this build's runtime reads format {FORMAT}",
        hint="take the whole new build from the vendor",
    )


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > SMALL:
        raise ValueError(f"{name} is larger than any can be")
    return archive.read(name)


def _check_names(sums: dict[str, str], new: str) -> None:
    """What becomes a path has to stay inside: the hash of the new build names its folder, the sums its files."""
    if not re.fullmatch("[0-9a-f]{64}", new):
        raise ValueError(f"{new[:80]!r} is no hash of a build")
    for name in sums:
        if any(part in ("", ".", "..") for part in name.split("/")) or re.search(r"[\\:\0]", name):
            raise ValueError(f"{name[:80]!r} is no file of a build")


def check_base(delta: Delta, build: Build, found: str) -> None:
    """Raise :class:`ProductError` unless the delta is meant for this build, whose hash is ``found``."""
    if (delta.line, delta.name) != (build.line.name, build.name):
        raise ProductError(
            f"the delta is for '{delta.customer}' ({delta.name} of {delta.line}), and this build is for "
            f"'{build.customer}' ({build.name} of {build.line.name})"
        )
    if delta.base != found:
        raise ProductError(
            f"the delta is for another build: for {delta.base_version} ({delta.base[:12]}), and this one is "
            f"{build.line.version} ({found[:12]})",
            hint=f"ask for one that is made from {os.path.join(build.folder, 'build.json')}",
        )


def unpack_delta(archive: zipfile.ZipFile, delta: Delta, folder: str) -> None:
    """Write the files of the new build that the delta has into the folder; it has no others."""

    def place(member: str) -> str:
        below = member.removeprefix(BELOW)
        if member == HEADER:
            return ""
        if member == below or (below not in delta.sums and below not in (SUMS, SIGNATURE)):
            raise ProductError(f"the delta has a file that the new build has not: {member!r}", hint=AGAIN)
        return below

    total, packed = sum(member.file_size for member in archive.infolist()), os.path.getsize(archive.filename or "")
    if total > max(SMALL, RATIO * packed):
        raise ProductError(f"the delta would unpack to {total:,} bytes, and has {packed:,} itself", hint=AGAIN)
    extract(archive, folder, place, "the delta")
