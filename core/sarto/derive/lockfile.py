"""What a lock says, read from uv's lock file into values."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urldefrag, urlparse

from .camps import split_text

__all__ = ["Edge", "Lock", "LockedPackage", "LockedWheel", "read_lock", "versions_in"]


@dataclass(frozen=True, slots=True)
class LockedWheel:
    """A wheel as the lock names it: at ``url``, or at ``path`` on this machine. ``sha256`` is empty where unknown."""

    filename: str
    sha256: str = ""
    url: str = ""
    path: Path | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependency: on which package, in which version where the lock has several, with which extras, when."""

    name: str
    version: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """One version of a package, with its dependencies and those of its extras. ``origin`` is its index, URL or path."""

    name: str
    version: str
    origin: str = ""
    wheels: tuple[LockedWheel, ...] = ()
    dependencies: tuple[Edge, ...] = ()
    optional: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lock:
    """A whole line, locked: ``root`` is the line itself, its extras are the features."""

    root: LockedPackage
    packages: Mapping[str, tuple[LockedPackage, ...]]

    def find(self, edge: Edge) -> LockedPackage:
        """The package that the edge leads to."""
        versions = self.packages[edge.name]
        return next((each for each in versions if each.version == edge.version), versions[0])


def read_lock(text: str, folder: Path, root: str) -> Lock:
    """Read uv's lock file in ``folder`` for the project ``root``. Raises ValueError or KeyError where it is none."""
    packages: dict[str, list[LockedPackage]] = {}
    for data in tomllib.loads(text)["package"]:
        package = _package(data, folder)
        packages.setdefault(package.name, []).append(package)
    (line,) = packages.pop(root)
    return Lock(line, {name: tuple(versions) for name, versions in packages.items()})


def versions_in(text: str) -> dict[str, tuple[str, ...]]:
    """The versions of each part that the text of one or several locks names, the line left out; parts by name.

    Raises ValueError where it is no lock.
    """
    found: dict[str, dict[str, None]] = {}
    for one in split_text(text):
        for data in _listed(tomllib.loads(one)):
            if "virtual" not in data["source"]:
                found.setdefault(data["name"], {})[str(data.get("version", ""))] = None
    return {name: tuple(versions) for name, versions in sorted(found.items())}


def _listed(lock: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The packages of a lock, each with its name and where it comes from: somebody may have edited the file."""
    packages = lock.get("package")
    if not isinstance(packages, list) or not all(map(_is_package, packages)):
        raise ValueError("it lists no packages with their names and sources")
    return packages


def _is_package(data: object) -> bool:
    return isinstance(data, dict) and isinstance(data.get("name"), str) and isinstance(data.get("source"), dict)


def _package(data: Mapping[str, Any], folder: Path) -> LockedPackage:
    source = data["source"]
    return LockedPackage(
        name=data["name"],
        version=data.get("version", ""),
        origin=str(next(iter(source.values()), "")),
        wheels=tuple(_wheel(wheel, source, folder) for wheel in data.get("wheels", ())),
        dependencies=_edges(data.get("dependencies", ())),
        optional={extra: _edges(edges) for extra, edges in data.get("optional-dependencies", {}).items()},
    )


def _edges(data: Iterable[Mapping[str, Any]]) -> tuple[Edge, ...]:
    return tuple(
        Edge(each["name"], each.get("version", ""), tuple(each.get("extra", ())), each.get("marker", ""))
        for each in data
    )


def _wheel(data: Mapping[str, Any], source: Mapping[str, str], folder: Path) -> LockedWheel:
    """A wheel has a URL, or a path that counts from its index (a folder), or its package is that one file."""
    kind, _, digest = data.get("hash", "").partition(":")
    sha256 = digest if kind == "sha256" else ""
    if "url" in data:
        url = urldefrag(data["url"]).url
        return LockedWheel(unquote(PurePosixPath(urlparse(url).path).name), sha256, url, size=data.get("size"))
    below = (source.get("registry", ""), data["path"]) if "path" in data else (source["path"],)
    path = folder.joinpath(*below)
    return LockedWheel(path.name, sha256, path=path, size=data.get("size"))
