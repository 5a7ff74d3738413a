"""A packed build is verified as it lies there: what is in it, what is around that, and the signature beside it."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from sarto.cli import program
from sarto.derive.bundle import assemble
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.derive.verify_file import verify_file
from sarto.derive.vouching import Vouching, vouch_for
from sarto.testing import make_bundle, make_plan

from sarto_pyz.opening import unpack
from sarto_pyz.packing import pack

PRIVATE = SigningKey(algorithm="sum", id="0" * 64, sign=lambda content: hashlib.sha256(content).digest())
PUBLIC = VerifyingKey(
    algorithm="sum", id="0" * 64, verify=lambda content, value: hashlib.sha256(content).digest() == value
)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    plan = make_plan(tmp_path / "wheels")
    (tmp_path / "bundle").mkdir()
    assemble(plan, {}, tmp_path / "bundle", Vouching(key=PRIVATE))
    file = pack(plan, tmp_path / "bundle", tmp_path)
    vouch_for(file, make_plan(tmp_path / "wheels"), Vouching(key=PRIVATE))
    return file


def rewritten(file: Path, change: dict[str, bytes | None]) -> None:
    """The archive with members changed, added or (None) left out."""
    with zipfile.ZipFile(file) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {**members, **change}.items():
            if content is not None:
                archive.writestr(name, content)


def test_what_was_packed_is_good_with_the_key_and_without(packed: Path) -> None:
    assert verify_file(packed, unpack, PUBLIC).problems == verify_file(packed, unpack).problems == ()
    assert verify_file(packed, unpack).files == 8


def test_sarto_verify_takes_the_file(packed: Path) -> None:
    packed.with_name(f"{packed.name}.sig").unlink()
    result = CliRunner().invoke(program, ["verify", str(packed)], prog_name="sarto")
    assert (result.exit_code, result.stdout) == (0, f"{packed}: 8 files, all as they were built\n"), result.stderr


def test_a_file_of_an_ending_that_nobody_opens_is_no_build(tmp_path: Path) -> None:
    (tmp_path / "acme.exe").write_text("")
    result = CliRunner().invoke(program, ["verify", str(tmp_path / "acme.exe")], prog_name="sarto")
    assert result.exit_code == 1
    assert f"'{tmp_path / 'acme.exe'}' is not a build that an installed plugin opens" in result.stderr
    assert "a build is a folder, or a file with one of these endings: .pyz" in result.stderr


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"bundle/build.json": b"{}"}, "build.json: was changed"),
        ({"bundle/notes.txt": b""}, "notes.txt: was added"),
        ({"bundle/pylock.toml": None}, "pylock.toml: is missing"),
        ({"__main__.py": b"evil"},
         "acme-gmbh.pyz: its member '__main__.py' was changed, or packed by another version of sarto-pyz"),
        ({"sarto_runtime/start.py": b"evil"},
         "acme-gmbh.pyz: its member 'sarto_runtime/start.py' was changed, or packed by another version of sarto-pyz"),
        ({"json.py": b"evil"}, "acme-gmbh.pyz: its member 'json.py' was added"),
        ({"sarto_runtime/sums.py": None}, "acme-gmbh.pyz: its member 'sarto_runtime/sums.py' is missing"),
        ({}, "acme-gmbh.pyz: was changed between its members, or packed by another version of sarto-pyz"),
        ({"../evil.py": b""},
         "acme-gmbh.pyz: 'acme-gmbh.pyz' is refused: its member '../evil.py' climbs out of its folder"),
    ],
)  # fmt: skip
def test_each_change_is_named_also_without_a_key(change: dict[str, bytes | None], problem: str, packed: Path) -> None:
    rewritten(packed, change)
    assert problem in verify_file(packed, unpack).problems
    assert "acme-gmbh.pyz: is not what the key" in "\n".join(verify_file(packed, unpack, PUBLIC).problems)


def test_a_byte_changed_anywhere_is_noticed(packed: Path) -> None:
    """Some hundred places over the whole file, its first and last bytes among them."""
    content = packed.read_bytes()
    step = len(content) // 100
    for position in (0, *range(1, len(content), step), len(content) - 1):
        changed = bytearray(content)
        changed[position] ^= 1
        packed.write_bytes(changed)
        assert verify_file(packed, unpack).problems, position
        assert "acme-gmbh.pyz: is not what the key" in "\n".join(verify_file(packed, unpack, PUBLIC).problems)


def test_a_file_without_its_signature_is_named(packed: Path) -> None:
    packed.with_name("acme-gmbh.pyz.sig").unlink()
    assert verify_file(packed, unpack).problems == ()
    assert verify_file(packed, unpack, PUBLIC).problems == (
        "acme-gmbh.pyz.sig: is missing: this file is not signed",
    )  # fmt: skip


def test_a_file_may_be_renamed_with_its_signature(packed: Path) -> None:
    packed.with_name("acme-gmbh.pyz.sig").rename(packed.with_name("other.pyz.sig"))
    assert verify_file(packed.rename(packed.with_name("other.pyz")), unpack, PUBLIC).problems == ()


def test_an_empty_archive_and_rubbish_are_no_builds(tmp_path: Path) -> None:
    make_bundle(make_plan(tmp_path / "wheels"), tmp_path / "bundle")
    file = tmp_path / "acme.pyz"
    zipfile.ZipFile(file, "w").close()
    assert verify_file(file, unpack).problems == ("acme.pyz: is not a build in one file: there is no runtime in it",)
    file.write_bytes(b"rubbish")
    assert verify_file(file, unpack).problems == ("acme.pyz: cannot be unpacked: File is not a zip file",)
