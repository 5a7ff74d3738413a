"""What the builds of a folder say of themselves, one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version
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
    """A build: whose, with which features in it, and which parts."""

    name: str
    features: frozenset[str]
    parts: tuple[HeldPart, ...]


def read_customers(folder: Path) -> Iterator[Customer]:
    """The customers whose builds are in the folder, by the builds' names; only one is held at a time.

    Raises SartoError for a folder that is not there or a build that cannot be read: no customer is passed over.
    """
    if not folder.is_dir():
        raise SartoError("there is no such folder of builds", where=str(folder), hint="name it with -o")
    for file in sorted(folder.glob("[!.]*/build.json")):
        yield read_customer(file)


def read_customer(file: Path) -> Customer:
    """The customer of a build, from its ``build.json``. Raises SartoError where that cannot be read."""
    try:
        said = json.loads(file.read_bytes())
        parts = tuple(HeldPart(p["name"], Version(p["version"]), tuple(p["features"])) for p in said["parts"])
        there = {name for name, feature in said["features"].items() if feature["value"] is not False}
        return Customer(said["customer"], frozenset(there | set(said["open"])), parts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SartoError("this build cannot be read", where=str(file), hint="build it again") from error
