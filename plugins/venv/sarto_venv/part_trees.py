"""Parts installed, each in a folder of its own in Sarto's cache, to whose files all environments link."""

from __future__ import annotations

import configparser
import csv
import hashlib
import json
import os
import shutil
import sys
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installer import install
from installer.exceptions import InstallerError
from installer.records import InvalidRecordEntry
from installer.sources import WheelFile
from sarto.derive.files import file_digest
from sarto.derive.made_once import made_once
from sarto.derive.sums import files_below
from sarto.errors import SartoError

from .destination import BESIDE, environment_below

if TYPE_CHECKING:
    from sarto.derive.part import Part

__all__ = ["PartTree", "part_tree"]

FORMAT = 2
"""Of the trees: another number where the same part would give other bytes."""
FAULTS = (
    InstallerError, InvalidRecordEntry, zipfile.BadZipFile, zlib.error, EOFError, configparser.Error, csv.Error,
    FileExistsError, ValueError, KeyError, AssertionError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class PartTree:
    """A part, installed in ``folder``; ``files`` are those below it with their hashes, by their paths.

    There is one of each part, so that what is derived from it can be remembered without a look at all files.
    """

    folder: Path
    files: tuple[tuple[str, str], ...]


def part_tree(part: Part, cache: str) -> PartTree:
    """The part installed for the running Python, in a folder of its own in ``cache``, now or by an earlier build.

    Each process checks every file once. Raises :class:`SartoError` where the wheel cannot be installed, and
    :class:`OSError` where the system refuses.
    """
    return _whole(f"{cache}{os.sep}{_key(part.filename, part.sha256)}", _Wheel(part))


@lru_cache(maxsize=4096)
def _key(filename: str, sha256: str) -> str:
    said = [FORMAT, list(sys.version_info), filename, sha256, BESIDE.decode()]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class _Wheel:
    """A part that is the same as every other: which one it is, the place says."""

    def __init__(self, part: Part) -> None:
        self.part = part

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wheel)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4096)
def _whole(folder: str, wheel: _Wheel) -> PartTree:
    place = Path(folder)
    try:
        tree = _read(place)
        if any(file_digest(tree.folder / name) != digest for name, digest in tree.files):
            raise ValueError("a file was changed")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        shutil.rmtree(place, ignore_errors=True)
        made_once(place, partial(_fill, wheel.part))
        tree = _read(place)
    return tree


def _read(place: Path) -> PartTree:
    said: dict[str, Any] = json.loads((place / "files.json").read_text(encoding="utf-8"))
    return PartTree(place / "tree", tuple(sorted(said["files"].items())))


def _fill(part: Part, folder: Path) -> None:
    tree = folder / "tree"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        with WheelFile.open(part.path) as source, warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # bytecode of a wheel's own is not taken but made here
            install(source, environment_below(tree, part.name, python), {"INSTALLER": b"sarto\n"})
    except UnicodeEncodeError:
        raise  # for want of letters in the locale, which is no fault of the wheel
    except FAULTS as error:
        raise SartoError(
            f"part '{part.name}' {part.version} cannot be installed: {_reason(error)}",
            hint="have its wheel built anew, or build a folder, whose launcher unpacks it: --format bundle",
        ) from error
    names = list(files_below(tree))
    for name in names:  # they are shared: a slip of an editor in one environment must not reach the others
        path = tree / name
        path.chmod(0o555 if path.stat().st_mode & 0o111 else 0o444)
    said = {"files": {name: file_digest(tree / name) for name in names}}
    (folder / "files.json").write_text(json.dumps(said), encoding="utf-8")


def _reason(error: Exception) -> str:
    """What an installer has against a wheel, in words; it also raises what has none."""
    if isinstance(error, FileExistsError):
        return f"two of its files go to one place, '{Path(str(error).partition(': ')[2]).name}'"
    said = str(error.args[-1]) if error.args else ""
    return said or "its metadata are not what the standard says"
