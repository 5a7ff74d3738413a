"""What a set of features needs: the part of a lock's package graph that a target reaches from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache

from packaging.markers import Marker

from ..errors import SartoError
from .lockfile import Edge, Lock, LockedPackage, LockedWheel
from .uv_words import PROJECT
from .wheel import wheel_name

__all__ = ["Reached", "best_wheel", "reach"]

CONFLICT_EXTRA = re.compile(r"extra (==|!=) '([^']*)'")


@dataclass(frozen=True, slots=True)
class Reached:
    """A package that is needed: by which features (none: by the core), and which packages it needs itself."""

    package: LockedPackage
    features: dict[str, None] = field(default_factory=dict)
    requires: dict[str, None] = field(default_factory=dict)


def reach(
    lock: Lock, extras: Mapping[str, str], markers: Mapping[str, str], features: Sequence[str]
) -> dict[str, Reached]:
    """Every package that the core and the ``features`` need on a target with these ``markers``, by name.

    ``extras`` maps a feature to its extra in the lock. Where the lock holds several versions of a package for features
    that exclude each other, the version is that for the ``features`` together.
    """
    active = frozenset(f"extra-{len(PROJECT)}-{PROJECT}-{extras[name]}" for name in features if name in extras)
    applies = _decider(markers, active)
    found: dict[str, Reached] = {}
    core = _walk(lock, lock.root.dependencies, applies, found)
    for feature in features:
        for name in _walk(lock, lock.root.optional.get(extras.get(feature, ""), ()), applies, found):
            if name not in core:
                found[name].features[feature] = None
    return found


def _decider(markers: Mapping[str, str], active: frozenset[str]) -> Callable[[str], bool]:
    """Whether a marker holds on the target, with the features that are active."""
    environment: dict[str, str | AbstractSet[str]] = {**markers, "extras": active, "dependency_groups": frozenset()}

    @cache
    def applies(marker: str) -> bool:
        return not marker or Marker(_standard(marker)).evaluate(environment, context="lock_file")

    return applies


def _standard(marker: str) -> str:
    """uv says ``extra == 'x'`` of each of several extras at once; the standard for locks says ``'x' in extras``."""
    return CONFLICT_EXTRA.sub(lambda found: f"'{found[2]}' {'in' if found[1] == '==' else 'not in'} extras", marker)


def best_wheel(package: LockedPackage, tags: Sequence[str]) -> LockedWheel | None:
    """The wheel of the package that fits the target best, or None where none does."""
    rank = {tag: place for place, tag in enumerate(tags)}
    fitting = []
    for wheel in package.wheels:
        said = wheel_name(wheel.filename)
        places = [rank[tag] for tag in said.tags if tag in rank]
        if places:
            build = said.build[0] if said.build else -1
            fitting.append((min(places), -build, wheel.filename, wheel))
    return min(fitting)[-1] if fitting else None


def _walk(
    lock: Lock, edges: Iterable[Edge], applies: Callable[[str], bool], found: dict[str, Reached]
) -> dict[str, None]:
    """Add to ``found`` all that the edges lead to, and return the names of it."""
    names: dict[str, None] = {}
    seen: set[tuple[str, str]] = set()
    pending = [edge for edge in edges if applies(edge.marker)]
    while pending:
        edge = pending.pop()
        package = lock.find(edge)
        names[package.name] = None
        reached = found.setdefault(package.name, Reached(package))
        if reached.package.version != package.version:
            raise _two_versions(reached.package, package)
        for extra in ("", *edge.extras):
            if (package.name, extra) not in seen:
                seen.add((package.name, extra))
                further = package.optional.get(extra, ()) if extra else package.dependencies
                needed = [each for each in further if applies(each.marker)]
                reached.requires.update(dict.fromkeys(each.name for each in needed))
                pending += needed
    return names


def _two_versions(first: LockedPackage, second: LockedPackage) -> SartoError:
    return SartoError(
        f"part '{first.name}' is needed in two versions in one build, {first.version} and {second.version}",
        hint="features that exclude each other need them: leave at most one of these features open",
    )
