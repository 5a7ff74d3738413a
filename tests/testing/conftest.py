"""A small real line whose suite has faults planted in it, by features; nothing reaches a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from sarto.testing import installed_wheel, make_wheel

LINE = """
[line]
name = "greeter"
version = "1"
root = "greeter"

[core]
parts = ["greeter"]
command = "greeter"
group = "greeter"
sources = ["wheels"]

[targets]
python = "host"
platforms = ["host"]

[tests]
paths = ["tests"]

[features.greeter]
optional = ["maps", "export", "search", "tokens", "theme"]

[features.theme]
alternative = ["dark", "light"]

[features.maps]
parts = ["greeter-maps"]

[features.export]
parts = ["greeter-export"]

[features.search]
parts = ["greeter-search"]

[features.dark]
parts = ["greeter-dark"]

[features.light]

[[constraints]]
rule = "tokens => export"
"""

GREETER = """
import importlib.metadata, sys

def features():
    return {entry.name for entry in importlib.metadata.entry_points(group="greeter")}

def main():
    print(*sorted(features()), *sys.argv[1:])
"""
NEEDED = ("pluggy", "pytest", "iniconfig", "packaging", "pygments")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts of the line, and pytest with what it needs."""
    folder = tmp_path_factory.mktemp("wheels")
    for name in NEEDED:
        installed_wheel(folder, name)
    make_wheel(folder, "greeter", {"greeter.py": GREETER}, "[console_scripts]\ngreeter = greeter:main\n")
    for name in ("maps", "export", "search", "dark"):
        make_wheel(folder, f"greeter-{name}", {f"greeter_{name}.py": ""}, f"[greeter]\n{name} = greeter_{name}\n")
    return folder


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests here: the line's parts are the same."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def surroundings(shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own is seen, and no index is asked."""
    monkeypatch.setenv("SARTO_CACHE", str(shared_cache))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.delenv("SARTO_PRODUCT", raising=False)


MakeLine = Callable[..., Path]


@pytest.fixture
def make_line(tmp_path: Path, wheels: Path) -> MakeLine:
    """``make_line(text)`` is the folder of the line with these tests; ``line`` is another features.toml."""

    def make(tests: str, line: str = LINE) -> Path:
        folder = tmp_path / "greeter"
        (folder / "tests").mkdir(parents=True)
        (folder / "wheels").symlink_to(wheels)
        (folder / "features.toml").write_text(line, encoding="utf-8")
        (folder / "tests" / "test_greeter.py").write_text(dedent(tests), encoding="utf-8")
        return folder

    return make
