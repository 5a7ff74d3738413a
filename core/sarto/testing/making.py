"""What tests of plugins share: a small line with real wheels in a folder of the test's own, and builds of it.

They are imported from ``sarto.testing``: ``from sarto.testing import greeter_line`` in a ``conftest.py`` makes the
fixture known there. Everything is made on the spot: no test that uses this reaches a network. Needs pytest.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ..derive.bundle import assemble
from ..derive.plan import Part, Plan, ResolvedTarget
from ..derive.seed import seed_wheel
from ..model.toml_line import read_line
from ..model.toml_selection import load_selection
from ..solve.resolution import resolve

__all__ = [
    "GREETER_LINE", "GREETER_SELECTION", "answer", "greeter_line", "installed_wheel", "make_bundle", "make_plan",
    "make_wheel", "native_module", "part_of", "start",
]  # fmt: skip

GREETER_LINE = """
[line]
name = "greeter"
version = "2026.11.0"
root = "greeter"

[core]
parts = ["greeter"]
command = "greeter"
group = "greeter"
sources = ["wheels"]

[targets]
python = "host"
platforms = ["host"]

[features.greeter]
optional = ["maps", "export"]

[features.maps]
parts = ["greeter-maps"]
stage = "user"
binding = "start"
default = true

[features.export]
parts = ["greeter-export"]
"""
"""A line of a core product with two plugins, of which a user can switch one."""

GREETER_SELECTION = """
line = "features.toml"
customer = "Acme GmbH"

[open]
features = ["maps"]
"""

_GREETER = """
import importlib.metadata, json, sys

def main():
    if sys.argv[1:2] == ["eval"]:
        print(json.dumps(eval(sys.argv[2])))
        return
    found = importlib.metadata.entry_points(group="greeter")
    print(json.dumps({"argv": sys.argv, "plugins": [entry.name for entry in found]}))
"""
_SCRIPT = "[console_scripts]\ngreeter = greeter:main\n"
_LONG_AGO = (2020, 2, 2, 0, 0, 0)


@pytest.fixture
def greeter_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the line of a small product: ``features.toml``, ``acme.toml`` and the parts in ``wheels``.

    Builds keep to a cache of the test's own, and no index is asked for anything.
    """
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    folder = tmp_path / "greeter"
    _greeter_wheels(folder / "wheels")
    make_wheel(folder / "wheels", "greeter-export", {"export.py": ""}, "[greeter]\nexport = export\n")
    (folder / "features.toml").write_text(GREETER_LINE, encoding="utf-8")
    (folder / "acme.toml").write_text(GREETER_SELECTION, encoding="utf-8")
    return folder


def make_wheel(
    folder: Path, name: str, files: Mapping[str, str | bytes], entry_points: str = "", version: str = "1.0",
    requires: Sequence[str] = (),
) -> Path:  # fmt: skip
    """A wheel of these files in ``folder``, as installers take it; the same bytes each time."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    return _write_wheel(
        folder / f"{stem}-py3-none-any.whl",
        {
            **files,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/entry_points.txt": entry_points,
        },
        f"{info}/RECORD",
    )


def installed_wheel(folder: Path, name: str) -> Path:
    """The wheel of a distribution without native code, from its files as they are installed here."""
    distribution = importlib.metadata.distribution(name)
    stem = f"{name.replace('-', '_')}-{distribution.version}"
    kept = [file for file in sorted(distribution.files or [], key=str) if _belongs_in_wheel(file)]
    files = {file.as_posix(): file.read_binary() for file in kept}
    return _write_wheel(folder / f"{stem}-py3-none-any.whl", files, f"{stem}.dist-info/RECORD")


def native_module() -> dict[str, str | bytes]:
    """The files of a wheel with native code: the importable ``pysolvers`` of the installed python-sat."""
    files = importlib.metadata.files("python-sat") or []
    native = next(file for file in files if file.name.startswith("pysolvers.") and file.suffix != ".py")
    return {native.name: native.read_binary()}


def part_of(path: Path, features: Sequence[str] = ()) -> Part:
    """The part that a wheel is in a plan, delivering the features."""
    name, version = path.name.split("-")[:2]
    content = path.read_bytes()
    return Part(
        name=name.replace("_", "-"),
        version=version,
        filename=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        path=path,
        features=tuple(features),
    )


def make_plan(folder: Path, *more: Part) -> Plan:
    """The plan of the greeter's build for Acme, its one plugin left open, with ``more`` parts; wheels in ``folder``."""
    line = read_line(GREETER_LINE, "features.toml")
    selection = load_selection("acme.toml", lambda _: GREETER_SELECTION)
    pluggy, core, maps = _greeter_wheels(folder)
    parts = [part_of(seed_wheel()), part_of(pluggy), part_of(core), part_of(maps, ["maps"]), *more]
    return Plan(
        name="acme-gmbh",
        line=line,
        selection=selection,
        resolution=resolve(line.model, selection),
        target=ResolvedTarget(python="3.11", platform="manylinux_2_28_x86_64", markers={}, tags=()),
        parts=tuple(sorted(parts, key=lambda part: part.name)),
        order=("maps",),
        settings={},
        brand={"name": "Acme"},
        brand_files={},
        core_object="greeter:main",
    )


def make_bundle(plan: Plan, folder: Path) -> Path:
    """The finished folder of a build, as a build format is given it."""
    folder.mkdir(parents=True)
    assemble(plan, {}, folder)
    return folder


def start(
    program: Path, *words: str, home: Path, python: Sequence[str] = (sys.executable,), path: str = ""
) -> subprocess.CompletedProcess[str]:
    """Start a build for a user whose cache and switches are in ``home``."""
    own = {"SARTO_CACHE": str(home / "cache"), "SARTO_STATE": str(home / "state")}
    environment = {**os.environ, **own, **({"PATH": path} if path else {})}
    command = [*python, str(program), *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def answer(program: Path, *words: str, home: Path) -> Any:
    """What the greeter says, which goes well: its arguments and plugins, or the value of an ``eval`` word."""
    done = start(program, *words, home=home)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)


def _greeter_wheels(folder: Path) -> tuple[Path, Path, Path]:
    return (
        installed_wheel(folder, "pluggy"),
        make_wheel(folder, "greeter", {"greeter.py": _GREETER}, _SCRIPT),
        make_wheel(folder, "greeter-maps", {"maps.py": ""}, "[greeter]\nmaps = maps\n"),
    )


def _belongs_in_wheel(file: importlib.metadata.PackagePath) -> bool:
    return file.suffix != ".pyc" and ".." not in file.parts and file.name not in ("INSTALLER", "REQUESTED", "RECORD")


def _write_wheel(path: Path, files: Mapping[str, str | bytes], record: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    members = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    lines = [f"{name},sha256={_record_hash(content)},{len(content)}\n" for name, content in members.items()]
    members[record] = "".join([*lines, f"{record},,\n"]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content)
    return path


def _record_hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
