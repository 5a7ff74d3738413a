"""What each feature of a locked line brings along, found once: a build's packages are a union of such sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from .closure import closures, two_versions
from .lockfile import Lock, LockedPackage

__all__ = ["CORE", "Needed", "Projection", "project"]

CORE = ""
"""Who asks for what every build has."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A package of a build: by which features it is needed (none: by the core), and which packages it needs itself."""

    package: LockedPackage
    features: tuple[str, ...]
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """The packages that the core and each feature need on one target.

    ``packages`` are sorted by name. Who asks for a package, the core or a feature, is one bit; ``asked_by`` has those
    of each package, ``requires`` what the package needs itself for the sake of each. ``twins`` are the neighbours that
    are versions of one package, ``differing`` the packages that need other things for the sake of others.
    """

    bits: Mapping[str, int]
    packages: tuple[LockedPackage, ...]
    asked_by: tuple[int, ...]
    requires: tuple[Mapping[int, tuple[str, ...]], ...]
    twins: tuple[tuple[int, int], ...] = field(init=False)
    differing: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        twins = [
            (first, second) for first, second in pairwise(range(len(self.packages)))
            if self.packages[first].name == self.packages[second].name
        ]  # fmt: skip
        differing = [index for index, by in enumerate(self.requires) if len(set(by.values())) > 1]
        object.__setattr__(self, "twins", tuple(twins))
        object.__setattr__(self, "differing", frozenset(differing))

    def askers(self, features: Iterable[str]) -> int:
        """The bits of the core and of those of the features that have parts."""
        bits, found = self.bits, self.bits[CORE]
        for name in features:
            found |= bits.get(name, 0)
        return found

    def chosen(self, askers: int) -> list[tuple[int, int]]:
        """The index of each package of a build, and the bits of those who need it.

        Raises SartoError where the build would need a package in two versions.
        """
        asked_by = self.asked_by
        for first, second in self.twins:
            if asked_by[first] & askers and asked_by[second] & askers:
                raise two_versions(self.packages[first], self.packages[second])
        return [(index, mine) for index, by in enumerate(asked_by) if (mine := by & askers)]

    def telling(self, index: int, by: int) -> int:
        """As few of the bits of those who need a package as tell the same of it: the core's alone, where that does."""
        core = by & self.bits[CORE]
        return core if core and index not in self.differing else by

    def needed(self, index: int, by: int) -> Needed:
        """A package as those need it whose bits are given."""
        has_core = by & self.bits[CORE]
        features = () if has_core else tuple(name for name, bit in self.bits.items() if by & bit)
        requires = {name for bit, names in self.requires[index].items() if by & bit for name in names}
        return Needed(self.packages[index], features, tuple(sorted(requires)))


def project(lock: Lock, extras: Mapping[str, str], markers: Mapping[str, str], active: Iterable[str]) -> Projection:
    """What the core and each feature need on a target with these ``markers``.

    ``extras`` maps each feature with parts to its name in the lock. Where versions depend on features, it holds for
    the builds that have exactly the ``active`` ones of these (see :func:`versions_depend_on`).
    """
    needs = closures(lock, markers, [extras[name] for name in active])
    bits = {name: 1 << index for index, name in enumerate((CORE, *extras))}
    found: dict[tuple[str, str], tuple[LockedPackage, dict[int, tuple[str, ...]]]] = {}
    for name, bit in bits.items():
        for package, requires in needs(extras.get(name, "")):
            found.setdefault((package.name, package.version), (package, {}))[1][bit] = requires
    packages = [found[version] for version in sorted(found)]
    return Projection(
        bits,
        tuple(package for package, _ in packages),
        tuple(sum(by) for _, by in packages),
        tuple(by for _, by in packages),
    )
