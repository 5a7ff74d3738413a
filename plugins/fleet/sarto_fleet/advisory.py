"""Advisories in the OSV format (schema 1.6): which versions of which parts from PyPI they concern."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from sarto.errors import SartoError

__all__ = ["Advisory", "Affected", "read_advisory"]

FIRST = Version("0.dev0")
Event = tuple[Version, str]


@dataclass(frozen=True, slots=True)
class Affected:
    """Versions of one part: those that are listed, and those between the events of a range."""

    part: str
    versions: frozenset[Version]
    ranges: tuple[tuple[Event, ...], ...]

    def has(self, version: Version) -> bool:
        """Whether the version is concerned, as OSV's schema evaluates it.

        Somebody's own build of a version, ``2.0+acme``, is that version unless it is named itself.
        """
        meant = Version(version.public)
        listed = version in self.versions or meant in self.versions
        return listed or any(_is_within(meant, events) for events in self.ranges)


@dataclass(frozen=True, slots=True)
class Advisory:
    """What one advisory says; a withdrawn one concerns nothing."""

    id: str
    affected: tuple[Affected, ...]

    def concerns(self, part: str, version: Version) -> bool:
        """Whether it concerns this version of the part (its normalised name)."""
        return any(each.part == part and each.has(version) for each in self.affected)


def _is_within(version: Version, events: tuple[Event, ...]) -> bool:
    limits = [bound for bound, kind in events if kind == "limit"]
    if limits and not any(version < bound for bound in limits):
        return False
    within = False
    for bound, kind in events:
        if kind == "introduced" and version >= bound:
            within = True
        elif (kind == "fixed" and version >= bound) or (kind == "last_affected" and version > bound):
            within = False
    return within


def read_advisory(file: Path) -> Advisory:
    """The advisory in an OSV file. Raises SartoError for one that cannot be read or decided."""
    try:
        said = json.loads(file.read_bytes())
        if not isinstance(said, dict) or "id" not in said:
            raise ValueError("it is not one advisory with an id")
        return Advisory(str(said["id"]), tuple(_affected(each) for each in _of_pypi(said)))
    except OSError as error:
        raise SartoError(f"the advisory cannot be read: {error.strerror}", where=str(file)) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said_so = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
        what = f"this is no advisory in the OSV format that can be decided: {said_so}"
        raise SartoError(what, where=str(file), hint="take it from osv.dev as JSON") from error


def _of_pypi(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What it says of packages of PyPI, whichever index that is; nothing where it was withdrawn."""
    if said.get("withdrawn"):
        return []
    named = [each for each in said.get("affected", ()) if "package" in each]
    if not named:
        raise ValueError("it names no package")
    return [each for each in named if each["package"]["ecosystem"].partition(":")[0] == "PyPI"]


def _affected(said: Mapping[str, Any]) -> Affected:
    ranges = [each for each in said.get("ranges", ()) if each["type"] in ("ECOSYSTEM", "SEMVER")]
    versions = said.get("versions", ())
    if not ranges and not versions:
        raise ValueError("it names no versions, only commits")
    return Affected(
        canonicalize_name(said["package"]["name"]),
        frozenset(found for text in versions if (found := _old_version(text))),
        tuple(tuple(sorted((_event(event) for event in each["events"]), key=lambda e: e[0])) for each in ranges),
    )


def _event(said: Mapping[str, str]) -> Event:
    kind, text = next(iter(said.items()))
    return (FIRST if kind == "introduced" and text == "0" else Version(text)), kind


def _old_version(text: str) -> Version | None:
    """None for a version from before PEP 440: no wheel of it can be in a build."""
    try:
        return Version(text)
    except InvalidVersion:
        return None
