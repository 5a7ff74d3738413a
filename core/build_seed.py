"""Builds the seed: the wheel of ``sarto-runtime`` that travels in Sarto's own wheel.

Hatchling runs this as the build hook of the root project, for ordinary and editable installs, from a checkout
or an sdist. ``python core/build_seed.py`` makes the seed anew while the runtime is worked on.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
EPOCH = (1980, 1, 1, 0, 0, 0)


class SeedHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own hooks leave the config type open, too
    """Puts the runtime's wheel into ``core/sarto/seed/`` before Sarto's own wheel is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Make the seed; an sdist carries the runtime's sources instead."""
        if self.target_name == "wheel":
            write_seed(HERE / "runtime", HERE / "sarto" / "seed")


def write_seed(runtime: Path, seed: Path) -> Path:
    """Build the project in ``runtime`` into the folder ``seed``, in place of any older wheel, and return its path.

    The same sources give the same bytes, whatever the machine: the members are sorted, stored rather than
    compressed (zlibs differ), with fixed dates and modes; that is also why no build backend is asked to do it.
    """
    project = tomllib.loads((runtime / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{project['name'].replace('-', '_')}-{project['version']}"
    wheel = seed / f"{stem}-py3-none-any.whl"
    seed.mkdir(parents=True, exist_ok=True)
    aside = seed / f".{wheel.name}.{os.getpid()}"
    _write_wheel(aside, stem, dict(_members(runtime, stem, project)))
    for older in seed.glob("*.whl"):
        if older != wheel:
            older.unlink(missing_ok=True)
    return aside.replace(wheel)


def _members(runtime: Path, stem: str, project: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    package = runtime / project["name"].replace("-", "_")
    for file in package.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(runtime).as_posix(), file.read_bytes()
    info = f"{stem}.dist-info"
    for licence in project["license-files"]:
        yield f"{info}/licenses/{licence}", (runtime / licence).read_bytes()
    yield f"{info}/METADATA", _metadata(project).encode()
    yield f"{info}/WHEEL", b"Wheel-Version: 1.0\nGenerator: sarto\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def _metadata(project: Mapping[str, Any]) -> str:
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"License-Expression: {project['license']}",
        *(f"License-File: {licence}" for licence in project["license-files"]),
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {requirement}" for requirement in project["dependencies"]),
    ]
    return "\n".join(lines) + "\n"


def _write_wheel(path: Path, stem: str, members: Mapping[str, bytes]) -> None:
    record = f"{stem}.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(members.items())]
    text = "\n".join([*lines, f"{record},,", ""])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in [*sorted(members.items()), (record, text.encode())]:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    print(write_seed(HERE / "runtime", HERE / "sarto" / "seed"))
