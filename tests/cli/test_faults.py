"""What the machine does to a build: full disks, file systems that are read-only, clocks that are wrong, crowds."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sarto.derive.verify import verify

from ..derive.hall import hall
from ..derive.making import make_wheel

CLOCK = """
import time
real = time.time
start = real() - 5
time.time = lambda: real() - start
time.time_ns = lambda: int(time.time() * 1e9)
"""
"""A ``sitecustomize`` by which Python believes that it is 1970."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A line with one large part, and a customer who has it."""
    hall(tmp_path, 'optional = ["big"]\n[features.big]\nparts = ["big"]\n', command="print('hall')")
    text = random.Random(1).randbytes(150_000).hex()
    make_wheel(tmp_path / "wheelhouse", "big", files={"big_data.txt": text})
    (tmp_path / "acme.toml").write_text('line = "features.toml"\ncustomer = "Acme"\n[select]\nbig = true\n')
    (tmp_path / "beta.toml").write_text('line = "features.toml"\ncustomer = "Beta"\n')
    return tmp_path


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 320 KB, which is too little for the part or a build with it."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = sys.platform == "linux" and mount("-t", "tmpfs", "-o", "size=320k", "tmpfs", str(folder))
    if not mounted:
        pytest.skip("only root on Linux can mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def overlay(home: Path, tmp_path: Path) -> Iterator[Path]:
    """An overlay, such as a container has; in its lower layer there is a build, and the cache that it came from."""
    lower, upper, merged = (tmp_path / name for name in ("lower", "upper", "merged"))
    for folder in (lower, upper, merged):
        folder.mkdir()
    assert run(home, lower / "cache", "build", "acme.toml", "-o", str(lower / "builds")) == (0, "")
    (lower / "cache" / "trees" / ("a" * 64)).mkdir(parents=True)
    if not (sys.platform == "linux" and mount("-t", "tmpfs", "tmpfs", str(upper))):
        pytest.skip("only root on Linux can mount an overlay")
    (upper / "files").mkdir()
    (upper / "work").mkdir()
    layers = f"lowerdir={lower},upperdir={upper}/files,workdir={upper}/work,redirect_dir=off"
    mounted = mount("-t", "overlay", "-o", layers, "overlay", str(merged))
    if mounted:
        yield merged
        subprocess.run(["umount", "--lazy", str(merged)], check=True)
    subprocess.run(["umount", "--lazy", str(upper)], check=True)
    if not mounted:
        pytest.skip("this system has no overlays")


def mount(*words: str) -> bool:
    return os.geteuid() == 0 and subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


def start(home: Path, cache: Path, *words: str, path: str = "") -> subprocess.Popen[str]:
    own = {"SARTO_CACHE": str(cache), "SARTO_STATE": str(home / "state"), "UV_OFFLINE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "sarto.cli", *words], cwd=home, env={**os.environ, **own, "PYTHONPATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run(home: Path, cache: Path, *words: str, path: str = "") -> tuple[int | None, str]:
    process = start(home, cache, *words, path=path)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def test_a_disk_that_is_too_full_for_the_store_is_one_sentence_and_nothing_half_made_stays(
    home: Path, small: Path
) -> None:
    failed, said = run(home, small / "cache", "build", "acme.toml")
    assert failed == 1
    assert said.startswith("error: writing '")
    assert said.endswith("-py3-none-any.whl' to the part store failed: No space left on device\n")
    assert said.count("\n") == 1
    assert not (home / "builds").exists()
    assert [path.name for path in small.rglob(".incoming-*")] == []
    assert run(home, small / "cache", "store", "verify") == (0, "")
    assert mount("-o", "remount,size=60m", str(small))
    assert run(home, small / "cache", "build", "acme.toml") == (0, "")
    assert verify(home / "builds/acme").problems == ()


def test_a_disk_that_is_too_full_for_a_build_leaves_the_old_one(home: Path, small: Path) -> None:
    assert mount("-o", "remount,size=60m", str(small))
    text = (home / "acme.toml").read_text()
    (home / "acme.toml").write_text(text.replace("true", "false"))
    assert run(home, home / "cache", "build", "acme.toml", "-o", str(small)) == (0, "")
    assert mount("-o", f"remount,size={shutil.disk_usage(small).used * 3 // 2048}k", str(small))
    before = (small / "acme/build.json").read_bytes()
    (home / "acme.toml").write_text(text)
    failed, said = run(home, home / "cache", "build", "acme.toml", "-o", str(small))
    assert (failed, said) == (1, "error: writing the build failed: No space left on device\n")
    assert (small / "acme/build.json").read_bytes() == before
    assert verify(small / "acme").problems == ()
    assert [path.name for path in small.iterdir()] == ["acme"]
    assert mount("-o", "remount,size=60m", str(small))
    assert run(home, home / "cache", "build", "acme.toml", "-o", str(small)) == (0, "")
    assert (small / "acme/build.json").read_bytes() != before


def test_a_store_that_is_read_only_serves_builds_of_what_it_has_and_says_what_it_cannot(
    home: Path, small: Path
) -> None:
    assert mount("-o", "remount,size=60m", str(small))
    assert run(home, small / "cache", "build", "acme.toml") == (0, "")
    assert mount("-o", "remount,ro", str(small))
    assert run(home, small / "cache", "build", "acme.toml", "beta.toml") == (0, "")
    assert verify(home / "builds/beta").problems == ()
    make_wheel(home / "wheelhouse", "hall", "2.0", entry_points="[console_scripts]\nhall = hall:main\n")
    failed, said = run(home, small / "cache", "build", "acme.toml")
    assert failed == 1
    assert said.startswith(f"error: the folder '{small}/cache/parts/sha256/")
    assert said.endswith(
        "' cannot be made: Read-only file system\n  hint: set SARTO_CACHE to a folder that you may write to\n"
    )
    assert verify(home / "builds/acme").problems == ()


def test_a_build_that_cannot_be_moved_aside_stays_and_is_replaced_when_it_is_removed(home: Path, overlay: Path) -> None:
    build = overlay / "builds" / "acme"
    words = ("build", "acme.toml", "-o", str(build.parent))
    (home / "acme.toml").write_text('line = "features.toml"\ncustomer = "Acme"\n')
    assert run(home, overlay / "cache", *words) == (
        1,
        f"error: '{build}' cannot be moved aside to be replaced: Invalid cross-device link\n"
        "  hint: remove it first, or name another folder with -o\n",
    )
    assert verify(build).problems == ()
    assert [path.name for path in build.parent.iterdir()] == ["acme"]
    shutil.rmtree(build)
    assert run(home, overlay / "cache", *words) == (0, "")
    assert verify(build).problems == ()


def test_what_was_derived_stays_where_no_folder_can_be_moved_aside_and_the_rest_is_freed(
    home: Path, overlay: Path
) -> None:
    cache = overlay / "cache"
    (cache / "trees" / ("b" * 64)).mkdir()
    (overlay / "none").mkdir()
    process = start(home, cache, "store", "free", "--builds", str(overlay / "none"), "--json")
    told, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (0, "")
    names = {each["name"] for each in json.loads(told)["derived"]}
    assert f"trees/{'b' * 12}" in names
    assert f"trees/{'a' * 12}" not in names
    assert [path.name for path in (cache / "trees").iterdir()] == ["a" * 64]
    assert not list((cache / "parts").rglob("*.whl"))


def test_in_1970_and_of_files_of_1970_a_build_is_the_same(home: Path) -> None:
    (home / "clock").mkdir()
    (home / "clock/sitecustomize.py").write_text(CLOCK)
    told = subprocess.run(
        [sys.executable, "-c", "import time; print(time.gmtime(time.time()).tm_year)"], check=True, text=True,
        capture_output=True, env={**os.environ, "PYTHONPATH": str(home / "clock")},
    )  # fmt: skip
    if told.stdout != "1970\n":
        pytest.skip("this Python has a sitecustomize of its own")
    assert run(home, home / "now", "build", "acme.toml", "-o", "now") == (0, "")
    for path in (home / "wheelhouse").iterdir():
        os.utime(path, (0, 0))
    assert run(home, home / "then", "build", "acme.toml", "-o", "then", path=str(home / "clock")) == (0, "")
    now, then = (
        {path.relative_to(home / name): path.read_bytes() for path in (home / name / "acme").rglob("*.*")}
        for name in ("now", "then")
    )
    assert [*now.values()] == [*then.values()]
    assert run(home, home / "then", "verify", "then/acme", path=str(home / "clock")) == (0, "")


def test_builders_at_once_on_one_cold_store_make_whole_builds(home: Path) -> None:
    crowd = [start(home, home / "cache", "build", f"{name}.toml") for name in ("acme", "beta", "acme")]
    assert [process.communicate(timeout=120)[1] for process in crowd] == ["", "", ""]
    assert [process.returncode for process in crowd] == [0, 0, 0]
    assert run(home, home / "cache", "store", "verify") == (0, "")
    assert [verify(home / "builds" / name).problems for name in ("acme", "beta")] == [(), ()]
    assert sorted(path.name for path in (home / "builds").iterdir()) == ["acme", "beta"]


@pytest.mark.skipif(sys.platform == "win32", reason="there, long paths are a setting of the system")
def test_a_build_far_down_in_the_folders_is_whole_and_starts(home: Path) -> None:
    deep = home / ("d" * 200) / ("e" * 200)
    assert run(home, home / "cache", "build", "acme.toml", "-o", str(deep)) == (0, "")
    assert verify(deep / "acme").problems == ()
    done = subprocess.run([sys.executable, deep / "acme/acme.py"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("hall\n", "", 0)
