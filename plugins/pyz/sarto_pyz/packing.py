"""Packs the folder of a build into one file: a line for the system, then a zip archive that Python starts."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.errors import SartoError

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["pack", "write"]

SHEBANG = b"#!/usr/bin/env python3\n"
EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(plan: Plan, bundle: Path, output: Path) -> Path:
    """Write ``bundle`` into ``output`` as ``<name>.pyz`` and return its path; the same bundle gives the same bytes.

    Everything is stored as it is: wheels are compressed already, and other zlibs would give other bytes. The
    runtime stands in the archive once more, in the clear, for Python cannot import out of an archive in an archive.
    Raises :class:`SartoError` where the build is too large for that, or the file cannot be written.
    """
    path = output / f"{plan.launcher}.pyz"
    try:
        write(bundle, path)
    except zipfile.LargeZipFile as error:
        raise SartoError(
            f"the build '{plan.name}' is too large for a file that every Python can start (2 GiB, 65,535 members)",
            hint="build it as a folder: --format bundle",
        ) from error
    except OSError as error:
        raise SartoError(f"packing the build '{plan.name}' failed: {error.strerror}") from error
    return path


def write(bundle: Path, path: Path) -> None:
    """Write ``bundle`` into the file ``path``. Raises what zip files and the file system raise."""
    with path.open("wb") as file:
        file.write(SHEBANG)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
            _fill(archive, bundle)
    path.chmod(0o755)


def _fill(archive: zipfile.ZipFile, bundle: Path) -> None:
    _add(archive, "__main__.py", resources.files(__package__).joinpath("self_start.py").read_bytes())
    for name, content in _runtime(bundle):
        _add(archive, name, content)
    for file in sorted(path for path in bundle.rglob("*") if path.is_file()):
        entry = _entry(f"bundle/{file.relative_to(bundle).as_posix()}")
        entry.file_size = file.stat().st_size
        with file.open("rb") as source, archive.open(entry, "w") as target:
            shutil.copyfileobj(source, target, 1 << 20)


def _runtime(bundle: Path) -> Iterator[tuple[str, bytes]]:
    """The modules of the bundle's own runtime, by their paths in its wheel."""
    (wheel,) = bundle.glob("parts/sarto_runtime-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("sarto_runtime/") and name.endswith(".py"):
                yield name, archive.read(name)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_entry(name), content)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry
