"""The bundle: a build as a folder, which every other build format starts from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ..errors import SartoError
from .contents import folders_above
from .files import link_or_copy, refusals, write_new
from .json_text import as_json
from .manifest import MANIFEST, manifest
from .members import climbs_out
from .part import PARTS_FOLDER, Part, damaged
from .plan import Plan
from .seed import launcher_source
from .standard_lock import STANDARD_LOCK, standard_lock
from .sums import SIGNATURE, SUMS, UPGRADES, sums_text
from .vouching import NOTHING, PROVENANCES, Vouching, vouched

__all__ = ["assemble", "bundle_files", "bundle_sums", "link_parts", "write_bundle"]


def assemble(
    plan: Plan,
    extra_files: Mapping[str, bytes],
    folder: Path,
    vouching: Vouching = NOTHING,
) -> bool:
    """Write the build into ``folder``, which is empty or not there yet; whether its parts are the store's own files.

    The files are those of :func:`bundle_files`. Raises what that and :func:`write_bundle` raise.
    """
    return write_bundle(plan, bundle_files(plan, extra_files, vouching), folder)


def bundle_files(plan: Plan, extra_files: Mapping[str, bytes], vouching: Vouching = NOTHING) -> dict[str, bytes]:
    """Everything in a build but its parts, by POSIX paths below its folder; the same plan and key give the same bytes.

    ``extra_files`` are those of plugins. The build is vouched for as ``vouching`` says. Raises :class:`SartoError`
    where a plugin's file has a place that is taken or outside the folder.
    """
    files = _small_files(plan, extra_files)
    return files | vouched(_digests(plan, files), plan, vouching)


def write_bundle(plan: Plan, files: Mapping[str, bytes], folder: Path) -> bool:
    """Write what :func:`bundle_files` gave, and the parts, into ``folder``; whether these are the store's own files.

    Raises :class:`SartoError` where a part is damaged, or the file system refuses.
    """
    with refusals("writing the build"):
        _write_files(folder, files)
        os.chmod(folder / f"{plan.launcher}.py", 0o755)  # noqa: PTH101  (a system call for each build)
        return link_parts(folder / PARTS_FOLDER, plan.parts)


def bundle_sums(plan: Plan, extra_files: Mapping[str, bytes]) -> bytes:
    """The ``SHA256SUMS`` of a build that nothing vouches for: where they are the same, so is every byte of it."""
    return sums_text(_digests(plan, _small_files(plan, extra_files)))


def _small_files(plan: Plan, extra_files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Everything but the parts and the sums."""
    files = {
        MANIFEST: as_json(manifest(plan)),
        STANDARD_LOCK: standard_lock(plan),
        f"{plan.launcher}.py": launcher_source(),
        **plan.brand_files,
    }
    _check(extra_files, files)
    return files | dict(extra_files)


def _digests(plan: Plan, files: Mapping[str, bytes]) -> dict[str, str]:
    sums = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    return sums | {f"{PARTS_FOLDER}/{part.filename}": part.sha256 for part in plan.parts}


def _check(extra_files: Mapping[str, bytes], files: Mapping[str, bytes]) -> None:
    taken = {path.casefold() for path in (*files, SUMS, SIGNATURE, *PROVENANCES, PARTS_FOLDER, UPGRADES)}
    for path in extra_files:
        top = PurePosixPath(path).parts[:1]
        if climbs_out(path) or not top or "\\" in path or PurePosixPath(path).as_posix() != path:
            raise SartoError(f"a plugin adds the file '{path}', which is no path below the build")
        if path.casefold() in taken or top[0].casefold() in (PARTS_FOLDER, UPGRADES):
            raise SartoError(f"a plugin adds the file '{path}', which the build has already")


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """With plain texts, which take less of a further build's time than paths do."""
    folder.mkdir(parents=True, exist_ok=True)
    below = f"{folder}{os.sep}"
    for path in folders_above(files):
        os.mkdir(below + path)  # noqa: PTH102
    for path, content in files.items():
        write_new(below + path, content)


def link_parts(folder: Path, parts: tuple[Part, ...]) -> bool:
    """Put the parts into the new ``folder``; whether all are the store's own files.

    Raises :class:`SartoError` where one is damaged, and :class:`OSError` where the file system refuses.
    """
    are_linked = True
    folder.mkdir()
    below, link, stat = f"{folder}{os.sep}", os.link, os.stat
    for part in parts:  # system calls on texts: with paths they would take most of a further build's time
        path = str(part.path)
        if stat(path).st_size != part.size:
            raise damaged(part.name)
        try:
            link(path, below + part.filename)
        except OSError:
            are_linked = link_or_copy(part.path, folder / part.filename) and are_linked
    return are_linked
