"""What the core or a feature needs: the part of a lock's package graph that a target reaches from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from itertools import chain

from packaging.markers import Marker

from ..errors import SartoError
from .lockfile import Edge, Lock, LockedPackage, LockedWheel
from .uv_words import PROJECT
from .wheel import wheel_name

__all__ = ["best_wheel", "closures", "two_versions", "versions_depend_on"]

Names = tuple[str, ...]
Version = tuple[str, str]
CONFLICT_EXTRA = re.compile(r"extra (==|!=) '([^']*)'")


def versions_depend_on(lock: Lock) -> frozenset[str]:
    """The names, in the lock, of the features by which it tells several versions of a package apart."""
    edges = [*_edges(lock.root)]
    for versions in lock.packages.values():
        for package in versions:
            edges += _edges(package)
    prefix = f"extra-{len(PROJECT)}-{PROJECT}-"
    named = {found[2] for edge in edges for found in CONFLICT_EXTRA.finditer(edge.marker)}
    return frozenset(name.removeprefix(prefix) for name in named if name.startswith(prefix))


def _edges(package: LockedPackage) -> Iterable[Edge]:
    return chain(package.dependencies, *package.optional.values())


def closures(
    lock: Lock, markers: Mapping[str, str], active: Iterable[str]
) -> Callable[[str], list[tuple[LockedPackage, Names]]]:
    """What the core (an empty text) or a feature, by its name in the lock, needs: each package with what it requires.

    It holds on a target with these ``markers``, in builds with the ``active`` features.
    """
    applies = _decider(markers, frozenset(f"extra-{len(PROJECT)}-{PROJECT}-{name}" for name in active))
    return lambda asker: _walk(lock, lock.root.optional.get(asker, ()) if asker else lock.root.dependencies, applies)


def _decider(markers: Mapping[str, str], active: frozenset[str]) -> Callable[[str], bool]:
    """Whether a marker holds on the target, with the features that are active."""
    machine = tuple(markers.items())

    @cache
    def applies(marker: str) -> bool:
        return not marker or _holds(marker, machine, active & _extras_in(marker))

    return applies


@lru_cache(maxsize=100_000)
def _holds(marker: str, machine: tuple[tuple[str, str], ...], active: frozenset[str]) -> bool:
    """The same for all builds that are alike in the features that the marker names: they are few, and builds many."""
    environment: dict[str, str | AbstractSet[str]] = {
        **dict(machine),
        "extras": active,
        "dependency_groups": frozenset(),
    }
    return _standard(marker).evaluate(environment, context="lock_file")


@cache
def _extras_in(marker: str) -> frozenset[str]:
    return frozenset(found[2] for found in CONFLICT_EXTRA.finditer(marker))


@cache
def _standard(marker: str) -> Marker:
    """uv says ``extra == 'x'`` of each of several extras at once; the standard for locks says ``'x' in extras``."""
    said = CONFLICT_EXTRA.sub(lambda found: f"'{found[2]}' {'in' if found[1] == '==' else 'not in'} extras", marker)
    return Marker(said)


def best_wheel(package: LockedPackage, tags: Sequence[str]) -> LockedWheel | None:
    """The wheel of the package that fits the target best, or None where none does."""
    rank = _ranks(tuple(tags))
    fitting = []
    for wheel in package.wheels:
        said = wheel_name(wheel.filename)
        places = [rank[tag] for tag in said.tags if tag in rank]
        if places:
            build = said.build[0] if said.build else -1
            fitting.append((min(places), -build, wheel.filename, wheel))
    return min(fitting)[-1] if fitting else None


@cache
def _ranks(tags: tuple[str, ...]) -> Mapping[str, int]:
    return {tag: place for place, tag in enumerate(tags)}


def _walk(lock: Lock, edges: Iterable[Edge], applies: Callable[[str], bool]) -> list[tuple[LockedPackage, Names]]:
    """All packages that the edges lead to, each with the names of those that it needs itself."""
    found: dict[Version, tuple[LockedPackage, dict[str, None]]] = {}
    seen: set[tuple[Version, str]] = set()
    pending = [edge for edge in edges if applies(edge.marker)]
    while pending:
        edge = pending.pop()
        package = lock.find(edge)
        version = (package.name, package.version)
        _, requires = found.setdefault(version, (package, {}))
        for extra in ("", *edge.extras):
            if (version, extra) not in seen:
                seen.add((version, extra))
                further = package.optional.get(extra, ()) if extra else package.dependencies
                needed = [each for each in further if applies(each.marker)]
                requires.update(dict.fromkeys(each.name for each in needed))
                pending += needed
    return [(package, tuple(requires)) for package, requires in found.values()]


def two_versions(first: LockedPackage, second: LockedPackage) -> SartoError:
    """The refusal of a build that would need both."""
    return SartoError(
        f"part '{first.name}' is needed in two versions in one build, {first.version} and {second.version}",
        hint="features that exclude each other need them: leave at most one of these features open",
    )
