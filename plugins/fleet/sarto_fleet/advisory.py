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
        """Whether the version is concerned, as OSV's schema evaluates it."""
        return version in self.versions or any(_is_within(version, events) for events in self.ranges)


@dataclass(frozen=True, slots=True)
class Advisory:
    """What one advisory says; a withdrawn one concerns nothing."""

    id: str
    affected: tuple[Affected, ...]

    def concerns(self, part: str, version: Version) -> bool:
        """Whether it concerns this version of the part (its normalised name)."""
        return any(each.part == part and each.has(version) for each in self.affected)


def _is_within(version: Version, events: tuple[Event, ...]) -> bool:
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
        given = [] if said.get("withdrawn") else [a for a in said["affected"] if a["package"]["ecosystem"] == "PyPI"]
        return Advisory(str(said["id"]), tuple(_affected(each) for each in given))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"this is no advisory in the OSV format: {type(error).__name__}: {error}"
        raise SartoError(what, where=str(file), hint="take it from osv.dev as JSON") from error


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
