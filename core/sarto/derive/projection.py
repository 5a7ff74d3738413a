"""What each feature of a locked line brings along, found once: a build's packages are a union of such sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    of each package, ``requires`` what the package needs itself for the sake of each.
    """

    bits: Mapping[str, int]
    packages: tuple[LockedPackage, ...]
    asked_by: tuple[int, ...]
    requires: tuple[Mapping[int, tuple[str, ...]], ...]

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
        found = [(index, by & askers) for index, by in enumerate(self.asked_by) if by & askers]
        for (first, _), (second, _) in pairwise(found):
            if self.packages[first].name == self.packages[second].name:
                raise two_versions(self.packages[first], self.packages[second])
        return found

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
