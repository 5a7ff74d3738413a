"""A line over a host with hook specs and plugins in a folder of wheels, to be checked on this machine."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from sarto.derive.contracts import part_findings
from sarto.solve.soundness import Finding

from .making import line_of, make_wheel, pluggy_wheel

LINE = """
[line]
name = "hall"
version = "1"
root = "hall"
[core]
parts = ["hall"]
command = "hall"
group = "hall"
hooks = "hall_hooks"
sources = ["wheelhouse"]
[targets]
python = "host"
platforms = "host"
[features.hall]
"""
HOOKS = """
import pluggy

hookspec = pluggy.HookspecMarker("hall")
hookimpl = pluggy.HookimplMarker("hall")

@hookspec
def greeting(guest, day):
    "Words for a guest."

@hookspec
def song():
    "What is sung."
"""
PLUGIN = """
from hall_hooks import hookimpl

@hookimpl
def greeting(guest):
    return f"Hello, {guest}"
"""


def hall(folder: Path, features: str, *, head: str = LINE, command: str = "", hooks: str = HOOKS) -> Path:
    """A features.toml with the wheels of its core, which begins with ``command``, and of pluggy; returns ``folder``."""
    pluggy_wheel(folder / "wheelhouse")
    make_wheel(
        folder / "wheelhouse", "hall", requires=["pluggy"],
        files={"hall.py": f"{command}\ndef main(): ...\n", "hall_hooks.py": hooks},
        entry_points="[console_scripts]\nhall = hall:main\n",
    )  # fmt: skip
    (folder / "features.toml").write_text(dedent(head + features), encoding="utf-8")
    return folder


def plugin(folder: Path, name: str, text: str = PLUGIN, **wheel: object) -> Path:
    """The wheel ``hall-<name>``, whose entry point ``<name> = hall_<name>`` is a module with this text."""
    settings: dict[str, object] = {
        "files": {f"hall_{name}.py": text},
        "entry_points": f"[hall]\n{name} = hall_{name}\n",
        **wheel,
    }
    return make_wheel(folder / "wheelhouse", f"hall-{name}", **settings)  # type: ignore[arg-type]  # as make_wheel says


def one_plugin(folder: Path, text: str, **core: str) -> Path:
    """The hall with one feature, ``solo``, whose plugin has this text."""
    hall(folder, 'optional = ["solo"]\n[features.solo]\nparts = ["hall-solo"]\n', **core)
    plugin(folder, "solo", dedent(text))
    return folder


def check(folder: Path) -> tuple[Finding, ...]:
    """What is wrong with the line's parts."""
    return check_saying(folder)[0]


def check_saying(folder: Path) -> tuple[tuple[Finding, ...], list[str]]:
    """What is wrong with the line's parts, and the progress that was said."""
    said: list[str] = []
    line = line_of((folder / "features.toml").read_text(encoding="utf-8"), folder)
    return part_findings(line, folder, said.append), said


def told(findings: tuple[Finding, ...]) -> list[str]:
    """Each finding in one text."""
    return [
        f"{finding.severity} {finding.kind} {finding.where}: {finding.what}"
        + (f" ({finding.hint})" if finding.hint else "")
        for finding in findings
    ]


SOLO = "error plugin features.toml: features.solo.parts[0]: feature 'solo': "
POINT = "the entry point 'solo = hall_solo' of part 'hall-solo' 1.0"


def of_plugin(text: str, folder: Path, **core: str) -> list[str]:
    """What is found in a plugin with this text, each finding without its place and subject."""
    found = told(check(one_plugin(folder, text, **core)))
    assert all(each.startswith(f"{SOLO}{POINT} ") for each in found), found
    return [each.removeprefix(f"{SOLO}{POINT} ") for each in found]
