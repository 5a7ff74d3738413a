"""Preparing a line: its parts resolved together, locked, built or fetched, and stored."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from packaging.version import Version

from ..errors import Place, SartoError
from ..model.line import LineDescription
from .camp_locks import LineLock
from .catalog import Catalog
from .exclusion import exclusion, exclusive_pairs, keeping_apart
from .lock import lock_line
from .lockfile import versions_in
from .plan import ResolvedTarget
from .progress import Progress, quiet
from .request import read_request
from .resolving import LockInput
from .scope import one_target, scopes
from .sources import find_sources
from .store import PartStore
from .target import full_version, target_for
from .uv_words import UnreadableLockError

__all__ = ["COMMITTED", "lock", "prepare"]

COMMITTED = "sarto.lock"
"""The lock beside a line, where the vendor keeps one (a copy of :attr:`Catalog.lock_text`)."""


def prepare(
    line: LineDescription,
    folder: Path,
    target: ResolvedTarget,
    progress: Progress = quiet,
    *,
    features: Iterable[str] | None = None,
) -> Catalog:
    """The catalog of the line in ``folder`` for a target, with the wheels of the ``features`` in the part store.

    ``features`` None means all of them. What was done before for the same content is not done again: a second run
    fetches nothing and needs no network. Raises :class:`SartoError` where a part does not exist, the parts
    do not go together, one has no wheel for the target, or one cannot be had.
    """
    catalog = lock(line, folder, target, progress)
    if features is None:
        catalog.fetch_all(progress)
    else:
        catalog.parts(features, progress)
    return catalog


def lock(
    line: LineDescription, folder: Path, target: ResolvedTarget, progress: Progress = quiet, *, upgrade: bool = False
) -> Catalog:
    """The catalog of the line in ``folder`` for a target, with only those wheels at hand that were there before.

    Its lock holds for the line's other targets, too. With ``upgrade`` the parts are resolved anew, to the newest
    versions that fit, whatever an earlier lock says. Raises :class:`SartoError` where a part does not exist, or the
    parts do not go together.
    """
    request = read_request(line)
    store = PartStore.default()
    machines = _machines(line, target, pythons := _pythons(line, target))

    def seen_from(target: ResolvedTarget, locked: LineLock) -> Catalog:
        return Catalog(target=target, request=request, locked=locked, store=store, model=line.model)

    def wheelless(locked: LineLock) -> list[str]:
        with suppress(SartoError):  # arithmetic, which nobody has asked for yet
            return [
                f"{name}!={version}; {marker}"
                for each, marker in machines
                for name, version in seen_from(each, locked).wheelless()
            ]
        return []

    asked = LockInput(
        request=request,
        sources=find_sources(line, folder),
        scopes=scopes(pythons, sorted({marker for _, marker in machines})),
        conflicts=exclusive_pairs(line.model, tuple(request.features)),
        are_apart=exclusion(line.model, tuple(request.features)),
        rule_against=lambda features: keeping_apart(line.model, features),
        wheelless=wheelless,
        committed="" if upgrade else _committed(folder / COMMITTED),
    )
    try:
        return seen_from(target, lock_line(asked, store, progress, anew=upgrade))
    except UnreadableLockError as error:
        raise _unreadable(folder / COMMITTED, error.what) from error


def _pythons(line: LineDescription, target: ResolvedTarget) -> tuple[str, ...]:
    """The oldest version of each minor version that the line and the target name: one lock holds for all of them."""
    named = [target.markers["python_full_version"]]
    named += [full_version(each.python) for each in line.targets if each.python]
    oldest: dict[tuple[int, ...], Version] = {}
    for version in (Version(Version(each).base_version) for each in named):
        minor = version.release[:2]
        oldest[minor] = min(version, oldest.get(minor, version))
    return tuple(str(version) for version in sorted(oldest.values()))


def _machines(
    line: LineDescription, target: ResolvedTarget, pythons: Iterable[str]
) -> list[tuple[ResolvedTarget, str]]:
    """The line's targets and this one, each with the oldest Python of its minor version, in markers."""
    place = Place(line.file, "targets")
    named = [target, *(target_for(each, place) for each in line.targets if each.python and each.platform)]
    oldest = {python.rpartition(".")[0]: python for python in pythons}
    return [(each, one_target(oldest[each.python], each.markers)) for each in named]


def _committed(file: Path) -> str:
    if not file.exists():
        return ""
    try:
        text = file.read_text(encoding="utf-8")
        if text.strip():
            versions_in(text)
    except (OSError, ValueError) as error:
        raise _unreadable(file, str(error)) from error
    return text


def _unreadable(file: Path, reason: str) -> SartoError:
    hint = "remove it, and the line is locked anew"
    return SartoError(f"the lock cannot be read: {reason}", where=Place(str(file)), hint=hint)
