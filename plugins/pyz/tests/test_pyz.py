"""A build packed in one file is the same product as its folder."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import zipfile
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from sarto.derive.bundle import assemble, bundle_files
from sarto.derive.signature import SigningKey
from sarto.derive.verify_file import verify_file
from sarto.derive.vouching import Vouching
from sarto.errors import SartoError
from sarto.hooks.manager import PluginManager
from sarto.testing import answer, make_bundle, make_plan, make_wheel, native_module, part_of, start

from sarto_pyz.opening import unpack
from sarto_pyz.packing import pack

RUNTIME = re.compile(r"sarto_runtime/.*\.py")


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    plan = make_plan(tmp_path / "wheels")
    return pack(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path)


def test_the_format_is_found_by_its_name() -> None:
    assert PluginManager.discover().build_format("pyz").summary == "one executable file"


def test_it_is_named_after_the_build_and_can_be_executed(packed: Path) -> None:
    assert packed.name == "acme-gmbh.pyz"
    assert os.access(packed, os.X_OK)


def test_it_starts_the_product_with_its_plugins(packed: Path, tmp_path: Path) -> None:
    expected = {"argv": ["acme-gmbh", "one", "two"], "plugins": ["maps"]}
    assert answer(packed, "one", "two", home=tmp_path) == expected
    assert answer(packed, "one", "two", home=tmp_path) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts files by their suffix")
def test_it_starts_as_a_program_of_its_own(packed: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    done = start(packed, "hello", home=tmp_path, python=(), path=f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert (done.returncode, done.stderr) == (0, "")
    assert '"argv": ["acme-gmbh", "hello"]' in done.stdout


def test_it_needs_nothing_of_what_it_was_made_from(packed: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle").rename(tmp_path / "gone")
    (tmp_path / "wheels").rename(tmp_path / "gone too")
    moved = packed.rename(tmp_path / "gone" / "another name")
    assert answer(moved, home=tmp_path)["plugins"] == ["maps"]


def test_a_host_that_opens_its_own_data_by_path_and_native_code_work(tmp_path: Path) -> None:
    files = {**native_module(), "poems/__init__.py": "", "poems/one.txt": "Nel mezzo"}
    plan = make_plan(tmp_path / "wheels", part_of(make_wheel(tmp_path / "wheels", "poems", files)))
    packed = pack(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path)
    read = "open(__import__('os').path.join(__import__('poems').__path__[0], 'one.txt')).read()"
    assert answer(packed, "eval", read, home=tmp_path) == "Nel mezzo"
    assert answer(packed, "eval", "callable(__import__('pysolvers').glucose41_new)", home=tmp_path) is True


def test_its_features_are_switched_as_in_the_folder_and_with_the_same_switches(packed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bundle" / "acme-gmbh.py"
    assert start(packed, "@disable", "maps", home=tmp_path).stdout == "maps: off from the next start\n"
    assert answer(packed, home=tmp_path)["plugins"] == []
    assert answer(folder, home=tmp_path)["plugins"] == []
    done = start(packed, "@enable", "export", home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("acme-gmbh.pyz: 'export' is not licensed in this build: ")


def test_verify_finds_it_whole(packed: Path, tmp_path: Path) -> None:
    done = start(packed, "@verify", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "every file is as it was handed out\n")


def test_a_tampered_part_is_named_by_verify_and_stops_the_start(packed: Path, tmp_path: Path) -> None:
    (wheel,) = (tmp_path / "bundle").glob("parts/greeter-*")
    tampered = tmp_path / "tampered.pyz"
    with zipfile.ZipFile(packed) as whole, zipfile.ZipFile(tampered, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, b"evil" if name.endswith(wheel.name) else whole.read(name))
    verified = start(tampered, "@verify", home=tmp_path)
    assert (verified.returncode, verified.stdout) == (1, f"parts/{wheel.name}: was changed\n")
    done = start(tampered, home=tmp_path)
    assert done.returncode == 1
    problem = f"this file is not what was handed out: parts/{wheel.name}: was changed"
    assert done.stderr.splitlines()[0] == f"tampered.pyz: {problem}"


def test_the_same_build_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    first = pack(plan, make_bundle(plan, tmp_path / "one"), tmp_path).read_bytes()
    bundle = make_bundle(plan, tmp_path / "two")
    for file in bundle.rglob("*"):
        if file.parent.name != "parts":
            os.utime(file, (1, 1))
    mask = os.umask(0o077)
    (tmp_path / "out").mkdir()
    second = pack(plan, bundle, tmp_path / "out").read_bytes()
    os.umask(mask)
    assert first == second


def test_it_is_what_zipfile_writes_to_the_byte(tmp_path: Path) -> None:
    """With names that are not ASCII, empty files and folders within folders."""
    plan = make_plan(
        tmp_path / "wheels", part_of(make_wheel(tmp_path / "wheels", "large", {"zeros.bin": b"0" * 99_999}))
    )
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    assemble(plan, {"brand/größe.txt": b"", "brand/deep/er.txt": b"deeper", "x-parts/one.txt": b"1"}, bundle)
    packed = pack(plan, bundle, tmp_path)
    (runtime,) = bundle.glob("parts/sarto_runtime-*.whl")
    with (tmp_path / "expected").open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w") as archive, zipfile.ZipFile(runtime) as modules:
            start = resources.files("sarto_pyz").joinpath("self_start.py").read_bytes()
            beginning = {name: modules.read(name) for name in sorted(modules.namelist()) if RUNTIME.fullmatch(name)}
            files = sorted(path for path in bundle.rglob("*") if path.is_file())
            inside = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in files}
            for name, content in {"__main__.py": start, **beginning, **inside}.items():
                info = zipfile.ZipInfo(name)
                info.create_system, info.external_attr = 3, 0o100644 << 16
                archive.writestr(info, content)
    assert packed.read_bytes() == (tmp_path / "expected").read_bytes()


def test_the_files_of_a_build_give_the_same_bytes_as_its_folder(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    packed = pack(plan, make_bundle(plan, tmp_path / "bundle"), tmp_path).read_bytes()
    (tmp_path / "out").mkdir()
    assert pack(plan, bundle_files(plan, {}), tmp_path / "out").read_bytes() == packed


def test_a_part_that_was_damaged_since_it_was_packed_before_is_noticed(tmp_path: Path) -> None:
    plan = make_plan(
        tmp_path / "wheels", part_of(make_wheel(tmp_path / "wheels", "large", {"zeros.bin": b"0" * 99_999}))
    )
    bundle = make_bundle(plan, tmp_path / "bundle")
    pack(plan, bundle, tmp_path)
    (large,) = (part for part in plan.parts if part.name == "large")
    whole = large.path.read_bytes()

    changed = whole.replace(b"000", b"111", 1)
    large.path.unlink()
    large.path.write_bytes(changed)
    packed = pack(plan, bundle, tmp_path)
    assert verify_file(packed, unpack).problems == (f"parts/{large.filename}: was changed",)

    large.path.write_bytes(whole[:-1])
    with pytest.raises(SartoError) as caught:
        pack(plan, bundle, tmp_path)
    assert caught.value.what == "part 'large' in the store was damaged while this build was made"


def test_the_wheels_are_in_it_as_they_are(packed: Path, tmp_path: Path) -> None:
    content = packed.read_bytes()
    for wheel in (tmp_path / "bundle" / "parts").iterdir():
        assert wheel.read_bytes() in content


def test_every_file_of_the_build_is_in_it(packed: Path, tmp_path: Path) -> None:
    files = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "bundle").rglob("*") if path.is_file()}
    with zipfile.ZipFile(packed) as archive:
        inside = {name for name in archive.namelist() if name.startswith("bundle/")}
        assert archive.testzip() is None
    assert inside == files


def test_an_older_python_can_read_what_it_starts_with(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        main = archive.read("__main__.py")
    ast.parse(main, feature_version=(3, 4))
    assert main.isascii()
    assert packed.read_bytes().startswith(b"#!/usr/bin/env python3\nPK")


def test_a_build_that_is_too_large_is_refused_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    large = bundle / "large.bin"
    with large.open("wb") as file:
        file.truncate(2**31)
    with pytest.raises(SartoError) as caught:
        pack(plan, bundle, tmp_path)
    assert caught.value.what == (
        "the build 'acme-gmbh' is too large for a file that every Python can start (2 GiB, 65,535 members)"
    )
    assert caught.value.hint == "build it as a folder: --format bundle"


def test_a_file_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    with pytest.raises(SartoError) as caught:
        pack(plan, bundle, tmp_path / "nowhere")
    assert caught.value.what == "packing the build 'acme-gmbh' failed: No such file or directory"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_an_error_in_words(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    bundle = make_bundle(plan, tmp_path / "bundle")
    (tmp_path / "acme-gmbh.pyz").symlink_to("/dev/full")
    with pytest.raises(SartoError) as caught:
        pack(plan, bundle, tmp_path)
    assert caught.value.what == "packing the build 'acme-gmbh' failed: No space left on device"


def test_a_signed_build_has_its_signature_in_the_file_and_starts(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    key = SigningKey(algorithm="none", id="0" * 64, sign=lambda sums: hashlib.sha256(sums).digest())
    (tmp_path / "bundle").mkdir()
    assemble(plan, {}, tmp_path / "bundle", Vouching(key=key))
    program = pack(plan, tmp_path / "bundle", tmp_path)

    with zipfile.ZipFile(program) as archive:
        assert archive.read("bundle/SHA256SUMS.sig") == (tmp_path / "bundle/SHA256SUMS.sig").read_bytes()
    assert answer(program, home=tmp_path)["plugins"] == ["maps"]
    assert start(program, "@verify", home=tmp_path).returncode == 0


def test_two_customers_who_differ_in_their_brand_have_the_same_members_but_their_own(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "wheels")
    other = replace(
        plan, name="other", selection=replace(plan.selection, customer="Other", brand={"name": "Other Hello"}),
        brand={"name": "Other Hello", "logo": "brand/logo.svg"}, brand_files={"brand/logo.svg": b"<svg/>"},
    )  # fmt: skip
    files = []
    for each in (plan, other):
        with zipfile.ZipFile(pack(each, make_bundle(each, tmp_path / each.name), tmp_path)) as archive:
            files.append({name: archive.read(name) for name in archive.namelist()})
    one, two = files
    own = {"bundle/acme-gmbh.py", "bundle/other-hello.py", "bundle/brand/logo.svg"}
    assert one.keys() ^ two.keys() == own
    assert {name for name in one.keys() & two.keys() if one[name] != two[name]} == {
        "bundle/build.json", "bundle/SHA256SUMS"
    }  # fmt: skip
