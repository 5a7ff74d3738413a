"""A build packed in an archive is, once unpacked, the same folder."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from sarto.derive.plan import Plan
from sarto.errors import SartoError
from sarto.hooks.manager import PluginManager
from sarto.testing import answer, make_bundle, make_plan, make_wheel, native_module, part_of, start

from sarto_tar.packing import pack, pack_compressed

Pack = Callable[[Plan, Path, Path], Path]
both = pytest.mark.parametrize("packing", [pack, pack_compressed])


def opened(path: Path) -> tarfile.TarFile:
    content = path.read_bytes()
    if path.suffix == ".zst":
        content = zstandard.ZstdDecompressor().stream_reader(content).read()
    return tarfile.open(fileobj=io.BytesIO(content))


def unpack(path: Path, folder: Path) -> Path:
    with opened(path) as archive:
        archive.extractall(folder, filter="data")
    return folder / "acme-gmbh"


@pytest.mark.parametrize("name", ["tar", "tar.zst"])
def test_the_formats_are_found_by_their_names(name: str, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    packed = PluginManager.discover().build_format(name).pack(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path)
    assert packed.name == f"acme-gmbh.{name}"


@both
def test_unpacked_it_starts_the_product_and_is_whole(packing: Pack, tmp_path: Path) -> None:
    native = part_of(make_wheel(tmp_path / "wheels", "native", native_module()))
    plan = make_plan(tmp_path / "wheels", native)
    folder = unpack(packing(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path), tmp_path / "there")
    launcher = folder / "acme-gmbh.py"
    assert answer(launcher, "one", home=tmp_path) == {"argv": ["acme-gmbh", "one"], "plugins": ["maps"]}
    assert answer(launcher, "eval", "callable(__import__('pysolvers').glucose41_new)", home=tmp_path) is True
    assert start(launcher, "@verify", home=tmp_path).stdout == "every file is as it was handed out\n"
    assert os.access(launcher, os.X_OK)


@both
@pytest.mark.network
def test_a_wheel_of_the_index_with_native_code_starts_from_it(packing: Pack, tmp_path: Path) -> None:
    words = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "markupsafe"]
    pip = [sys.executable, "-m", "pip", *words, "--dest", str(tmp_path / "fetched")]
    done = subprocess.run(pip, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"the package index cannot be reached: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "fetched").iterdir()
    plan = make_plan(tmp_path / "wheels", part_of(wheel))
    folder = unpack(packing(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path), tmp_path / "there")
    found = answer(folder / "acme-gmbh.py", "eval", "__import__('markupsafe._speedups').__name__", home=tmp_path)
    assert found == "markupsafe"


@both
def test_the_same_build_gives_the_same_bytes(packing: Pack, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    first = packing(plan, make_bundle(plan, tmp_path / "one"), tmp_path).read_bytes()
    mask = os.umask(0o077)
    bundle = make_bundle(plan, tmp_path / "two")
    os.umask(mask)
    for file in bundle.rglob("*"):
        if file.parent.name != "parts":
            os.utime(file, (1, 1))
    (tmp_path / "out").mkdir()
    assert packing(plan, bundle, tmp_path / "out").read_bytes() == first


@both
def test_nothing_in_it_is_of_the_machine_that_made_it(packing: Pack, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    with opened(packing(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path)) as archive:
        members = archive.getmembers()
    assert {(m.uid, m.gid, m.uname, m.gname, m.mtime) for m in members} == {(0, 0, "", "", 315532800)}
    assert [m.name for m in members if m.isfile() and m.mode == 0o755] == ["acme-gmbh/acme-gmbh.py"]


@pytest.mark.skipif(not (shutil.which("tar") and shutil.which("zstd")), reason="tar and zstd are not installed")
def test_the_systems_own_tar_reads_it(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    packed = pack_compressed(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path)
    subprocess.run(["tar", "--zstd", "-xf", str(packed)], cwd=tmp_path, check=True)
    assert answer(tmp_path / "acme-gmbh" / "acme-gmbh.py", home=tmp_path)["plugins"] == ["maps"]


@both
def test_a_file_that_cannot_be_written_is_an_error_in_words(packing: Pack, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    with pytest.raises(SartoError, match="packing the build 'acme-gmbh' failed: No such file or directory"):
        packing(plan, bundle, tmp_path / "nowhere")
