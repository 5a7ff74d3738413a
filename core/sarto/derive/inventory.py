"""What lies in the part store: which parts, whole or damaged, and which of them the builds on this disk need."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import SartoError
from .derived import Derived, remove
from .derived import unneeded as derived_in_vain
from .files import discard, file_digest, refusals
from .manifest import MANIFEST
from .store import OWN, PartStore, throw_away
from .store_use import alone

__all__ = ["Freed", "Stored", "count_users", "discard_damaged", "free", "stored_parts"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A wheel in the store, or what lies in the place of one; ``size`` in bytes, 0 of what is no file."""

    filename: str
    sha256: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True)
class Freed:
    """What no build needs: wheels, and what was derived from parts."""

    parts: tuple[Stored, ...]
    derived: tuple[Derived, ...]

    @property
    def size(self) -> int:
        """The bytes of all of it."""
        return sum(part.size for part in self.parts) + sum(each.size for each in self.derived)


def stored_parts(store: PartStore) -> tuple[Stored, ...]:
    """All wheels in the store, by file name."""
    return tuple(part for part in _places(store) if part.path.is_file())


def _places(store: PartStore) -> tuple[Stored, ...]:
    """What lies where wheels belong, be it none."""
    found = [
        Stored(path.name, path.parent.name, path.stat().st_size if path.is_file() else 0, path)
        for path in store.folder.glob("??/*/*.whl")
    ]
    return tuple(sorted(found, key=lambda part: (part.filename, part.sha256)))


def count_users(folders: Iterable[Path]) -> Counter[str]:
    """How many of the builds below the folders need a part, by its sha256.

    Raises :class:`SartoError` for a folder that is not there, or a build that does not say what it needs: to take
    it for one without parts could cost it these.
    """
    builds = dict.fromkeys(file.resolve() for folder in folders for file in _manifests(folder))
    return Counter(sha256 for file in builds for sha256 in _needed(file))


def _manifests(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise SartoError("there is no such folder of builds", where=str(folder))
    for path, folders, files in os.walk(folder, onerror=_refuse):
        folders.sort()
        if MANIFEST in files:
            folders.clear()
            yield Path(path, MANIFEST)


def _refuse(error: OSError) -> None:
    raise error


def _needed(file: Path) -> frozenset[str]:
    try:
        return frozenset(str(part["sha256"]) for part in json.loads(file.read_bytes())["parts"])
    except (ValueError, KeyError, TypeError) as error:
        raise SartoError(
            "this build does not say which parts it needs", where=str(file), hint="build it again, or remove it"
        ) from error


def discard_damaged(store: PartStore) -> tuple[Stored, ...]:
    """Check every wheel against its hash; those that are damaged are removed, to be fetched again, and returned.

    So is what is no file at all: a folder, a link that leads nowhere.
    """
    with refusals("checking the part store"):
        damaged = tuple(
            part for part in _places(store) if not part.path.is_file() or file_digest(part.path) != part.sha256
        )
    for part in damaged:
        with refusals(f"'{part.filename}' in the part store is damaged, and throwing it away", OWN):
            throw_away(part.path)
    return damaged


def free(store: PartStore, folders: Iterable[Path], *, dry_run: bool = False) -> Freed:
    """Remove the wheels that no build below the folders needs, and what was derived from parts and no build needs.

    What is removed, or with ``dry_run`` would be, is returned.

    Raises :class:`SartoError` while a build is being made with the store, and removes nothing then.
    """
    with refusals("freeing the part store"), alone(store):
        needed = count_users(folders)
        unneeded = tuple(part for part in stored_parts(store) if part.sha256 not in needed)
        derived = derived_in_vain(needed)
        if not dry_run:
            store.sweep()
        for part in () if dry_run else unneeded:
            discard(part.path)
            with suppress(OSError):  # another wheel of the same bytes may be there
                part.path.parent.rmdir()
        freed = tuple(each for each in derived if dry_run or remove(each))
    return Freed(unneeded, freed)
