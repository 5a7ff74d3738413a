"""The standard lock (PEP 751) of a whole line: one file for every build, from which the features, as extras, select."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import tomli_w
from packaging.markers import Marker
from packaging.pylock import Package, PackageWheel, Pylock
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from ..model.feature_model import FeatureModel
from .catalog import Catalog, public_url
from .classes import version_classes
from .lockfile import LockedWheel
from .part import LOCK_VERSION
from .plan import ResolvedTarget
from .projection import Projection

__all__ = ["line_lock"]

Release = tuple[str, str]
"""A part's name and version."""
Choice = tuple[bool, ...]
"""Which of the features on which versions depend a build has."""


def line_lock(model: FeatureModel, catalogs: Sequence[Catalog]) -> str:
    """The lock of all parts of a line for the targets of its catalogs, as the text of a ``pylock.toml``.

    What installers take out of it with features as extras are the parts of a build with these features. An extra is
    named like its feature; ``[tool.sarto.features]`` names the feature of each that is not. Raises
    SartoErrors with every part that has no wheel for a target.
    """
    extras = catalogs[0].request.extras
    pythons = sorted({each.target.python for each in catalogs}, key=Version)
    found: dict[Release, tuple[dict[str, LockedWheel], dict[str, str]]] = {}
    environments = [_environment(each.target, pythons) for each in catalogs]
    for environment, catalog in zip(environments, catalogs, strict=True):
        for release, (wheel, wanted) in _wanted(model, catalog).items():
            wheels, markers = found.setdefault(release, ({}, {}))
            wheels[wheel.filename] = wheel
            markers[environment] = wanted
    lock = Pylock(
        lock_version=LOCK_VERSION,
        environments=[Marker(each) for each in dict.fromkeys(environments)],
        requires_python=_versions(pythons),
        extras=sorted(map(canonicalize_name, extras.values())),
        created_by="sarto",
        packages=[
            _package(*release, wheels.values(), _marker(markers, environments))
            for release, (wheels, markers) in sorted(found.items(), key=lambda each: each[0])
        ],
        tool={"sarto": {"features": {extra: feature for feature, extra in extras.items() if feature != extra}}},
    )
    lock.validate()
    return tomli_w.dumps(lock.to_dict())


def _wanted(model: FeatureModel, catalog: Catalog) -> dict[Release, tuple[LockedWheel, str]]:
    """Each package of the catalog's target, with the extras that it is wanted for; an empty text for always."""
    extras, telling = catalog.request.extras, catalog.versions_depend_on
    wheels: dict[Release, LockedWheel] = {}
    asked: dict[Choice, dict[Release, str]] = {}
    others = {name: extra for name, extra in extras.items() if name not in telling}
    for active in version_classes(model, telling):
        projection = catalog.projection(active)
        here = asked[tuple(name in active for name in telling)] = {}
        for index, package in enumerate(projection.packages):
            release = package.name, package.version
            wanted = _asked(projection, index, active, others)
            if wanted is not None:
                here[release] = wanted
                if release not in wheels:
                    wheels[release] = catalog.locked_wheel(package)
    names = [extras[name] for name in telling]
    return {
        release: (wheel, _condition(names, {choice: here.get(release) for choice, here in asked.items()}))
        for release, wheel in wheels.items()
    }


def _condition(names: Sequence[str], asked: Mapping[Choice, str | None]) -> str:
    """When a package is wanted, of what is asked for each choice among the names, nowhere or anything.

    Only those names are in it that make a difference: a lock with several such choices would be large without end.
    """
    kept = [*range(len(names))]
    for index in range(len(names)):
        fewer = [each for each in kept if each != index]
        kept = fewer if _told_by(asked, fewer) else kept
    found = _told_by(asked, kept) or {}
    told = {
        " and ".join(_said(names[index], is_in) for index, is_in in zip(kept, choice, strict=True)): wanted
        for choice, wanted in found.items()
        if wanted is not None
    }
    return (
        told.get("", "") if not kept else " or ".join(f"({' and '.join(filter(None, each))})" for each in told.items())
    )


def _told_by(asked: Mapping[Choice, str | None], kept: Sequence[int]) -> dict[Choice, str | None] | None:
    """What is asked by the choice among some alone; None where that does not tell."""
    found: dict[Choice, str | None] = {}
    for choice, wanted in asked.items():
        if found.setdefault(tuple(choice[index] for index in kept), wanted) != wanted:
            return None
    return found


def _marker(wanted: Mapping[str, str], environments: Iterable[str]) -> str:
    """When a package is wanted, of what is told for each environment that wants it."""
    if {*wanted} == {*environments} and len({*wanted.values()}) == 1:
        return next(iter(wanted.values()))
    return " or ".join(f"({where}{f' and ({when})' if when else ''})" for where, when in wanted.items())


def _versions(pythons: Sequence[str]) -> SpecifierSet:
    if len(pythons) == 1:
        return SpecifierSet(f"=={pythons[0]}.*")
    major, minor = Version(pythons[-1]).release
    return SpecifierSet(f">={pythons[0]},<{major}.{minor + 1}")


def _said(extra: str, is_in: bool = True) -> str:
    return f"'{extra}' {'in' if is_in else 'not in'} extras"


def _asked(projection: Projection, index: int, active: Iterable[str], extras: Mapping[str, str]) -> str | None:
    """Who of the ``extras`` asks for the package; nothing where the core or an active feature does, None for nobody."""
    by = projection.asked_by[index]
    if by & projection.askers(active):
        return ""
    asking = [_said(extra) for name, extra in extras.items() if by & projection.bits[name]]
    return (f"({' or '.join(asking)})" if len(asking) > 1 else asking[0]) if asking else None


def _environment(target: ResolvedTarget, pythons: Sequence[str]) -> str:
    names = ("implementation_name", "platform_machine", "sys_platform")
    machine = " and ".join(f"{name} == '{target.markers[name]}'" for name in names)
    return machine if len(pythons) == 1 else f"{machine} and python_version == '{target.python}'"


def _package(name: str, version: str, wheels: Iterable[LockedWheel], wanted: str) -> Package:
    return Package(
        name=canonicalize_name(name),
        version=Version(version),
        marker=Marker(wanted) if wanted else None,
        wheels=[_wheel(each) for each in wheels],
    )


def _wheel(wheel: LockedWheel) -> PackageWheel:
    url = public_url(wheel.url)
    return PackageWheel(
        name=wheel.filename,
        url=url or None,
        path=None if url else str(wheel.path),
        size=wheel.size,
        hashes={"sha256": wheel.sha256},
    )
