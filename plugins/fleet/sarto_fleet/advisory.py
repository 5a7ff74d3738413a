"""Advisories in the OSV format (schema 1.6): which versions of which parts from PyPI they concern."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from sarto.errors import SartoError

__all__ = ["Advisory", "Affected", "read_advisory"]

FIRST = Version("0.dev0")
KINDS = ("introduced", "fixed", "last_affected", "limit")
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
        return listed or any(_is_within(version, events) for events in self.ranges)


@dataclass(frozen=True, slots=True)
class Advisory:
    """What one advisory says; a withdrawn one concerns nothing."""

    id: str
    affected: tuple[Affected, ...]

    def concerns(self, part: str, version: Version) -> bool:
        """Whether it concerns this version of the part (its normalised name)."""
        return any(each.part == part and each.has(version) for each in self.affected)


def _is_within(version: Version, events: tuple[Event, ...]) -> bool:
    meant = Version(version.public)
    found = [(version if bound.local else meant, bound, kind) for bound, kind in events]
    limits = [held < bound for held, bound, kind in found if kind == "limit"]
    if limits and not any(limits):
        return False
    within = False
    for held, bound, kind in found:
        if kind == "introduced" and held >= bound:
            within = True
        elif (kind == "fixed" and held >= bound) or (kind == "last_affected" and held > bound):
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
    versions = said.get("versions", [])
    if not isinstance(versions, list):
        raise ValueError("its versions are no list")
    if not ranges and not versions:
        raise ValueError("it names no versions, only commits")
    return Affected(
        canonicalize_name(said["package"]["name"]),
        frozenset(found for text in versions if (found := _old_version(text))),
        tuple(_events(each["events"]) for each in ranges),
    )


def _events(said: Sequence[Mapping[str, str]]) -> tuple[Event, ...]:
    """The events of a range by their versions; where a limit is ``*``, there is none."""
    found = [(kind, text) for event in said for kind, text in event.items()]
    if unknown := [kind for kind, _ in found if kind not in KINDS]:
        raise ValueError(f"a range has an event '{unknown[0]}'")
    if not any(kind == "introduced" for kind, _ in found):
        raise ValueError("a range does not say where it begins, with 'introduced'")
    if ("limit", "*") in found:
        found = [(kind, text) for kind, text in found if kind != "limit"]
    return tuple(sorted((_event(kind, text) for kind, text in found), key=itemgetter(0)))


def _event(kind: str, text: str) -> Event:
    return (FIRST if kind == "introduced" and text == "0" else Version(text)), kind


def _old_version(text: str) -> Version | None:
    """None for a version from before PEP 440: no wheel of it can be in a build."""
    try:
        return Version(text)
    except InvalidVersion:
        return None
