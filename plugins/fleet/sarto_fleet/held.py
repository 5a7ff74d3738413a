"""What a folder of builds holds for one customer: what the build says of itself, and whether its files are there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sarto.derive.manifest import MANIFEST
from sarto.derive.part import PARTS_FOLDER
from sarto.derive.sums import ENVIRONMENT, SUMS

__all__ = ["Held", "held_build", "held_names", "is_another_form"]


@dataclass(frozen=True, slots=True)
class Held:
    """A build: what its ``build.json`` says, or the ``fault`` that shows without reading its parts."""

    folder: Path
    said: Mapping[str, Any]
    fault: str = ""

    @property
    def version(self) -> str:
        """The version of its line."""
        return str(self.said["line"]["version"])

    @property
    def features(self) -> int:
        """How many features are in it, open ones too."""
        there = {name for name, feature in self.said["features"].items() if feature["value"] is not False}
        return len(there | set(self.said["open"]))

    @property
    def size(self) -> int:
        """The bytes of its parts."""
        return sum(part["size"] for part in self.said["parts"])

    @property
    def parts(self) -> Mapping[str, tuple[str, str]]:
        """Version and sha256 of each part."""
        return {part["name"]: (part["version"], part["sha256"]) for part in self.said["parts"]}


def held_build(builds: Path, name: str) -> Held | None:
    """The build of that name; None where there is none. The hashes of parts are not looked at, only their sizes."""
    folder = builds / name
    if not folder.is_dir():
        return None
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        held = Held(folder, said)
        _ = (held.version, held.features, held.size, held.parts, said["settings"].items(), said["brand"].items())
        fault = _fault(folder, said)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Held(folder, {}, f"its {MANIFEST} cannot be read")
    return Held(folder, said, fault)


def _fault(folder: Path, said: Mapping[str, Any]) -> str:
    for name in (SUMS, f"{said['launcher']}.py"):
        if not (folder / name).is_file():
            return f"{name} is missing"
    parts = f"{folder}/{PARTS_FOLDER}/"
    for part in said["parts"]:
        try:
            size = os.stat(parts + part["file"]).st_size  # noqa: PTH116  (for each part of each build)
        except FileNotFoundError:
            return f"{PARTS_FOLDER}/{part['file']} is missing"
        if size != part["size"]:
            return f"{PARTS_FOLDER}/{part['file']} was changed"
    return ""


def is_another_form(folder: Path, said: Mapping[str, Any]) -> bool:
    """Whether the folder has in another format what a bundle beside it has, too, by what its ``build.json`` says."""
    name, launcher = said.get("name"), f"{said.get('launcher')}.py"
    if not folder.name.startswith(f"{name}-") or not (folder.with_name(str(name)) / MANIFEST).is_file():
        return False
    return "form" in said or (folder / ENVIRONMENT).is_file() or not (folder / launcher).exists()


def held_names(builds: Path) -> tuple[str, ...]:
    """The names of all builds in the folder."""
    return tuple(sorted(file.parent.name for file in builds.glob(f"[!.]*/{MANIFEST}")))
