"""Makes a real build, with the seed's runtime, parts made on the spot and pluggy as it is installed here."""

from __future__ import annotations

import hashlib
import importlib.metadata
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sarto.derive.bundle import assemble
from sarto.derive.plan import Part, Plan, ResolvedTarget
from sarto.derive.seed import seed_wheel
from sarto.model.toml_line import read_line
from sarto.model.toml_selection import load_selection
from sarto.solve.resolution import resolve

LINE = """
[line]
name = "greeter"
version = "2026.11.0"
root = "greeter"

[core]
parts = ["greeter"]
command = "greeter"
group = "greeter"

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

SELECTION = """
line = "features.toml"
customer = "Acme GmbH"

[open]
features = ["maps"]
"""

GREETER = """
import importlib.metadata, json, sys

def main():
    if sys.argv[1:2] == ["eval"]:
        print(json.dumps(eval(sys.argv[2])))
        return
    found = importlib.metadata.entry_points(group="greeter")
    print(json.dumps({"argv": sys.argv, "plugins": [entry.name for entry in found]}))
"""

SCRIPT = "[console_scripts]\ngreeter = greeter:main\n"


def make_wheel(folder: Path, name: str, files: Mapping[str, str | bytes], entry_points: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace('-', '_')}-1.0"
    path = folder / f"{stem}-py3-none-any.whl"
    info = f"{stem}.dist-info"
    everything = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": entry_points,
    }
    everything[f"{info}/RECORD"] = "".join(f"{member},,\n" for member in (*everything, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in everything.items():
            archive.writestr(member, content)
    return path


def installed_wheel(folder: Path, name: str) -> Path:
    """The wheel of a distribution without native code, from its files as they are installed here."""
    distribution = importlib.metadata.distribution(name)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{distribution.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(distribution.files or [], key=str):
            if file.suffix != ".pyc" and ".." not in file.parts and file.name not in ("INSTALLER", "REQUESTED"):
                archive.writestr(file.as_posix(), file.read_binary())
    return path


def part_of(path: Path, features: Sequence[str] = ()) -> Part:
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
    """The plan of the greeter's build for Acme, its one plugin left open, with ``more`` parts in it."""
    line = read_line(LINE, "features.toml")
    selection = load_selection("acme.toml", lambda _: SELECTION)
    parts = [
        part_of(seed_wheel()),
        part_of(installed_wheel(folder, "pluggy")),
        part_of(make_wheel(folder, "greeter", {"greeter.py": GREETER}, SCRIPT)),
        part_of(make_wheel(folder, "greeter-maps", {"maps.py": ""}, "[greeter]\nmaps = maps\n"), ["maps"]),
        *more,
    ]
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
    folder.mkdir(parents=True)
    assemble(plan, {}, folder)
    return folder


def native_module() -> dict[str, str | bytes]:
    """The files of a wheel with native code: the importable ``pysolvers`` of the installed python-sat."""
    files = importlib.metadata.files("python-sat") or []
    native = next(file for file in files if file.name.startswith("pysolvers.") and file.suffix != ".py")
    return {native.name: native.read_binary()}
