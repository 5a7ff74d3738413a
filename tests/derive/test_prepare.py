"""Preparing a line: what is made of it once, kept, made anew, and shared by processes."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.errors import SartoError
from sarto.model.line import LineDescription

from .making import LINE, Index, line_of, make_wheel, write
from .shop import HEAD, names, shop, versions


def test_each_feature_brings_its_parts_with_what_they_need(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget
) -> None:
    parts = prepare(greeter, workshop, linux).parts(["maps", "polite"])
    assert names(parts) == {
        "greeter": (), "greeter-geo": ("maps",), "greeter-maps": ("maps",), "greeter-polite": ("polite",),
        "pluggy": (), "sarto-runtime": (),
    }  # fmt: skip
    requires = {part.name: part.requires for part in parts}
    assert requires["greeter-maps"] == ("greeter", "greeter-geo")
    assert requires["sarto-runtime"] == ("pluggy",)


def test_a_build_without_features_has_the_core_alone(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget
) -> None:
    assert list(names(prepare(greeter, workshop, linux).parts([]))) == ["greeter", "pluggy", "sarto-runtime"]


def test_every_part_lies_in_the_store_with_its_hash_and_says_nothing_of_this_machine(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, shared_cache: Path
) -> None:
    for part in prepare(greeter, workshop, linux).parts(["loud", "maps", "polite"]):
        assert part.path == shared_cache / "parts" / "sha256" / part.sha256[:2] / part.sha256 / part.filename
        assert part.size == part.path.stat().st_size
        assert part.url == ""


def test_a_second_run_does_nothing_again_and_needs_no_network(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    first = prepare(greeter, workshop, linux, said.append)
    assert sorted(said) == sorted([
        *(f"building {name} from {workshop}/projects/{name}" for name in
          ("greeter", "greeter-geo", "greeter-loud", "greeter-maps", "greeter-polite")),
        "resolving the line's parts",
    ])  # fmt: skip
    said.clear()
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(subprocess, "run", None)
    assert prepare(greeter, workshop, linux, said.append).parts(["maps"]) == first.parts(["maps"])
    assert said == []


def test_a_change_of_one_project_builds_that_one_and_locks_anew(
    tmp_path: Path, workshop: Path, linux: ResolvedTarget
) -> None:
    folder = tmp_path / "line"
    shutil.copytree(workshop, folder)
    line = line_of(LINE, folder)
    before = prepare(line, folder, linux).parts(["loud"])
    write(folder / "projects/greeter-loud/src/greeter_loud/__init__.py", "word = '!!!'")
    said: list[str] = []
    after = prepare(line, folder, linux, said.append).parts(["loud"])
    assert said == [f"building greeter-loud from {folder}/projects/greeter-loud", "resolving the line's parts"]
    assert [new.name for old, new in zip(before, after, strict=True) if old.sha256 != new.sha256] == ["greeter-loud"]


def test_a_damaged_lock_in_the_cache_is_made_anew(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, cold_cache: Path
) -> None:
    first = prepare(greeter, workshop, linux)
    for lock in (cold_cache / "locks").glob("*/uv.lock"):
        lock.write_text("version = 1\n[[package")
    said: list[str] = []
    assert prepare(greeter, workshop, linux, said.append).lock_text == first.lock_text
    assert said == ["resolving the line's parts"]


PREPARING = """
import os, signal
from pathlib import Path
from sarto.derive import lock
from sarto.derive.prepare import prepare
from sarto.derive.progress import quiet
from sarto.derive.target import target_for
from sarto.model.selection import Target
from sarto.model.toml_line import read_line

def stop_here(message):
    if message.startswith("resolving"):
        lock.resolve = lambda *_: os.kill(os.getpid(), signal.SIGKILL)

