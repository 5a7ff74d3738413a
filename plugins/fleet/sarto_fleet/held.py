"""What a folder of builds holds for one customer: what the build says of itself, and whether its files are there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sarto.derive.files import content_of
from sarto.derive.manifest import MANIFEST
from sarto.derive.part import PARTS_FOLDER
from sarto.derive.sums import ENVIRONMENT, SUMS

__all__ = ["Held", "file_fault", "held_build", "held_names", "is_another_form"]


KEPT = 10_000
"""Of so many parts the sizes are kept."""


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


def file_fault(folder: Path, sums: bytes) -> str:
    """What is wrong with the files of a build that has these sums, as far as it shows without reading its parts.

    Of a part that is its size, of any other file its hash. Empty where nothing is. Of most builds ``build.json`` need
    not be taken apart: the size that belongs to a part's hash is known from another one.
    """
    place, parts = f"{folder}{os.sep}", f"{PARTS_FOLDER}/"
    contents: dict[str, str] = {}
    manifest = b""
    for line in sums.decode().splitlines():
        digest, _, name = line.partition("  ")
        if name.startswith(parts):
            contents[name] = digest
        else:
            try:
                content = content_of(place + name)
            except OSError:
                return f"{name} is missing"
            if hashlib.sha256(content).hexdigest() != digest:
                return f"{name} was changed"
            if name == MANIFEST:
                manifest = content
    if not _sizes.keys() >= set(contents.values()):
        _learn(manifest)
    for name, digest in contents.items():
        try:
            size = os.stat(place + name).st_size  # noqa: PTH116  (for each part of each build)
        except OSError:
            return f"{name} is missing"
        if size != _sizes.get(digest):
            return f"{name} was changed"
    return ""


_sizes: dict[str, int] = {}
"""The size of each content that a part has, by its hash: that stays true."""


def _learn(manifest: bytes) -> None:
    if len(_sizes) > KEPT:
        _sizes.clear()
    with suppress(ValueError, KeyError, TypeError):  # a build without a manifest that says it has a fault
        _sizes.update({part["sha256"]: part["size"] for part in json.loads(manifest)["parts"]})


def is_another_form(folder: Path, said: Mapping[str, Any]) -> bool:
    """Whether the folder has a build in another format than the bundle, and is named after that."""
    if not folder.name.startswith(f"{said.get('name')}-"):
        return False
    return "form" in said or (folder / ENVIRONMENT).is_file() or not (folder / f"{said.get('launcher')}.py").exists()


def held_names(builds: Path) -> tuple[str, ...]:
    """The names of all builds in the folder."""
    return tuple(sorted(file.parent.name for file in builds.glob(f"[!.]*/{MANIFEST}")))
