"""Whether every build of a line can be made: which parts get in each other's way, and whether a build has them both.

Nothing is built for it and no configuration enumerated: parts come with features, so that two of them meet in a build
exactly if some configuration has a feature that brings the one and a feature that brings the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import combinations, product

from ..model.feature_model import FeatureModel
from ..solve.encoding import encode_skeleton
from ..solve.formula import Formula
from ..solve.session import SatSession
from ..solve.values import domains_of
from .catalog import Catalog
from .classes import Class, classes_in
from .installed import Member, installed_files
from .lockfile import LockedPackage
from .projection import CORE, Projection

__all__ = ["Clash", "Quarrel", "clashes"]

Release = tuple[str, str]
"""A part's name and version."""


@dataclass(frozen=True, slots=True)
class Quarrel:
    """Two parts that cannot stand in one build: two versions of one, or parts that both write ``files``."""

    first: Release
    second: Release
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """Features that are allowed together and cannot be built together, none of which can be spared.

    None of them, where every build has the two parts; else one or two, and where versions depend on features, those
    with which these bring the two parts; if they do so only ``without`` some, these. ``quarrel`` is why.
    """

    features: tuple[str, ...]
    quarrel: Quarrel
    without: tuple[str, ...] = ()


def clashes(model: FeatureModel, catalog: Catalog) -> Iterator[Clash]:
    """Every set of features that the model allows and whose parts quarrel; the parts have to be in the store.

    Proved over all configurations: where nothing is found, no build of the line has such parts. Raises SartoError
    where a part is not in the store, and for arithmetic that a formula cannot express.
    """
    asking = tuple(catalog.request.features)
    formula = encode_skeleton(model, domains_of(model, {}), asking)
    said: list[Clash] = []

    known: dict[Release, Mapping[str, Member]] = {}

    def files_of(package: LockedPackage) -> Mapping[str, Member]:
        release = _release(package)
        if release not in known:
            known[release] = installed_files(catalog.wheel_of(package), package.name, catalog.target.python)
        return known[release]

    with closing(SatSession.of(formula)) as session:
        classes = tuple(classes_in(formula, session, catalog.versions_depend_on))
        for active, literals in classes:
            projection = catalog.projection(active)
            packages = projection.packages
            members = [files_of(package) for package in packages]
            for first, second, files in _quarrels(projection, members):
                quarrel = Quarrel(_release(packages[first]), _release(packages[second]), files)
                askers = [_askers(projection, index) for index in (first, second)]
                for chosen in _together(formula, session, literals, *askers):
                    clash = Clash(chosen, quarrel)
                    if len(classes) > 1:
                        clash = _least(formula, session, catalog, classes, (*chosen, *active), quarrel)
                    if not any(_says(formula, session, each, clash) for each in said):
                        said.append(clash)
                        yield clash


def _says(formula: Formula, session: SatSession, one: Clash, other: Clash) -> bool:
    """Whether the one says of at least the same builds what the other says."""
    if one.quarrel != other.quarrel or not {*one.features} <= {*other.features}:
        return False
    there = [formula.variables[name] for name in other.features] + [-formula.variables[name] for name in other.without]
    return not any(session.is_possible([*there, formula.variables[name]]) for name in one.without)


def _least(
    formula: Formula,
    session: SatSession,
    catalog: Catalog,
    classes: Sequence[Class],
    features: Sequence[str],
    quarrel: Quarrel,
) -> Clash:
    """As few of the features as bring both packages into every build that has them, without others where need be."""

    def is_enough(names: Collection[str], without: Collection[str]) -> bool:
        wanted = [formula.variables[name] for name in names] + [-formula.variables[name] for name in without]
        return all(
            _brings(catalog.projection(active), names, quarrel)
            for active, literals in classes
            if session.is_possible([*literals, *wanted])
        )

    found = sorted({*features})
    without = [] if is_enough(found, ()) else [name for name in catalog.versions_depend_on if name not in found]
    for name in found:
        fewer = [each for each in found if each != name]
        found = fewer if is_enough(fewer, without) else found
    for name in without:
        fewer = [each for each in without if each != name]
        without = fewer if is_enough(found, fewer) else without
    return Clash(tuple(found), quarrel, tuple(without))


def _brings(projection: Projection, features: Collection[str], quarrel: Quarrel) -> bool:
    askers = projection.askers(features)
    there = {
        _release(package) for package, by in zip(projection.packages, projection.asked_by, strict=True) if by & askers
    }
    return {quarrel.first, quarrel.second} <= there


def _release(package: LockedPackage) -> Release:
    return package.name, package.version


def _quarrels(
    projection: Projection, members: Sequence[Mapping[str, Member]]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The pairs of packages that get in each other's way, by their indices, and the files that both write.

    One may have a folder where the other has a file.
    """
    packages = projection.packages
    versions = [
        (first, second)
        for first, second in combinations(range(len(packages)), 2)
        if packages[first].name == packages[second].name
    ]
    writers: dict[str, list[int]] = {}
    for index, files in enumerate(members):
        for path in files:
            writers.setdefault(path, []).append(index)
    both: dict[tuple[int, int], list[str]] = {}
    for path, indices in writers.items():
        for first, second in combinations(indices, 2):
            if members[first][path] != members[second][path]:
                both.setdefault((first, second), []).append(path)
    for index, files in enumerate(members):
        for folder in _folders(files) & writers.keys():
            for other in writers[folder]:
                both.setdefault((min(index, other), max(index, other)), []).append(folder)
    yield from ((first, second, ()) for first, second in versions)
    yield from ((*pair, tuple(sorted(paths))) for pair, paths in sorted(both.items()) if pair not in versions)


def _folders(files: Iterable[str]) -> set[str]:
    """The folders above the files."""
    found: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _askers(projection: Projection, index: int) -> tuple[str, ...]:
    """Who brings a package: the core alone where it does, for then every build has it."""
    by = projection.asked_by[index]
    return (CORE,) if by & projection.bits[CORE] else tuple(name for name, bit in projection.bits.items() if by & bit)


def _together(
    formula: Formula, session: SatSession, literals: Sequence[int], first: Collection[str], second: Collection[str]
) -> Iterator[tuple[str, ...]]:
    """The least sets of askers that bring both packages into a build that is allowed."""
    sets = {tuple(sorted({one, other} - {CORE})) for one, other in product(first, second)}
    for features in sorted(sets, key=lambda names: (len(names), names)):
        if any(set(other) < set(features) for other in sets):
            continue
        if session.is_possible([*literals, *(formula.variables[name] for name in features)]):
            yield features
