"""``sarto lock``: what it writes, and what it says has changed."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from ..derive.making import make_wheel, pluggy_wheel, write
from .conftest import Sarto

LINE = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop-core"]
command = "shop"
sources = ["wheelhouse"]
[targets]
python = "host"
platforms = "host"
[features.shop]
optional = ["maps"]
[features.maps]
parts = ["part-maps"]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    pluggy_wheel(tmp_path / "wheelhouse")
    make_wheel(tmp_path / "wheelhouse", "shop-core")
    make_wheel(tmp_path / "wheelhouse", "part-maps")
    write(tmp_path / "features.toml", LINE)
    return tmp_path


def test_a_lock_keeps_versions_until_they_are_upgraded(sarto: Sarto, here: Path) -> None:
    assert sarto("lock").stdout == "locked 4 parts in sarto.lock\n"
    first = (here / "sarto.lock").read_text()
    make_wheel(here / "wheelhouse", "part-maps", "2.0")
    assert sarto("lock").stdout == "locked 4 parts in sarto.lock\n"
    assert 'version = "2.0"' not in (here / "sarto.lock").read_text()
    assert sarto("lock", "--upgrade").stdout == (
        "  part-maps  1.0  ->  2.0\nlocked 4 parts in sarto.lock; 1 part changed\n"
    )
    assert first != (here / "sarto.lock").read_text()


def test_builds_take_the_versions_of_the_lock(sarto: Sarto, here: Path) -> None:
    sarto("lock")
    make_wheel(here / "wheelhouse", "part-maps", "2.0")
    said = json.loads(sarto("lock", "--json").stdout)
    assert (said["file"], said["standard"], said["changed"]) == ("sarto.lock", None, [])
    assert said["parts"]["part-maps"] == ["1.0"]


@pytest.mark.parametrize(
    "text",
    ["<<<<<<< ours\n", "package = 3\n", "[[package]]\nname = 3\n", 'package = ["part-maps"]\n', "version = 1\n", ""],
)
def test_a_lock_that_cannot_be_read_is_upgraded_as_if_it_were_not_there(text: str, sarto: Sarto, here: Path) -> None:
    write(here / "sarto.lock", text)
    result = sarto("lock", "--upgrade")
    assert (result.exit_code, result.stdout) == (0, "locked 4 parts in sarto.lock\n")
    assert sarto("lock").stdout == "locked 4 parts in sarto.lock\n"


def test_the_standard_lock_is_not_written_over_unasked(sarto: Sarto, here: Path) -> None:
    write(here / "pylock.toml", "mine")
    result = sarto("lock", "--standard", "pylock.toml")
    assert (result.exit_code, (here / "pylock.toml").read_text()) == (1, "mine")
    assert result.stderr == "error: this file is there already\n  --> pylock.toml\n  hint: --force replaces it\n"
    assert not (here / "sarto.lock").exists()
    printed = sarto("lock", "--standard", "pylock.toml", "--force").stdout
    assert printed == "locked 4 parts in sarto.lock and pylock.toml\n"
    assert "'maps' in extras" in (here / "pylock.toml").read_text().replace('\\"', "'").replace('"', "'")


def test_a_line_for_several_targets_is_locked_for_all_of_them(sarto: Sarto, here: Path) -> None:
    targets = 'python = ["3.11", "3.12"]\nplatforms = ["manylinux_2_28_x86_64", "win_amd64"]'
    write(here / "features.toml", LINE.replace('python = "host"\nplatforms = "host"', targets))
    assert sarto("lock", "--standard", "pylock.toml").stdout == "locked 4 parts in sarto.lock and pylock.toml\n"
    said = tomllib.loads((here / "pylock.toml").read_text())
    assert len(said["environments"]) == 4
    assert said["requires-python"] == "<3.13,>=3.11"
