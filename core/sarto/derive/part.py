"""One wheel of a build, and how it stands in a standard lock."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from packaging.pylock import Package, PackageWheel, Pylock
from packaging.utils import canonicalize_name
from packaging.version import Version

from ..errors import SartoError
from .wheel import console_scripts, plugins

__all__ = ["LOCK_VERSION", "PARTS_FOLDER", "Part", "damaged"]

PARTS_FOLDER = "parts"
LOCK_VERSION = Version("1.0")
KEPT = 10_000
"""Of so many wheels is kept what was found out about them; their names hold their hashes, so it stays true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One wheel of a build.

    ``features`` are the features that need it, directly or through other parts; an empty tuple
    means that every build has it. ``path`` is the verified wheel in the part store. ``requires``
    are the names of the parts it depends on. ``url`` is empty for a part that comes from a source folder.
    """

    name: str
    version: str
    filename: str
    sha256: str
    size: int
    path: Path
    features: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    url: str = ""

    def __hash__(self) -> int:
        """Of what tells parts apart, and no more: it is asked for each part of each build."""
        return hash((self.sha256, self.features))

    @property
    def lock_entry(self) -> str:
        """Its ``[[packages]]`` in ``pylock.toml`` (PEP 751), made once for all builds that have it.

        The wheel is named by its path in a build alone: there it lies, and the standard asks for one place of it.
        """
        return _lock_entry(self.name, self.version, self.filename, self.sha256, self.size)

    @property
    def console_scripts(self) -> Mapping[str, str]:
        """Its console scripts, command to ``module:attribute``; the wheel is opened once for all builds."""
        return _console_scripts(self.path)

    def plugins(self, group: str) -> Mapping[str, str]:
        """Its entry points in a group, name to ``module:attribute``; the wheel is opened once for all builds.

        Raises :class:`SartoError` where the wheel is no longer one.
        """
        try:
            return _plugins(self.path, group) if group else {}
        except (SartoError, zipfile.BadZipFile, OSError) as error:  # it was looked at when it came into the store
            raise damaged(self.name) from error


def damaged(name: str) -> SartoError:
    """What is said of a part that was whole when the build was planned, and is not any more."""
    return SartoError(f"part '{name}' in the store was damaged while this build was made", hint="build again")


@lru_cache(KEPT)
def _lock_entry(name: str, version: str, filename: str, sha256: str, size: int) -> str:
    wheel = PackageWheel(path=f"{PARTS_FOLDER}/{filename}", size=size, hashes={"sha256": sha256})
    package = Package(name=canonicalize_name(name), version=Version(version), wheels=[wheel])
    Pylock(lock_version=LOCK_VERSION, created_by="sarto", packages=[package]).validate()
    # As tomli_w would lay it out, it takes a third more of what each build has of its own.
    said = f"{{path={_quoted(wheel.path)},size={size},hashes={{sha256={_quoted(sha256)}}}}}"
    return f"[[packages]]\nname = {_quoted(package.name)}\nversion = {_quoted(version)}\nwheels = [{said}]\n"


def _quoted(text: str | None) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text)


@lru_cache(KEPT)
def _console_scripts(path: Path) -> Mapping[str, str]:
    return console_scripts(path)


@lru_cache(KEPT)
def _plugins(path: Path, group: str) -> Mapping[str, str]:
    return plugins(path, group)
