"""An upgrade for which the customer's disk has no room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sarto.derive.verify import verify

from .test_upgrade import ask, home, run

__all__ = ["home"]


@pytest.fixture
def disk(home: Path) -> Iterator[Path]:
    """The customer's build on a file system of its own, in which nothing is free; ``ballast`` takes the room."""
    folder = home / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(words, capture_output=True, check=False).returncode
    ):
        pytest.skip("only root on Linux can mount a small file system")
    shutil.copytree(home / "theirs", folder / "theirs")
    try:
        with (folder / "ballast").open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError:
        pass
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_an_upgrade_for_which_there_is_no_room_leaves_the_old_build(disk: Path) -> None:
    run("builds/acme", "--from", "theirs/build.json", "--delta", "acme.delta")
    launcher = str(disk / "theirs/acme.py")
    before = sorted(disk.rglob("*"))
    done = subprocess.run(
        [sys.executable, launcher, "@upgrade", "acme.delta"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1, done.stderr
    assert "No space left on device" in done.stderr
    upgrades = disk / "theirs/upgrades"
    assert sorted({*disk.rglob("*")} - {*before}) == [upgrades, upgrades / "lock"]
    assert {*before} <= {*disk.rglob("*")}
    assert (upgrades / "lock").stat().st_size == 0
    assert verify(disk / "theirs").problems == ()
    assert ask(launcher=launcher) == "shop 1 shop_maps\n"
    (disk / "ballast").unlink()
    assert ask("@upgrade", "acme.delta", launcher=launcher).startswith("acme: shop 2 from the next start")
    assert ask(launcher=launcher) == "shop 2 shop_maps shop_tea\n"
