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
from .camps import camps, split_text, whole_text
from .closure import versions_depend_on
from .discord import Discord, discords
from .exclusion import further_pairs, widened
from .files import link_or_copy, refusals
from .lockfile import Lock, read_lock
from .locking import hold
from .progress import Progress
from .project import WHEELS, project_toml
from .request import LineRequest
from .scope import Scope, refused
from .source_wheels import source_wheels
from .sources import Sources
from .store import PartStore
from .uv import choosing, run_uv
from .uv_words import PROJECT, UnknownPartError, blamed, discord_error, is_unsatisfiable, lock_error

__all__ = ["CampLock", "LineLock", "LockInput", "lock_line"]

FORMAT = 1
"""Part of each lock's key: raised when the same input would be locked in another way."""

APART = "apart.json"
"""Beside a lock: the further sets of features that it holds only for because they never go together."""

Pair = tuple[str, str]
Pairs = Sequence[Pair]
Sets = Sequence[Sequence[str]]
Wheels = Mapping[NormalizedName, tuple[SourceWheel, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockInput:
    """Everything that a lock depends on, besides the index.

    ``scopes`` are where it may hold, the best first. ``conflicts`` are pairs of features that never go together, and
    ``are_apart`` says it of any features, also where several constraints do; ``rule_against`` is one that would.
    ``committed`` is the text of the vendor's own lock, whose versions stay as long as they fit, or an empty text.
    """

    request: LineRequest
    sources: Sources
    scopes: tuple[Scope, ...]
    conflicts: Pairs = ()
    are_apart: Callable[[Collection[str]], bool] = lambda features: False  # noqa: ARG005
    rule_against: Callable[[Sequence[str]], str] = " & ".join
    committed: str = ""


@dataclass(frozen=True, slots=True)
class CampLock:
    """The lock of those builds that have none of the features ``without``; ``text`` is uv's lock file."""

    without: frozenset[str]
    lock: Lock
    text: str


@dataclass(frozen=True, slots=True)
class LineLock:
    """The locks of a line, mostly one, and the wheels in them that come from its sources, by file name.

    There are several where three or more features exclude each other only all together. ``telling`` are the features,
    by their names in the lock, on which versions depend.
    """

    locks: tuple[CampLock, ...]
    source_wheels: Mapping[str, SourceWheel]
    telling: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """All of them, as one file: uv's lock file where there is one."""
        return whole_text([each.text for each in self.locks])

    def place_of(self, features: Collection[str]) -> int:
        """Which of the locks is for builds with these features: the first of those that fit.

        Raises SartoError where none does: then no build of the line has them all.
        """
        for index, each in enumerate(self.locks):
            if each.without.isdisjoint(features):
                return index
        names = ", ".join(f"'{name}'" for name in sorted(features))
        raise SartoError(f"no lock of the line has parts for {names} together", hint="no build may have them all")


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
            locks = _cached(asked, wheels, progress, anew)
            needed = {name for each in locks for name in each.lock.packages}
        except UnknownPartError as error:
            if error.part in wheels or error.part not in asked.sources:
                raise
            needed = {error.part}
        # Parts from the index may require some that the line has the source of.
        missed = {name for name in asked.sources.parts if name in needed and name not in wheels}
        if not missed:
            break
        names |= {name: [] for name in missed}
    for camp in locks:
        _check_origins(camp.lock, wheels)
    source_wheels_by_name = {wheel.filename: wheel for found in wheels.values() for wheel in found}
    telling = frozenset(asked.request.extras[name] for each in locks for name in each.without)
    return LineLock(locks, source_wheels_by_name, telling.union(*(versions_depend_on(each.lock) for each in locks)))


def _check_origins(lock: Lock, wheels: Wheels) -> None:
    for name in wheels:
        for package in lock.packages.get(name, ()):
            if package.origin != WHEELS:
                raise SartoError(
                    f"part '{name}' was taken from '{package.origin}', although the line has its source",
                    hint="an index in UV_INDEX, or UV_INDEX_STRATEGY, goes before the line's own sources: take it out",
                )


def _cached(asked: LockInput, wheels: Wheels, progress: Progress, anew: bool) -> tuple[CampLock, ...]:
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
        project_toml(asked.request, asked.scopes[0], asked.conflicts),
        sorted((wheel.filename, wheel.sha256) for found in wheels.values() for wheel in found),
        asked.committed,
        choosing(),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _read(folder: Path, asked: LockInput) -> tuple[CampLock, ...] | None:
    """The locks in a folder of the cache; None where one is not there or damaged, or keeps apart what now may meet."""
    try:
        apart = json.loads((folder / APART).read_text(encoding="utf-8"))
        if not all(map(asked.are_apart, apart)):
            return None
        left_out = camps(tuple(asked.request.features), apart)
        texts = [_file(folder, index).read_text(encoding="utf-8") for index in range(len(left_out))]
        return tuple(
            CampLock(frozenset(without), read_lock(text, folder, PROJECT), text)
            for without, text in zip(left_out, texts, strict=True)
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file(folder: Path, index: int) -> Path:
    return folder / (f"uv-{index}.lock" if index else "uv.lock")


def _make(asked: LockInput, wheels: Wheels, folder: Path, progress: Progress) -> tuple[CampLock, ...]:
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
        (work / "uv.lock").write_text(split_text(asked.committed)[0], encoding="utf-8")


def _lock(work: Path, asked: LockInput, progress: Progress) -> Sets:
    """Lock with everything together; where that cannot be, with what excludes each other apart.

    Returns the sets of features that are kept apart besides the ``conflicts``.
    """
    features = tuple(asked.request.features)
    apart: dict[Pair, None] = {}

    def refusal(scope: Scope) -> str:
        apart.clear()
        while said := _refusal(work, asked, features, [*apart], scope):
            further = further_pairs(blamed(said, asked.request), apart, asked.conflicts)
            if not further:
                return said
            apart.update(dict.fromkeys(further))
        return ""

    return _lock_apart(work, asked, [*apart], progress) if refused(asked.scopes, refusal) else ()


def _lock_apart(work: Path, asked: LockInput, known: Pairs, progress: Progress) -> Sets:
    """Find all features whose parts do not go together, and lock where only such do not that are never in one build."""
    progress("looking for the features whose parts do not go together")
    features = tuple(asked.request.features)

    def wider(pair: Pair) -> Pairs:
        is_one = asked.are_apart(pair)
        return widened(pair, features, lambda one, other: asked.are_apart((one, other))) if is_one else (pair,)

    def judge(some: Collection[str], pairs: Pairs) -> str:
        return _refusal(work, asked, some, pairs, asked.scopes[-1])

    found = list(discords(features, judge, lambda said: blamed(said, asked.request), known, wider))
    found = sorted(found, key=lambda each: [*map(features.index, each.features)])
    raise_all(_error(asked, each) for each in found if not asked.are_apart(each.features))
    several = [each.features for each in found if len(each.features) != 2]
    pairs = dict.fromkeys(
        pair for each in found if len(each.features) == 2 for pair in wider((each.features[0], each.features[1]))
    )
    apart = [*several, *pairs]
    left_out = camps(features, apart)
    if len(left_out) == 1:
        _lock_camp(work, asked, left_out[0], (*known, *pairs))
        return apart
    kept = split_text(asked.committed) if asked.committed else ()
    for index, without in enumerate(left_out):
        progress(f"resolving the line's parts, lock {index + 1} of {len(left_out)}")
        (work / "uv.lock").unlink(missing_ok=True)
        if index < len(kept):
            (work / "uv.lock").write_text(kept[index], encoding="utf-8")
        _lock_camp(work, asked, without, (*known, *pairs))
        (work / "uv.lock").replace(work / f"made-{index}.lock")
    for index in range(len(left_out)):
        (work / f"made-{index}.lock").replace(_file(work, index))
    return apart


def _lock_camp(work: Path, asked: LockInput, without: Collection[str], pairs: Pairs) -> None:
    """Lock all features but those ``without``."""
    here = [name for name in asked.request.features if name not in without]
    conflicts = [pair for pair in pairs if {*pair} <= {*here}]
    said = refused(asked.scopes, lambda scope: _refusal(work, asked, here, conflicts, scope))
    if said:
        raise lock_error(said, asked.request, asked.sources)


def _refusal(work: Path, asked: LockInput, features: Collection[str], conflicts: Pairs, scope: Scope) -> str:
    """Lock the parts of some features; an empty text, or why no versions of them fit. Raises for any other failure."""
    request = replace(asked.request, features={name: asked.request.features[name] for name in features})
    (work / "pyproject.toml").write_text(project_toml(request, scope, conflicts), encoding="utf-8")
    answer = run_uv(["lock", "--no-build"], work)
    if answer.is_good:
        return ""
    error = lock_error(answer.said, asked.request, asked.sources)
    if isinstance(error, UnknownPartError) or not is_unsatisfiable(answer.said):
        raise error
    return answer.said


def _error(asked: LockInput, discord: Discord) -> SartoError:
    error = lock_error(discord.said, asked.request, asked.sources, discord.features)
    return discord_error(discord.features, error, asked.rule_against(discord.features))
