"""Where a product keeps its files, by the rules of each system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sarto_runtime.paths import cache_folder, switches_file

VARIABLES = ("SARTO_CACHE", "SARTO_STATE", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("system", "state", "cache"),
    [
        ("linux", ".local/state", ".cache/sarto"),
        ("freebsd14", ".local/state", ".cache/sarto"),
        ("darwin", "Library/Application Support", "Library/Caches/sarto"),
        ("win32", "AppData/Local", "AppData/Local/sarto/cache"),
    ],
)
def test_each_system_has_its_own_places(
    monkeypatch: pytest.MonkeyPatch, home: Path, system: str, state: str, cache: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert Path(switches_file("datasette", "acme")) == home / state / "sarto" / "datasette" / "acme" / "switches.json"
    assert Path(cache_folder()) == home / cache


def test_the_users_own_variables_come_first(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "s"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "c"))
    assert Path(switches_file("line", "acme")) == home / "s" / "sarto" / "line" / "acme" / "switches.json"
    assert Path(cache_folder()) == home / "c" / "sarto"
    monkeypatch.setenv("SARTO_STATE", str(home / "ss"))
    monkeypatch.setenv("SARTO_CACHE", str(home / "cc"))
    assert Path(switches_file("line", "acme")) == home / "ss" / "sarto" / "line" / "acme" / "switches.json"
    assert Path(cache_folder()) == home / "cc"


def test_a_relative_xdg_folder_does_not_count_as_its_specification_says(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert Path(cache_folder()) == home / ".cache" / "sarto"


@pytest.mark.parametrize(
    ("name", "folder"),
    [("Shop 2", "Shop_2"), ("../../etc", "_.._etc"), ("a/b\\c:d", "a_b_c_d"), ("..", "_"), ("Müller", "Müller")],
)
def test_any_name_of_a_line_becomes_one_folder(
    monkeypatch: pytest.MonkeyPatch, home: Path, name: str, folder: str
) -> None:
    monkeypatch.setenv("SARTO_STATE", str(home))
    assert Path(switches_file(name, "acme")) == home / "sarto" / folder / "acme" / "switches.json"