line = read_line({line!r}, "features.toml")
target = target_for(Target("3.11", "manylinux_2_28_x86_64"))
catalog = prepare(line, Path({folder!r}), target, progress=quiet)
print(*(part.sha256 for part in catalog.parts(["maps", "loud"])))
"""


def test_two_processes_that_prepare_one_line_at_once_both_succeed(
    greeter: LineDescription, workshop: Path, cold_cache: Path
) -> None:
    program = PREPARING.format(line=LINE, folder=str(workshop))
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=120) for process in running]
    assert [error for _, error in ended] == ["", "", ""]
    assert len({out for out, _ in ended}) == 1
    assert len(list((cold_cache / "locks").glob("*/uv.lock"))) == 1
    assert list((cold_cache / "locks").glob(".making-*")) == []


def test_a_run_that_was_killed_while_it_locked_leaves_nothing_to_trip_over(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, cold_cache: Path
) -> None:
    program = PREPARING.format(line=LINE, folder=str(workshop)).replace("progress=quiet", "progress=stop_here")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (making,) = (cold_cache / "locks").glob(".making-*")
    assert names(prepare(greeter, workshop, linux).parts(["loud"]))["greeter-loud"] == ("loud",)
    assert not making.exists()


@pytest.mark.parametrize("name", ["pyproject.toml", "kept.json"])
def test_a_disk_that_fills_up_while_the_line_is_locked_is_one_sentence_and_nothing_stays(
    name: str, greeter: LineDescription, workshop: Path, linux: ResolvedTarget, cold_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    written = Path.write_text

    def full(path: Path, text: str, encoding: str) -> int:
        if path.name == name and path.is_relative_to(cold_cache):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written(path, text, encoding)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SartoError, match=r"^writing to Sarto's cache failed: No space left on device$"):
        prepare(greeter, workshop, linux)
    assert [*(cold_cache / "locks").glob(".making-*")] == []


def test_a_lock_beside_the_line_keeps_its_versions_as_long_as_they_fit(
    tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    index.add(make_wheel(tmp_path / "index", "thing", "1.0"))
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    write(tmp_path / "sarto.lock", prepare(line, tmp_path, linux).lock_text)
    index.add(make_wheel(tmp_path / "index", "thing", "2.0"))
    make_wheel(tmp_path / "wheelhouse", "shop-core", "1.5")
    kept = versions(prepare(line, tmp_path, linux), "shop")
    assert (kept["thing"], kept["shop-core"]) == ("1.0", "1.0")
    stricter = line_of(HEAD + '[features.shop]\nparts = ["thing>=2"]\n', tmp_path)
    assert versions(prepare(stricter, tmp_path, linux), "shop")["thing"] == "2.0"
    (tmp_path / "sarto.lock").unlink()
    assert versions(prepare(line, tmp_path, linux), "shop")["shop-core"] == "1.5"


def test_the_lock_names_nothing_of_this_machine(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget
) -> None:
    text = prepare(greeter, workshop, linux).lock_text
    assert str(workshop) not in text
    tomllib.loads(text)


PACKAGE = '[[package]]\nname = "thing"\nversion = "1.0"\nsource = { registry = "https://example.org" }\n'
NEWER = "unsupported schema version (v99, but only v1 is supported)"
NO_LOCK = "it lists no packages with their names and sources"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<<<<<<< ours\n", "Invalid statement (at line 1, column 1)"),
        ("package = 3\n", NO_LOCK),
        ('[[packages]]\nname = "thing"\n', NO_LOCK),
        ("[[package]]\nname = 3\nsource = {}\n", NO_LOCK),
        (f"version = 99\n{PACKAGE}", NEWER),
        (f'version = 99\nrequires-python = ">=3.11"\n{PACKAGE}', NEWER),
        (
            f"{PACKAGE}wheels = [3]\n",
            "TOML parse error at line 5, column 11 | 5 | wheels = [3] | ^ invalid type: integer `3`, expected struct "
            "WheelWire",
        ),
        (
            f'version = 1\nrequires-python = ">=3.11"\n{PACKAGE}wheels = [{{ url = "https://example.org/'
            'thing-2.0-py3-none-any.whl" }]\n',
            "The entry for package `thing` (1.0) has wheel `thing-2.0-py3-none-any.whl` with inconsistent version "
            "(2.0), which indicates a malformed wheel",
        ),
    ],
)
def test_a_lock_beside_the_line_that_cannot_be_read_is_an_error(
    text: str, reason: str, tmp_path: Path, linux: ResolvedTarget
) -> None:
    line = shop(tmp_path, "[features.shop]\n")
    write(tmp_path / "sarto.lock", text)
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        f"{tmp_path}/sarto.lock: the lock cannot be read: {reason}\n  hint: remove it, and the line is locked anew"
    )


def test_without_a_network_and_with_a_cold_cache_there_is_one_clear_sentence(
    tmp_path: Path, linux: ResolvedTarget, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "the package index cannot be reached at http://127.0.0.1:9/simple/thing/, and what this line needs is not in "
        "Sarto's cache yet: Connection refused (os error 111)\n"
        "  hint: connect to the network once, or name an index that can be reached in UV_DEFAULT_INDEX"
    )
