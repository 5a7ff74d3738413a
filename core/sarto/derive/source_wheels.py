"""The wheels that a line takes from its own sources: built, or as they lie there, with all that these need in turn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.utils import NormalizedName, canonicalize_name

from ..errors import SartoError, raise_all
from ..solve.words import joined
from .building import SourceWheel, build_project
from .progress import Progress, one_at_a_time
from .seed import RUNTIME, seed_wheel
from .sources import Sources
from .store import PartStore
from .wheel import requirements

__all__ = ["source_wheels"]

WORKERS = 4


def source_wheels(
    names: Mapping[NormalizedName, Collection[str]], sources: Sources, store: PartStore, progress: Progress
) -> Mapping[NormalizedName, tuple[SourceWheel, ...]]:
    """The wheels of those of the ``names`` that the sources have, and of what they require from the sources, by name.

    Each name has the features that ask for it, an empty one for the core. The runtime is always among the wheels; it
    comes from Sarto itself. All wheels are in the store then. Raises :class:`SartoErrors` with each that is damaged,
    and the features that need it.
    """
    runtime = _stored([seed_wheel()], store)
    found = {canonicalize_name(RUNTIME): runtime}
    needs: dict[NormalizedName, set[NormalizedName]] = {}
    errors: dict[NormalizedName, SartoError] = {}
    say = one_at_a_time(progress)
    pending = {*names, *_required(*runtime)}
    with ThreadPoolExecutor(WORKERS) as pool:
        while pending:
            fresh = [name for name in sorted(pending) if name in sources and name not in found]
            for name, tried in zip(fresh, pool.map(lambda name: _tried(name, sources, store, say), fresh), strict=True):
                found[name], needs[name] = tried if isinstance(tried, tuple) else ((), set())
                if isinstance(tried, SartoError):
                    errors[name] = tried
            pending = {each for name in fresh for each in needs[name]}
    raise_all(_of_features(error, _askers(name, names, needs)) for name, error in errors.items())
    return found


Tried = tuple[tuple[SourceWheel, ...], set[NormalizedName]] | SartoError


def _tried(name: NormalizedName, sources: Sources, store: PartStore, progress: Progress) -> Tried:
    """The wheels of a part with what they require, or what is wrong with one."""
    try:
        if name in sources.projects:
            wheels: tuple[SourceWheel, ...] = (build_project(name, sources.projects[name], store, progress),)
        else:
            wheels = _stored(sources.wheels[name], store)
        return wheels, _required(*wheels)
    except SartoError as error:
        if isinstance(error.__cause__, OSError):  # what the system refuses is nothing about the part
            raise
        return error


def _askers(
    name: NormalizedName,
    names: Mapping[NormalizedName, Collection[str]],
    needs: Mapping[NormalizedName, Collection[NormalizedName]],
) -> tuple[str, ...]:
    """The features that need the part, themselves or through others."""
    reached, fresh = {name}, {name}
    while fresh:
        fresh = {each for each, required in needs.items() if each not in reached and not fresh.isdisjoint(required)}
        reached |= fresh
    return tuple(dict.fromkeys(feature for each, asked in names.items() if each in reached for feature in asked))


def _of_features(error: SartoError, features: Sequence[str]) -> SartoError:
    """The error, with the features that need the part that it is about, where not every build does."""
    if features and "" not in features:
        names = joined(f"'{name}'" for name in features)
        error.what += f" (features {names} need it)" if features[1:] else f" (feature {names} needs it)"
        error.hint += f"{'; ' if error.hint else ''}all builds wait for that, for their parts are locked together"
    return error


def _stored(paths: Iterable[Path], store: PartStore) -> tuple[SourceWheel, ...]:
    added = [(path.name, *store.add_file(path)) for path in paths]
    return tuple(SourceWheel(filename, sha256, path) for filename, path, sha256 in added)


def _required(*wheels: SourceWheel) -> set[NormalizedName]:
    return {canonicalize_name(requirement.name) for wheel in wheels for requirement in requirements(wheel.path)}
