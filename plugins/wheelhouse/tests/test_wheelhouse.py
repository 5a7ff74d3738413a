"""A wheelhouse is the product for whoever has an installer and no network."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from packaging.pylock import Pylock
from sarto.derive.bundle import bundle_files
from sarto.derive.deliver import deliver
from sarto.derive.plan import Plan
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.derive.verify import verify
from sarto.derive.vouching import Vouching
from sarto.errors import SartoError
from sarto.hooks.manager import PluginManager
from sarto.testing import make_bundle, make_plan, make_wheel, native_module, part_of

from sarto_wheelhouse.packing import pack


def make(plan: Plan, folder: Path) -> Path:
    (folder / "out").mkdir(parents=True)
    return pack(plan, make_bundle(plan, folder / "bundle"), folder / "out")


def install(wheelhouse: Path, environment: Path) -> Path:
    """Install the wheelhouse with pip, from another folder and with no index; the environment's programs."""
    venv.create(environment, symlinks=sys.platform != "win32")
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    words = ["install", "--disable-pip-version-check", "--quiet", "--no-index", "--require-hashes"]
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python")]
    command = [*pip, *words, "-r", str(wheelhouse / "requirements.txt")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return programs


def ask(programs: Path, *words: str) -> object:
    done = subprocess.run([programs / "greeter", *words], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def test_the_format_is_found_by_its_name() -> None:
    assert PluginManager.discover().build_format("wheelhouse").summary == "wheels that pip and uv install offline"


def test_pip_installs_it_without_an_index_and_the_cores_command_starts(tmp_path: Path) -> None:
    native = part_of(make_wheel(tmp_path / "wheels", "native", native_module()))
    wheelhouse = make(make_plan(tmp_path / "wheels", native), tmp_path)
    programs = install(wheelhouse, tmp_path / "environment")
    answer = ask(programs, "one")
    assert isinstance(answer, dict)
    assert (answer["argv"][1:], answer["plugins"]) == (["one"], ["maps"])
    assert ask(programs, "eval", "callable(__import__('pysolvers').glucose41_new)") is True


@pytest.mark.network
def test_a_wheel_of_the_index_with_native_code_is_installed(tmp_path: Path) -> None:
    words = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "markupsafe"]
    pip = [sys.executable, "-m", "pip", *words, "--dest", str(tmp_path / "fetched")]
    done = subprocess.run(pip, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"the package index cannot be reached: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "fetched").iterdir()
    programs = install(make(make_plan(tmp_path / "wheels", part_of(wheel)), tmp_path), tmp_path / "environment")
    assert ask(programs, "eval", "str(__import__('markupsafe._speedups')._speedups._escape_inner('<'))") == "&lt;"


def test_pip_refuses_a_part_that_was_changed(tmp_path: Path) -> None:
    wheelhouse = make(make_plan(tmp_path / "wheels"), tmp_path)
    (wheel,) = wheelhouse.glob("parts/greeter_maps-*")
    wheel.unlink()
    make_wheel(wheelhouse / "parts", "greeter-maps", {"maps.py": "evil = True"})
    with pytest.raises(AssertionError, match="DO NOT MATCH THE HASHES"):
        install(wheelhouse, tmp_path / "environment")


def test_the_lock_names_exactly_the_wheels_that_are_there(tmp_path: Path) -> None:
    wheelhouse = make(make_plan(tmp_path / "wheels"), tmp_path)
    lock = Pylock.from_dict(tomllib.loads((wheelhouse / "pylock.toml").read_text()))
    paths = [wheel.path for package in lock.packages for wheel in package.wheels or ()]
    assert paths == sorted(f"parts/{file.name}" for file in (wheelhouse / "parts").iterdir())


def test_its_guide_names_the_command_and_the_target(tmp_path: Path) -> None:
    guide = (make(make_plan(tmp_path / "wheels"), tmp_path) / "README.txt").read_text()
    assert guide.startswith("Acme for Python 3.11 on manylinux_2_28_x86_64\n")
    assert "Then the command 'greeter' starts it" in guide


def test_the_same_build_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    first = make(plan, tmp_path / "one")
    mask = os.umask(0o077)
    second = make(plan, tmp_path / "two")
    os.umask(mask)
    assert contents(first) == contents(second)


def test_the_files_of_a_build_give_the_same_wheelhouse_as_its_folder(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    whole = contents(make(plan, tmp_path / "whole"))
    assert contents(pack(plan, bundle_files(plan, {}), tmp_path)) == whole


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mode) for file in files}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sha256sum on Windows")
def test_every_file_has_its_sum(tmp_path: Path) -> None:
    wheelhouse = make(make_plan(tmp_path / "wheels"), tmp_path)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=wheelhouse, capture_output=True, check=True)
    listed = {line.split("  ")[1] for line in (wheelhouse / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(contents(wheelhouse)) - {"SHA256SUMS"}


def test_a_folder_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    tmp_path.joinpath("file").write_text("")
    with pytest.raises(SartoError, match="packing the build 'acme-gmbh' failed: Not a directory"):
        pack(plan, bundle, tmp_path / "file")


def test_a_wheelhouse_is_signed_by_its_own_sums_and_each_changed_file_is_named(tmp_path: Path) -> None:
    private = SigningKey(algorithm="sum", id="0" * 64, sign=lambda content: hashlib.sha256(content).digest())
    public = VerifyingKey(
        algorithm="sum", id="0" * 64, verify=lambda content, value: hashlib.sha256(content).digest() == value
    )
    plan = make_plan(tmp_path / "wheels")
    wheelhouse = deliver(plan, {}, {"wheelhouse": pack}, tmp_path / "out", vouching=Vouching(key=private))["wheelhouse"]
    assert verify(wheelhouse, public).problems == ()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"acme-gmbh-wheelhouse"}
    for name in contents(wheelhouse):
        file = wheelhouse / name
        good = file.read_bytes()
        file.unlink()
        file.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        assert any(problem.startswith(f"{name}: ") for problem in verify(wheelhouse, public).problems), name
        file.write_bytes(good)
    assert verify(wheelhouse, public).problems == ()
