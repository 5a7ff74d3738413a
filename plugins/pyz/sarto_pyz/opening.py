"""Takes a packed build apart again, trusting nothing in it, so that it can be verified."""

from __future__ import annotations

import filecmp
import zipfile
from collections.abc import Iterator
from pathlib import Path

from sarto.derive.extraction import Opened, unpack_zip
from sarto.derive.wheel import check_wheel
from sarto.errors import SartoError

from .packing import write_again

__all__ = ["unpack"]

OR_ELSE = "or packed by another version of sarto-pyz"


def unpack(file: Path, folder: Path) -> Opened:
    """The bundle that is in ``file``, below ``folder``.

    What stands around the bundle has no sums: it has to be what is packed around this bundle, to the byte. Raises
    :class:`SartoError` where the file is no such archive or not safe to unpack.
    """
    found, again = folder / "found", folder / "again"
    unpack_zip(file, found)
    bundle = found / "bundle"
    runtime = list(bundle.glob("parts/sarto_runtime-*.whl"))
    if len(runtime) != 1:
        raise SartoError("is not a build in one file: there is no runtime in it")
    check_wheel(runtime[0], runtime[0].name)
    repacked = folder / "again.pyz"
    try:
        write_again(bundle, repacked)
        unpack_zip(repacked, again)
    except (zipfile.BadZipFile, zipfile.LargeZipFile):
        return Opened(bundle, ("cannot be packed again, to be compared with what it was",))
    faults = tuple(_around(found, again))
    if not faults and not filecmp.cmp(file, repacked, shallow=False):
        faults = (f"was changed between its members, {OR_ELSE}",)
    return Opened(bundle, faults)


def _around(found: Path, again: Path) -> Iterator[str]:
    """What is wrong with the files beside the bundle."""
    theirs, ours = _files(found), _files(again)
    for name in sorted(theirs.keys() | ours.keys()):
        if name not in ours:
            yield f"its member '{name}' was added"
        elif name not in theirs:
            yield f"its member '{name}' is missing"
        elif ours[name] != theirs[name]:
            yield f"its member '{name}' was changed, {OR_ELSE}"


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    beside = (path for path in paths if path.relative_to(folder).parts[0] != "bundle")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in beside}
