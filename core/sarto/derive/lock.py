"""Making a line's lock, once for each content of what goes into it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from packaging.utils import NormalizedName

from ..errors import SartoError
from .building import SourceWheel
from .cache import cache_folder, made
from .camp_locks import CampLock, LineLock
from .camps import camps, split_text
from .closure import versions_depend_on
from .files import link_or_copy, refusals
from .lockfile import Lock, read_lock
from .locking import hold
from .progress import Progress
from .project import WHEELS, project_toml
from .resolving import LockInput, lock_file, resolve
from .source_wheels import source_wheels
from .store import PartStore
from .uv import choosing
from .uv_words import PROJECT, UnknownPartError

__all__ = ["lock_line"]


FORMAT = 2
"""Part of each lock's key: raised when the same input would be locked in another way."""

KEPT = "kept.json"
"""Beside a lock: the further sets of features that it holds only for because they never go together, and those whose
parts have no wheels together."""

Wheels = Mapping[NormalizedName, tuple[SourceWheel, ...]]


def lock_line(asked: LockInput, store: PartStore, progress: Progress, *, anew: bool = False) -> LineLock:
    """Resolve the line's parts together, or, unless ``anew``, take the lock that an earlier run made of the same input.

    Raises :class:`SartoErrors` with every least set of features that may go together and whose parts do not, or
    :class:`SartoError` where a part does not exist, or the index cannot be reached.
    """
    names: dict[NormalizedName, list[str]] = {}
    for each in asked.request:
        names.setdefault(each.name, []).append(each.feature)
    while True:
        wheels = source_wheels(names, asked.sources, store, progress)
        try:
            locked = _cached(asked, wheels, progress, anew)
            needed = {name for each in locked.locks for name in each.lock.packages}
        except UnknownPartError as error:
            if error.part in wheels or error.part not in asked.sources:
                raise
            needed = {error.part}
        # Parts from the index may require some that the line has the source of.
        missed = {name for name in asked.sources.parts if name in needed and name not in wheels}
        if not missed:
            break
        names |= {name: [] for name in missed}
    for camp in locked.locks:
        _check_origins(camp.lock, wheels)
    return locked


def _check_origins(lock: Lock, wheels: Wheels) -> None:
    for name in wheels:
        for package in lock.packages.get(name, ()):
            if package.origin != WHEELS:
                raise SartoError(
                    f"part '{name}' was taken from '{package.origin}', although the line has its source",
                    hint="an index in UV_INDEX, or UV_INDEX_STRATEGY, goes before the line's own sources: take it out",
                )


def _cached(asked: LockInput, wheels: Wheels, progress: Progress, anew: bool) -> LineLock:
    locks = made(cache_folder() / "locks")
    key = _key(asked, wheels)
    found = None if anew else _read(locks / key, asked, wheels)
    if found is None:
        with hold(locks / f"{key}.lock", lambda: progress("waiting for another Sarto that locks this line")):
            found = None if anew else _read(locks / key, asked, wheels)
            found = found or _make(asked, wheels, locks / key, progress)
    return found


def _key(asked: LockInput, wheels: Wheels) -> str:
    content = [
        FORMAT,
        project_toml(asked.request, asked.scopes[0], asked.conflicts),
        sorted((wheel.filename, wheel.sha256) for found in wheels.values() for wheel in found),
        asked.committed,
        choosing(),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _read(folder: Path, asked: LockInput, wheels: Wheels) -> LineLock | None:
    """The locks in a folder of the cache; None where one is not there or damaged, or keeps apart what now may meet."""
    try:
        apart, lacking = json.loads((folder / KEPT).read_text(encoding="utf-8"))
        if not all(map(asked.are_apart, apart)):
            return None
        left_out = camps(tuple(asked.request.features), apart)
        texts = [lock_file(folder, index).read_text(encoding="utf-8") for index in range(len(left_out))]
        locks = tuple(
            CampLock(frozenset(without), read_lock(text, folder, PROJECT), text)
            for without, text in zip(left_out, texts, strict=True)
        )
        telling = frozenset(asked.request.extras[name] for each in locks for name in each.without)
        return LineLock(
            locks,
            {wheel.filename: wheel for found in wheels.values() for wheel in found},
            telling.union(*(versions_depend_on(each.lock) for each in locks)),
            tuple(map(tuple, lacking)),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make(asked: LockInput, wheels: Wheels, folder: Path, progress: Progress) -> LineLock:
    progress("resolving the line's parts")
    # Beside the final folder, and as deep: paths in a lock are relative. Who holds the key may clear what a
    # process that was stopped left there.
    work = folder.with_name(f".making-{folder.name}")
    shutil.rmtree(work, ignore_errors=True)
    try:
        with refusals("writing to Sarto's cache"):
            _lay_out(work, asked, wheels)
            kept = resolve(work, asked, progress)
            (work / KEPT).write_text(json.dumps(kept), encoding="utf-8")
            shutil.rmtree(work / WHEELS)
            shutil.rmtree(folder, ignore_errors=True)
            work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    found = _read(folder, asked, wheels)
    if found is None:
        raise SartoError(
            "uv made a lock that this Sarto cannot read", hint="install the version of uv that Sarto asks for"
        )
    return found


def _lay_out(work: Path, asked: LockInput, wheels: Wheels) -> None:
    (work / WHEELS).mkdir(parents=True)
    for found in wheels.values():
        for wheel in found:
            link_or_copy(wheel.path, work / WHEELS / wheel.filename)
    if asked.committed:
        (work / "uv.lock").write_text(split_text(asked.committed)[0], encoding="utf-8")
