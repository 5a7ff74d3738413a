"""What the builds of a folder say of themselves, one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import Version
from sarto.derive.manifest import MANIFEST
from sarto.errors import SartoError

__all__ = ["Customer", "HeldPart", "read_customer", "read_customers"]


@dataclass(frozen=True, slots=True)
class HeldPart:
    """A part in a build; ``features`` are those that need it, none where the core does."""

    name: str
    version: Version
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """A build: whose, with which features in it, and which parts; ``known`` are all features of its line."""

    name: str
    known: frozenset[str]
    features: frozenset[str]
    parts: tuple[HeldPart, ...]


def read_customers(folder: Path) -> Iterator[Customer]:
    """The customers whose builds are in the folder, by the builds' names; only one is held at a time.

    A folder in another format that has what the bundle beside it has is the same build.

    Raises SartoError for a folder that is not there or a build that cannot be read: no customer is passed over.
    """
    if not folder.is_dir():
        raise SartoError("there is no such folder of builds", where=str(folder), hint="name it with -o")
    for file in sorted(folder.glob("[!.]*/build.json")):
        said = _said(file)
        customer = _customer(file, said)
        bundle = file.parent.with_name(str(said.get("name"))) / MANIFEST
        if bundle == file or not bundle.is_file() or read_customer(bundle) != customer:
            yield customer


def read_customer(file: Path) -> Customer:
    """The customer of a build, from its ``build.json``. Raises SartoError where that cannot be read."""
    return _customer(file, _said(file))


def _said(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except ValueError as error:
        raise _unreadable(file) from error


def _customer(file: Path, said: Any) -> Customer:
    try:
        parts = tuple(HeldPart(p["name"], Version(p["version"]), tuple(p.get("features", ()))) for p in said["parts"])
        there = {name for name, feature in said["features"].items() if feature["value"] is not False}
        return Customer(said["customer"], frozenset(said["features"]), frozenset(there | set(said["open"])), parts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(file) from error


def _unreadable(file: Path) -> SartoError:
    return SartoError("this build cannot be read", where=str(file), hint="build it again")
