"""Writes the members of an archive into a folder that none of them can leave."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Callable

from .errors import ProductError

__all__ = ["extract"]


def extract(archive: zipfile.ZipFile, folder: str, place: Callable[[str], str], whose: str) -> None:
    """Write every member to its ``place`` below ``folder`` (a path with slashes; empty where it is passed over).

    Raises :class:`ProductError`, in words about ``whose`` archive it is, at the first that does not stay inside.
    """
    for member in archive.infolist():
        if not _is_safe(member):
            raise ProductError(
                f"{whose} has a member that would be written outside its folder: {member.orig_filename!r}",
                hint="it is not to be trusted; tell the vendor",
            )
        below = place(member.filename)
        if below:
            _write(archive, member, os.path.join(folder, *below.split("/")))


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str) -> None:
    if member.is_dir():
        os.makedirs(path, exist_ok=True)
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with archive.open(member) as source, open(path, "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    if member.external_attr >> 16 & 0o111:
        os.chmod(path, 0o755)


def _is_safe(member: zipfile.ZipInfo) -> bool:
    """Whether the member stays where it belongs on every system; a link may lead anywhere."""
    name = member.orig_filename
    is_link = member.external_attr >> 28 == 0o12
    climbs = ".." in name.split("/") or name.startswith("/") or bool(re.match("[A-Za-z]:", name))
    return not (is_link or climbs or "\\" in name or "\0" in name)
