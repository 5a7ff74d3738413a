"""A build packed in an archive is, once unpacked, the same folder."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from sarto.derive.bundle import assemble, bundle_files
from sarto.derive.contents import Bundle
from sarto.derive.derived import remove, unneeded
from sarto.derive.plan import Plan
from sarto.errors import SartoError
from sarto.hooks.manager import PluginManager
from sarto.testing import answer, make_bundle, make_plan, make_wheel, native_module, part_of, start

from sarto_tar.packing import pack, pack_compressed

Pack = Callable[[Plan, Bundle, Path], Path]
both = pytest.mark.parametrize("packing", [pack, pack_compressed])


def opened(path: Path) -> tarfile.TarFile:
    content = path.read_bytes()
    if path.suffix == ".zst":
        content = zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True).read()
    return tarfile.open(fileobj=io.BytesIO(content))


def unpack(path: Path, folder: Path) -> Path:
    with opened(path) as archive:
        archive.extractall(folder, filter="data")
    return folder / "acme-gmbh"


@pytest.mark.parametrize("name", ["tar", "tar.zst"])
def test_the_formats_are_found_by_their_names(name: str, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    packed = PluginManager.discover().build_format(name).pack(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path)
    assert packed == tmp_path / f"acme-gmbh.{name}"


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


def test_it_is_what_tarfile_writes_to_the_byte(tmp_path: Path) -> None:
    """With names that are long or not ASCII, empty files and folders within folders."""
    plan = make_plan(tmp_path / "wheels", part_of(make_wheel(tmp_path / "wheels", "large", {"one.bin": b"1" * 99_999})))
    bundle = tmp_path / "acme-gmbh"
    bundle.mkdir()
    extra = {"brand/größe.txt": b"", f"brand/{'deep/' * 20}er.txt": b"deeper", "x-parts/one.txt": b"1" * 512}
    assemble(plan, extra, bundle)

    def uniform(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mode = 0o755 if member.isdir() or member.name.endswith("/acme-gmbh.py") else 0o644
        member.mtime = 315532800
        return member

    with tarfile.open(tmp_path / "expected.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        for path in (bundle, *sorted(bundle.rglob("*"))):
            archive.add(path, path.relative_to(tmp_path).as_posix(), recursive=False, filter=uniform)
    (tmp_path / "out").mkdir()
    expected = (tmp_path / "expected.tar").read_bytes()
    assert pack(plan, bundle, tmp_path / "out").read_bytes() == expected
    packed = pack_compressed(plan, bundle, tmp_path / "out").read_bytes()
    assert zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read() == expected


@both
def test_the_files_of_a_build_give_the_same_bytes_as_its_folder(packing: Pack, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    packed = packing(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path).read_bytes()
    (tmp_path / "out").mkdir()
    assert packing(plan, bundle_files(plan, {}), tmp_path / "out").read_bytes() == packed


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tar"


def damage_content(frame: Path) -> None:
    (frame / "frame").chmod(0o644)
    (frame / "frame").write_bytes((frame / "frame").read_bytes()[:-9] + b"corrupted")


def damage_record(frame: Path) -> None:
    (frame / "frame.json").write_text("rubbish")


def damage_version(frame: Path) -> None:
    (frame / "frame.json").write_text((frame / "frame.json").read_text().replace('"format": [1', '"format": [0'))


def damage_whole(frame: Path) -> None:
    shutil.rmtree(frame)


@pytest.mark.parametrize("damage", [damage_content, damage_record, damage_version, damage_whole])
def test_parts_are_compressed_once_and_again_where_that_was_damaged(
    damage: Callable[[Path], None], cache: Path, tmp_path: Path
) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    cold = pack_compressed(plan, bundle, tmp_path).read_bytes()
    assert {path.name for path in cache.iterdir()} == {part.sha256 for part in plan.parts}
    first = {path: path.stat().st_ino for path in cache.glob("*/frame")}
    assert pack_compressed(plan, bundle, tmp_path).read_bytes() == cold
    assert {path: path.stat().st_ino for path in cache.glob("*/frame")} == first
    for frame in list(cache.iterdir()):
        damage(frame)
    program = (
        "import sys, pickle, pathlib; from sarto_tar.packing import pack_compressed;"
        "pack_compressed(*pickle.load(sys.stdin.buffer))"
    )
    (tmp_path / "out").mkdir()
    again = pickle.dumps((plan, bundle, tmp_path / "out"))
    subprocess.run([sys.executable, "-c", program], input=again, check=True)
    assert (tmp_path / "out" / "acme-gmbh.tar.zst").read_bytes() == cold


def test_a_frame_that_was_damaged_since_it_was_used_is_made_again(cache: Path, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    cold = pack_compressed(plan, bundle, tmp_path).read_bytes()
    for frame in list(cache.iterdir()):
        (frame / "frame").unlink()
        (frame / "frame").write_bytes(b"corrupted")
    assert pack_compressed(plan, bundle, tmp_path).read_bytes() == cold


def test_what_is_kept_of_parts_that_no_build_needs_is_freed(cache: Path, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    pack_compressed(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path)
    first, *others = sorted(part.sha256 for part in plan.parts)
    found = unneeded({first})
    assert [each.path for each in found] == [cache / sha256 for sha256 in others]
    for each in found:
        remove(each)
    assert [path.name for path in cache.iterdir()] == [first]


def test_where_the_cache_cannot_be_written_it_is_packed_without(cache: Path, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    cache.parent.mkdir()
    cache.write_text("a file where a folder has to be")
    cold = pack_compressed(plan, bundle, tmp_path).read_bytes()
    cache.unlink()
    assert pack_compressed(plan, bundle, tmp_path).read_bytes() == cold
    assert list(cache.iterdir())


@both
def test_a_part_that_was_damaged_is_noticed(packing: Pack, cache: Path, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    plan.parts[0].path.write_bytes(plan.parts[0].path.read_bytes()[:-1])
    with pytest.raises(SartoError, match=f"part '{plan.parts[0].name}' in the store was damaged while this build was"):
        packing(plan, bundle, tmp_path)


@both
def test_a_file_that_cannot_be_written_is_an_error_in_words(packing: Pack, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    with pytest.raises(SartoError, match="packing the build 'acme-gmbh' failed: No such file or directory"):
        packing(plan, bundle, tmp_path / "nowhere")


@both
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_an_error_in_words(packing: Pack, tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    for name in ("acme-gmbh.tar", "acme-gmbh.tar.zst"):
        (tmp_path / name).symlink_to("/dev/full")
    with pytest.raises(SartoError, match="packing the build 'acme-gmbh' failed: No space left on device"):
        packing(plan, bundle, tmp_path)


@both
def test_two_customers_who_differ_in_their_brand_have_the_same_members_but_their_own(
    packing: Pack, tmp_path: Path
) -> None:
    plan = make_plan(tmp_path / "wheels")
    other = replace(
        plan, name="other", selection=replace(plan.selection, customer="Other", brand={"name": "Other Hello"}),
        brand={"name": "Other Hello", "logo": "brand/logo.svg"}, brand_files={"brand/logo.svg": b"<svg/>"},
    )  # fmt: skip
    one, two = (
        _below(packing(each, make_bundle(each, tmp_path / each.name / "bundle"), tmp_path / each.name))
        for each in (plan, other)
    )
    assert one.keys() ^ two.keys() == {"acme-gmbh.py", "other-hello.py", "brand/logo.svg"}
    assert {name for name in one.keys() & two.keys() if one[name] != two[name]} == {"build.json", "SHA256SUMS"}


def _below(path: Path) -> dict[str, bytes]:
    """The files of an archive by their paths below its one folder."""
    with opened(path) as archive:
        files = [(member.name, archive.extractfile(member)) for member in archive.getmembers() if member.isfile()]
        return {name.partition("/")[2]: file.read() for name, file in files if file is not None}
