"""Making a line's lock, once for each content of what goes into it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import NormalizedName

from ..errors import SartoError, raise_all
from .building import SourceWheel
from .cache import cache_folder, made
from .closure import versions_depend_on
from .discord import Discord, discords
from .files import link_or_copy, refusals
from .lockfile import Lock, read_lock
from .locking import hold
from .progress import Progress
from .project import WHEELS, project_toml
from .request import LineRequest
from .source_wheels import source_wheels
from .sources import Sources
from .store import PartStore
from .uv import choosing, run_uv
from .uv_words import PROJECT, UnknownPartError, blamed, discord_error, is_unsatisfiable, lock_error

__all__ = ["LineLock", "LockInput", "lock_line"]

FORMAT = 1
"""Part of each lock's key: raised when the same input would be locked in another way."""

APART = "apart.json"
"""Beside a lock: the further pairs of features that it holds only for because they never go together."""

Pairs = tuple[tuple[str, str], ...]
Wheels = Mapping[NormalizedName, tuple[SourceWheel, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockInput:
    """Everything that a lock depends on, besides the index.

    ``conflicts`` are pairs of features that never go together, and ``are_apart`` says it of any features, also of those
    that only several constraints keep apart. ``committed`` is the text of the lock that the vendor keeps, whose
    versions stay as long as they fit; an empty text where there is none.
    """

    request: LineRequest
    sources: Sources
    pythons: tuple[str, ...]
    conflicts: Pairs = ()
    are_apart: Callable[[Collection[str]], bool] = lambda features: False  # noqa: ARG005
    committed: str = ""


@dataclass(frozen=True, slots=True)
class LineLock:
    """A lock, and the wheels in it that come from the line's sources, by file name. ``text`` is uv's lock file.

    ``telling`` are the features, by their names in the lock, on which versions depend.
    """

    lock: Lock
    source_wheels: Mapping[str, SourceWheel]
    text: str
    telling: frozenset[str] = frozenset()


def lock_line(asked: LockInput, store: PartStore, progress: Progress, *, anew: bool = False) -> LineLock:
    """Resolve the line's parts together, or, unless ``anew``, take the lock that an earlier run made of the same input.

    Raises :class:`SartoErrors` with every least set of features that may go together and whose parts do not, or
    :class:`SartoError` where a part does not exist, or the index cannot be reached.
    """
    names = {each.name for each in asked.request}
    while True:
        wheels = source_wheels(names, asked.sources, store, progress)
        try:
            lock, text = _cached(asked, wheels, progress, anew)
            needed = set(lock.packages)
        except UnknownPartError as error:
            if error.part in wheels or error.part not in asked.sources:
                raise
            needed = {error.part}
        # Parts from the index may require some that the line has the source of.
        missed = {name for name in asked.sources.parts if name in needed and name not in wheels}
        if not missed:
            break
        names |= missed
    _check_origins(lock, wheels)
    source_wheels_by_name = {wheel.filename: wheel for found in wheels.values() for wheel in found}
    return LineLock(lock, source_wheels_by_name, text, versions_depend_on(lock))


def _check_origins(lock: Lock, wheels: Wheels) -> None:
    for name in wheels:
        for package in lock.packages.get(name, ()):
            if package.origin != WHEELS:
                raise SartoError(
                    f"part '{name}' was taken from '{package.origin}', although the line has its source",
                    hint="an index in UV_INDEX, or UV_INDEX_STRATEGY, goes before the line's own sources: take it out",
                )


def _cached(asked: LockInput, wheels: Wheels, progress: Progress, anew: bool) -> tuple[Lock, str]:
    locks = made(cache_folder() / "locks")
    key = _key(asked, wheels)
    found = None if anew else _read(locks / key, asked)
    if found is None:
        with hold(locks / f"{key}.lock", lambda: progress("waiting for another Sarto that locks this line")):
            found = None if anew else _read(locks / key, asked)
            found = found or _make(asked, wheels, locks / key, progress)
    return found


def _key(asked: LockInput, wheels: Wheels) -> str:
    content = [
        FORMAT,
        project_toml(asked.request, asked.pythons, asked.conflicts),
        sorted((wheel.filename, wheel.sha256) for found in wheels.values() for wheel in found),
        asked.committed,
        choosing(),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _read(folder: Path, asked: LockInput) -> tuple[Lock, str] | None:
    """The lock in a folder of the cache; None where it is not there, is damaged, or keeps apart what now may meet."""
    try:
        if not all(map(asked.are_apart, json.loads((folder / APART).read_text(encoding="utf-8")))):
            return None
        text = (folder / "uv.lock").read_text(encoding="utf-8")
        return read_lock(text, folder, PROJECT), text
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make(asked: LockInput, wheels: Wheels, folder: Path, progress: Progress) -> tuple[Lock, str]:
    progress("resolving the line's parts")
    # Beside the final folder, and as deep: paths in a lock are relative. Who holds the key may clear what a
    # process that was stopped left there.
    work = folder.with_name(f".making-{folder.name}")
    shutil.rmtree(work, ignore_errors=True)
    try:
        with refusals("writing to Sarto's cache"):
            _lay_out(work, asked, wheels)
        apart = _lock(work, asked, progress)
        (work / APART).write_text(json.dumps(apart), encoding="utf-8")
        shutil.rmtree(work / WHEELS)
        shutil.rmtree(folder, ignore_errors=True)
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    found = _read(folder, asked)
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
        (work / "uv.lock").write_text(asked.committed, encoding="utf-8")


def _lock(work: Path, asked: LockInput, progress: Progress) -> Pairs:
    """Lock with everything together; where that cannot be, with what excludes each other apart.

    Returns the pairs that are kept apart besides the ``conflicts``.
    """
    said = ""
    for conflicts in ((), asked.conflicts) if asked.conflicts else ((),):
        said = _refusal(work, asked, tuple(asked.request.features), conflicts)
        if not said:
            return ()
    return _lock_apart(work, asked, progress)


def _lock_apart(work: Path, asked: LockInput, progress: Progress) -> Pairs:
    """Find all features whose parts do not go together, and lock where only such do not that are never in one build."""
    progress("looking for the features whose parts do not go together")
    found = list(
        discords(
            tuple(asked.request.features),
            lambda features, conflicts: _refusal(work, asked, features, conflicts),
            lambda said: blamed(said, asked.request),
            asked.conflicts,
        )
    )
    order = [*asked.request.features].index
    found = sorted(found, key=lambda each: [order(name) for name in each.features])
    raise_all(_error(asked, each) for each in found if not asked.are_apart(each.features))
    raise_all(_no_one_lock(asked, each) for each in found if len(each.features) > 2)
    apart = tuple((first, second) for first, second in (each.features for each in found))
    said = _refusal(work, asked, tuple(asked.request.features), (*asked.conflicts, *apart))
    if said:
        raise lock_error(said, asked.request, asked.sources)
    return apart


def _refusal(work: Path, asked: LockInput, features: Collection[str], conflicts: Sequence[tuple[str, str]]) -> str:
    """Lock the parts of some features; an empty text, or why no versions of them fit. Raises for any other failure."""
    request = replace(asked.request, features={name: asked.request.features[name] for name in features})
    (work / "pyproject.toml").write_text(project_toml(request, asked.pythons, conflicts), encoding="utf-8")
    answer = run_uv(["lock", "--no-build"], work)
    if answer.is_good:
        return ""
    error = lock_error(answer.said, asked.request, asked.sources)
    if isinstance(error, UnknownPartError) or not is_unsatisfiable(answer.said):
        raise error
    return answer.said


def _error(asked: LockInput, discord: Discord) -> SartoError:
    return discord_error(discord.features, lock_error(discord.said, asked.request, asked.sources))


def _no_one_lock(asked: LockInput, discord: Discord) -> SartoError:
    """Features of which any two go together, and all of them neither need nor can."""
    error = lock_error(discord.said, asked.request, asked.sources)
    return SartoError(
        f"{error.what}\n  no build has them all, but the line has one lock, and no two of them exclude each other",
        where=error.where,
        hint="loosen one of the requirements, or let two of these features exclude each other",
    )
