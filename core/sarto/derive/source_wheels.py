"""The wheels that a line takes from its own sources: built, or as they lie there, with all that these need in turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.utils import NormalizedName, canonicalize_name

from .building import SourceWheel, build_project
from .progress import Progress, one_at_a_time
from .seed import RUNTIME, seed_wheel
from .sources import Sources
from .store import PartStore
from .wheel import requirements

__all__ = ["source_wheels"]

WORKERS = 4


def source_wheels(
    names: Iterable[NormalizedName], sources: Sources, store: PartStore, progress: Progress
) -> Mapping[NormalizedName, tuple[SourceWheel, ...]]:
    """The wheels of those of the ``names`` that the sources have, and of what they require from the sources, by name.

    The runtime is always among them; it comes from Sarto itself. All wheels are in the store then.
    """
    runtime = _stored([seed_wheel()], store)
    found = {canonicalize_name(RUNTIME): runtime}
    say = one_at_a_time(progress)
    pending = sorted({*names, *_required(*runtime)})
    with ThreadPoolExecutor(WORKERS) as pool:
        while pending:
            fresh = [name for name in pending if name in sources and name not in found]
            made = list(pool.map(lambda name: _wheels_of(name, sources, store, say), fresh))
            found.update(zip(fresh, made, strict=True))
            pending = sorted(_required(*(wheel for wheels in made for wheel in wheels)))
    return found


def _wheels_of(name: NormalizedName, sources: Sources, store: PartStore, progress: Progress) -> tuple[SourceWheel, ...]:
    if name in sources.projects:
        return (build_project(name, sources.projects[name], store, progress),)
    return _stored(sources.wheels[name], store)


def _stored(paths: Iterable[Path], store: PartStore) -> tuple[SourceWheel, ...]:
    added = [(path.name, *store.add_file(path)) for path in paths]
    return tuple(SourceWheel(filename, sha256, path) for filename, path, sha256 in added)


def _required(*wheels: SourceWheel) -> set[NormalizedName]:
    return {canonicalize_name(requirement.name) for wheel in wheels for requirement in requirements(wheel.path)}
