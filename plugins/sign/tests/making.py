"""A real build of one part, assembled in a folder, signed or not."""

from __future__ import annotations

from pathlib import Path

from sarto.derive.bundle import assemble
from sarto.derive.plan import Plan, ResolvedTarget
from sarto.derive.seed import seed_wheel
from sarto.derive.signature import SigningKey
from sarto.derive.vouching import Vouching
from sarto.model.toml_line import read_line
from sarto.model.toml_selection import load_selection
from sarto.solve.resolution import resolve
from sarto.testing import make_wheel, part_of

LINE = """
[line]
name = "greeter"
version = "2026.11.0"
root = "greeter"

[core]
parts = ["greeter"]
command = "greeter"

[features.greeter]
"""

SELECTION = 'line = "features.toml"\ncustomer = "Acme GmbH"\n'


def make_plan(folder: Path) -> Plan:
    line = read_line(LINE, "features.toml")
    selection = load_selection("acme.toml", lambda _: SELECTION)
    wheel = make_wheel(folder, "greeter", {"greeter.py": "def main():\n    print('hello')\n"})
    return Plan(
        name="acme-gmbh", line=line, selection=selection, resolution=resolve(line.model, selection),
        target=ResolvedTarget(python="3.11", platform="manylinux_2_28_x86_64", markers={}, tags=()),
        parts=(part_of(wheel), part_of(seed_wheel())),
        order=(), settings={}, brand={"name": "Acme"}, brand_files={}, core_object="greeter:main",
    )  # fmt: skip


def make_build(folder: Path, key: SigningKey | None = None) -> Path:
    """A build whose files are its own, so that a test may damage them."""
    build = folder / "acme-gmbh"
    build.mkdir(parents=True)
    assemble(make_plan(folder / "wheels"), {"notes/origin.txt": b"from a plugin\n"}, build, Vouching(key=key))
    for part in (build / "parts").iterdir():
        content = part.read_bytes()
        part.unlink()
        part.write_bytes(content)
    return build
