"""``pylock.toml``, the standard lock (PEP 751) of one build, which pip and uv install as it is."""

from __future__ import annotations

import tomli_w
from packaging.pylock import Package, PackageWheel, Pylock
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from .plan import Part, Plan

__all__ = ["PARTS_FOLDER", "STANDARD_LOCK", "standard_lock"]

STANDARD_LOCK = "pylock.toml"
PARTS_FOLDER = "parts"


def standard_lock(plan: Plan) -> bytes:
    """The lock of exactly the build's parts, for exactly its minor version of Python.

    Each wheel is named by its path in the build, and by its URL where it has one: installers take the path first.
    """
    lock = Pylock(
        lock_version=Version("1.0"),
        requires_python=SpecifierSet(f"=={plan.target.python}.*"),
        created_by="sarto",
        packages=[_package(part) for part in plan.parts],
    )
    lock.validate()
    return tomli_w.dumps(lock.to_dict()).encode()


def _package(part: Part) -> Package:
    wheel = PackageWheel(
        name=part.filename,
        url=part.url or None,
        path=f"{PARTS_FOLDER}/{part.filename}",
        size=part.size,
        hashes={"sha256": part.sha256},
    )
    return Package(name=canonicalize_name(part.name), version=Version(part.version), wheels=[wheel])
