"""Where a build's parts are imported from: the build itself, if it has them unpacked or installed, or the cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .build import Build, Part
from .paths import library_of

__all__ = ["BROUGHT", "ENVIRONMENT", "left_out", "libraries"]

BROUGHT = "unpacked"
"""The folder of a build that brings its parts unpacked, laid out as in the cache, by the hash of each wheel."""
ENVIRONMENT = "pyvenv.cfg"
"""What makes the folder of a build a virtual environment, in which its parts are installed."""
SWITCHED = os.path.join("lib", "switched")
"""Where an environment has the parts that may be off, a folder each by the part's name."""


def libraries(build: Build, parts: Sequence[Part]) -> list[str]:
    """The folders for ``sys.path`` that the ``parts`` are imported from, in their order.

    Raises :class:`ProductError` where a part is in none and cannot be unpacked.
    """
    if os.path.isfile(os.path.join(build.folder, ENVIRONMENT)):
        return _installed(build, parts)
    brought = {part: library_of(os.path.join(build.folder, BROUGHT, part.sha256)) for part in parts}
    missing = [part for part, folder in brought.items() if not os.path.isdir(folder)]
    if missing:
        from .unpack import unpacked

        brought.update(zip(missing, unpacked(build, missing), strict=True))
    return list(brought.values())


def left_out(build: Build, folders: Sequence[str]) -> set[str]:
    """The folders of parts that are off, which the environment's ``.pth`` file puts on the path of plain Python."""
    below = os.path.join(build.folder, SWITCHED)
    there = [os.path.join(below, name) for name in os.listdir(below)] if os.path.isdir(below) else []
    return {os.path.normcase(folder) for folder in there if folder not in folders}


def _installed(build: Build, parts: Sequence[Part]) -> list[str]:
    """The environment's own library, ordered as the parts are, and behind it those of the parts that may be off."""
    from .installed import arrange

    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    site = os.path.join(build.folder, "lib", version, "site-packages")
    switched = [os.path.join(build.folder, SWITCHED, part.name) for part in parts]
    folders = [site, *(folder for folder in switched if os.path.isdir(folder))]
    arrange(folders, parts)
    return folders
