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
from .projection import CORE, Projection

__all__ = ["line_lock"]

Release = tuple[str, str]
"""A part's name and version."""


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
    extras = catalog.request.extras
    classes = version_classes(model, catalog.versions_depend_on)
    found: dict[Release, tuple[LockedWheel, dict[str, str]]] = {}
    for active in classes:
        projection = catalog.projection(active)
        told = " and ".join(_said(extras[name], name in active) for name in catalog.versions_depend_on)
        for index, package in enumerate(projection.packages):
            _, asked = found.setdefault((package.name, package.version), (catalog.locked_wheel(package), {}))
            asked[told] = _asked(projection, index, extras)
    return {release: (wheel, _condition(asked, len(classes))) for release, (wheel, asked) in found.items()}


def _condition(asked: Mapping[str, str], classes: int) -> str:
    """The same of a package, of what is asked in each class that has it, told by its features."""
    if len(asked) == classes and len({*asked.values()}) == 1:
        return next(iter(asked.values()))
    return " or ".join(f"({' and '.join(filter(None, each))})" for each in asked.items())


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


def _asked(projection: Projection, index: int, extras: Mapping[str, str]) -> str:
    """Who asks for the package; nothing where every build has it."""
    by = projection.asked_by[index]
    if by & projection.bits[CORE]:
        return ""
    asking = [_said(extras[name]) for name, bit in projection.bits.items() if by & bit]
    return f"({' or '.join(asking)})" if len(asking) > 1 else asking[0]


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
