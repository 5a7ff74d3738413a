"""The standard lock (PEP 751) of a whole line: one file for every build, from which the features, as extras, select."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
from .projection import CORE, Projection

__all__ = ["line_lock"]


def line_lock(model: FeatureModel, catalog: Catalog) -> str:
    """The lock of all parts of a line for the catalog's target, as the text of a ``pylock.toml``.

    What installers take out of it with features as extras are the parts of a build with these features. An extra is
    named like its feature; ``[tool.sarto.features]`` names the feature of each that is not. Raises
    SartoErrors with every part that has no wheel for the target.
    """
    extras = catalog.request.extras
    found: dict[tuple[str, str], tuple[LockedWheel, list[str]]] = {}
    for active in version_classes(model, catalog.versions_depend_on):
        projection = catalog.projection(active)
        told = [_said(extras[name], name in active) for name in catalog.versions_depend_on]
        for index, package in enumerate(projection.packages):
            _, conditions = found.setdefault((package.name, package.version), (catalog.locked_wheel(package), []))
            conditions.append(" and ".join([*told, *_asked(projection, index, extras)]))
    lock = Pylock(
        lock_version=LOCK_VERSION,
        environments=[_environment(catalog.target.markers)],
        requires_python=SpecifierSet(f"=={catalog.target.python}.*"),
        extras=sorted(map(canonicalize_name, extras.values())),
        created_by="sarto",
        packages=[_package(*release, *what) for release, what in sorted(found.items(), key=lambda each: each[0])],
        tool={"sarto": {"features": {extra: feature for feature, extra in extras.items() if feature != extra}}},
    )
    lock.validate()
    return tomli_w.dumps(lock.to_dict())


def _said(extra: str, is_in: bool = True) -> str:
    return f"'{extra}' {'in' if is_in else 'not in'} extras"


def _asked(projection: Projection, index: int, extras: Mapping[str, str]) -> list[str]:
    """Who asks for the package; nothing where every build has it."""
    by = projection.asked_by[index]
    if by & projection.bits[CORE]:
        return []
    asking = [_said(extras[name]) for name, bit in projection.bits.items() if by & bit]
    return [f"({' or '.join(asking)})" if len(asking) > 1 else asking[0]]


def _environment(markers: Mapping[str, str]) -> Marker:
    names = ("implementation_name", "platform_machine", "sys_platform")
    return Marker(" and ".join(f"{name} == '{markers[name]}'" for name in names))


def _package(name: str, version: str, wheel: LockedWheel, conditions: Iterable[str]) -> Package:
    """The package, wanted where one of the conditions holds; an empty one always does."""
    wanted = "" if "" in conditions else " or ".join(f"({each})" for each in conditions)
    url = public_url(wheel.url)
    return Package(
        name=canonicalize_name(name),
        version=Version(version),
        marker=Marker(wanted) if wanted else None,
        wheels=[
            PackageWheel(
                name=wheel.filename,
                url=url or None,
                path=None if url else str(wheel.path),
                size=wheel.size,
                hashes={"sha256": wheel.sha256},
            )
        ],
    )
