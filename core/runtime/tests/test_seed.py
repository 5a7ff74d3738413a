"""Sarto's wheel carries the runtime's wheel, the same bytes wherever it is built."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
import uv

CORE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def build_seed() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_seed", CORE / "build_seed.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_seed_is_an_installable_wheel(tmp_path: Path, build_seed: ModuleType) -> None:
    wheel = build_seed.write_seed(CORE / "runtime", tmp_path / "seed")
    installed = tmp_path / "installed"
    install = [uv.find_uv_bin(), "pip", "install", "-q", "--offline", "--no-deps"]
    subprocess.run([*install, "--target", str(installed), str(wheel)], check=True)
    find = "from importlib.metadata import distribution as d; r = d('sarto-runtime'); print(r.version, r.requires)"
    told = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(installed)!r}); {find}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "0.1.0 ['pluggy>=1.5']\n"


def test_the_seed_has_what_hatchling_would_put_into_the_runtimes_wheel(tmp_path: Path, build_seed: ModuleType) -> None:
    from hatchling.builders.wheel import WheelBuilder

    ours = build_seed.write_seed(CORE / "runtime", tmp_path / "ours")
    (theirs,) = WheelBuilder(str(CORE / "runtime")).build(directory=str(tmp_path / "theirs"))
    assert Path(theirs).name == ours.name
    with zipfile.ZipFile(theirs) as hatchlings, zipfile.ZipFile(ours) as seed:
        assert set(seed.namelist()) == set(hatchlings.namelist())
        info = next(name for name in seed.namelist() if name.endswith("METADATA"))
        ours_said, theirs_said = (archive.read(info).decode().splitlines() for archive in (seed, hatchlings))
        assert ours_said[0] == "Metadata-Version: 2.4"
        assert sorted(ours_said[1:]) == sorted(theirs_said[1:])


def test_the_same_sources_give_the_same_bytes(tmp_path: Path, build_seed: ModuleType) -> None:
    first = build_seed.write_seed(CORE / "runtime", tmp_path / "first").read_bytes()
    shutil.copytree(CORE / "runtime", tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    for file in tmp_path.joinpath("copy").rglob("*"):
        os.utime(file, (1, 1))
        file.chmod(0o700)
    before = os.umask(0o077)
    second = build_seed.write_seed(tmp_path / "copy", tmp_path / "second").read_bytes()
    os.umask(before)
    assert first == second


def test_an_older_seed_is_removed(tmp_path: Path, build_seed: ModuleType) -> None:
    older = tmp_path / "sarto_runtime-0.0.1-py3-none-any.whl"
    older.write_bytes(b"")
    wheel = build_seed.write_seed(CORE / "runtime", tmp_path)
    assert list(tmp_path.iterdir()) == [wheel]


def test_the_seed_carries_the_launcher_where_builds_look_for_it(tmp_path: Path, build_seed: ModuleType) -> None:
    with zipfile.ZipFile(build_seed.write_seed(CORE / "runtime", tmp_path)) as wheel:
        assert wheel.read("sarto_runtime/launcher.py").startswith(b"#!/usr/bin/env python3\n")
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in wheel.infolist())
