"""Packs a build into one file: a line for the system, then a zip archive that Python starts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.derive.contents import Bundle, State, in_order, own_files, part_content, state_of
from sarto.derive.part import PARTS_FOLDER
from sarto.derive.pieces import write_pieces
from sarto.derive.seed import RUNTIME
from sarto.errors import SartoError

from .archive import Beginning, Entry, archive_of, beginning, entry_of

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["pack", "write_again"]

SHEBANG = b"#!/usr/bin/env python3\n"
BUNDLE = "bundle"


def pack(plan: Plan, bundle: Bundle, output: Path) -> Path:
    """Write the build into ``output`` as ``<name>.pyz`` and return its path; the same build gives the same bytes.

    Of ``bundle`` all is taken but the parts, which come from where the plan says.
    Everything is stored as it is: wheels are compressed already, and other zlibs would give other bytes. The
    runtime stands in the archive once more, in the clear, for Python cannot import out of an archive in an archive.
    Raises :class:`SartoError` where the build is too large for that, a part is damaged, or the file cannot be written.
    """
    path = output / f"{plan.launcher}.pyz"
    (runtime,) = (part.path for part in plan.parts if part.name == RUNTIME)
    try:
        _write(path, runtime, _entries(plan, bundle))
    except zipfile.LargeZipFile as error:
        raise SartoError(
            f"the build '{plan.name}' is too large for a file that every Python can start (2 GiB, 65,535 members)",
            hint="build it as a folder: --format bundle",
        ) from error
    except OSError as error:
        raise SartoError(f"packing the build '{plan.name}' failed: {error.strerror}") from error
    return path


def write_again(bundle: Path, path: Path) -> None:
    """Write the whole folder ``bundle`` into the file ``path``, to be held against what was packed.

    Raises what zip files and the file system raise.
    """
    (runtime,) = bundle.glob(f"{PARTS_FOLDER}/sarto_runtime-*.whl")
    files = sorted(file for file in bundle.rglob("*") if file.is_file())
    named = ((f"{BUNDLE}/{file.relative_to(bundle).as_posix()}", file) for file in files)
    _write(path, runtime, (entry_of(name, file.read_bytes()) for name, file in named))


def _write(path: Path, runtime: Path, entries: Iterable[Entry]) -> None:
    write_pieces(path, archive_of(_begun(runtime, state_of(runtime)), entries))
    path.chmod(0o755)


def _entries(plan: Plan, bundle: Bundle) -> Iterator[Entry]:
    """All files of the build, in the order of their paths."""
    own, parts = own_files(bundle), {f"{PARTS_FOLDER}/{part.filename}": part for part in plan.parts}
    for name in in_order([*own, *parts]):
        if name in own:
            yield entry_of(f"{BUNDLE}/{name}", own[name])
        else:
            content, crc = part_content(parts[name])
            yield Entry(f"{BUNDLE}/{name}", len(content), crc, content)


@lru_cache(8)
def _begun(runtime: Path, state: State) -> Beginning:  # noqa: ARG001  (the state is what it is remembered by)
    """What starts the build: the same text in every file, and the modules of its own runtime."""
    text = resources.files(__package__).joinpath("self_start.py").read_bytes()
    with zipfile.ZipFile(runtime) as archive:
        names = [name for name in sorted(archive.namelist()) if name.startswith("sarto_runtime/")]
        modules = [entry_of(name, archive.read(name)) for name in names if name.endswith(".py")]
    return beginning(SHEBANG, [entry_of("__main__.py", text), *modules])
