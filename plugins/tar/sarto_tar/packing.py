"""Packs the folder of a build into a tar archive in which nothing is of the machine that made it."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import zstandard
from sarto.derive.files import refusals

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["pack", "pack_compressed"]

EPOCH = 315532800
"""1980-01-01, in seconds since 1970: the date of every member, the earliest that zip archives know, too."""
LEVEL = 3
"""Wheels are compressed already: a higher level costs time and saves next to nothing."""


def pack(plan: Plan, bundle: Path, output: Path) -> Path:
    """Write ``bundle`` into ``output`` as ``<name>.tar`` and return its path; the same bundle gives the same bytes.

    Raises :class:`SartoError` where the file system refuses.
    """
    path = output / f"{plan.name}.tar"
    with refusals(f"packing the build '{plan.name}'"), path.open("wb") as file:
        _fill(file, plan, bundle)
    return path


def pack_compressed(plan: Plan, bundle: Path, output: Path) -> Path:
    """Write ``bundle`` into ``output`` as ``<name>.tar.zst`` and return its path.

    The same bundle gives the same bytes with the same version of the compressor.
    Raises :class:`SartoError` where the file system refuses.
    """
    path = output / f"{plan.name}.tar.zst"
    with (
        refusals(f"packing the build '{plan.name}'"),
        path.open("wb") as file,
        zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).stream_writer(file) as compressed,
    ):
        _fill(compressed, plan, bundle)
    return path


def _fill(file: IO[bytes], plan: Plan, bundle: Path) -> None:
    with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(_member(plan.name, tarfile.DIRTYPE, 0o755))
        for path in sorted(bundle.rglob("*")):
            name = f"{plan.name}/{path.relative_to(bundle).as_posix()}"
            if path.is_dir():
                archive.addfile(_member(name, tarfile.DIRTYPE, 0o755))
                continue
            with path.open("rb") as content:
                member = _member(name, tarfile.REGTYPE, 0o755 if path.name == f"{plan.launcher}.py" else 0o644)
                member.size = os.fstat(content.fileno()).st_size
                archive.addfile(member, content)


def _member(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    """A member that belongs to root by number, with no names of users in it."""
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.mtime = kind, mode, EPOCH
    return member
