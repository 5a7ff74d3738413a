"""What was derived from parts and lies in Sarto's cache to be used again: unpacked trees, layers, records of trials."""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from .cache import cache_folder
from .files import discard

__all__ = ["Derived", "remove", "unneeded"]

KEPT = frozenset({"parts", "locks", "unpacked", "bundles"})
"""The parts themselves, the versions that were decided on, and what products that run here keep for themselves."""
OURS = re.compile(r"\.making-.*|(?:[a-z]+-)?(?P<digest>[0-9a-f]{64})(?:\.json)?")
"""Names that Sarto and its plugins give: whatever else somebody has put into the folder is nobody's business here."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A folder or file in the cache that can be made again; ``size`` in bytes."""

    kind: str
    path: Path
    size: int

    @property
    def name(self) -> str:
        """Kind and name, short."""
        digest = self.path.name.removesuffix(".json")
        return f"{self.kind}/{digest[:-52] if len(digest) >= 64 else digest}"


def unneeded(needed: Collection[str]) -> tuple[Derived, ...]:
    """Everything derived but what says itself that it is of a part among the ``needed`` (their sha256s).

    Layers and environments name several parts, or none: they are made again in moments from the parts, and so is what
    a process that was killed left half-made.
    """
    cache = cache_folder()
    kinds = (
        sorted(path for path in cache.iterdir() if path.is_dir() and path.name not in KEPT) if cache.is_dir() else []
    )
    return tuple(each for kind in kinds for each in _of_kind(kind, needed))


def _of_kind(folder: Path, needed: Collection[str]) -> Iterator[Derived]:
    for path in sorted(folder.iterdir()):
        found = OURS.fullmatch(path.name)
        if found and not path.is_symlink() and not (found["digest"] in needed or _part_of(path) in needed):
            yield Derived(folder.name, path, _size(path))


def _part_of(record: Path) -> str:
    """The part that a record is about; empty where it says none."""
    if record.suffix != ".json":
        return ""
    try:
        return str(json.loads(record.read_bytes())["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if not file.is_dir())


def remove(derived: Derived) -> bool:
    """Remove it; a folder first gets a name under which nobody takes it for whole.

    False where it stays: in a lower layer of an overlay no folder gets another name, and to remove it would free
    nothing.
    """
    if not derived.path.is_dir():
        discard(derived.path)
        return True
    aside = derived.path.with_name(f".making-freed-{derived.path.name}")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        derived.path.rename(aside)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    shutil.rmtree(aside)
    return True
