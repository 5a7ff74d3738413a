"""Builds in their place, in every format that was asked for."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sarto.derive.contents import own_files
from sarto.derive.deliver import deliver
from sarto.derive.files import file_digest
from sarto.derive.packed import Packed
from sarto.derive.plan import Plan
from sarto.derive.signature import SigningKey, VerifyingKey, file_line, read_signature
from sarto.derive.sums import SIGNATURE, SUMS, files_below, sums_text
from sarto.derive.verify import verify
from sarto.derive.vouching import Vouching
from sarto.errors import SartoError

from .formats import archive, bundle, leftovers
from .making import write

PRIVATE = SigningKey(algorithm="sum", id="0" * 64, sign=lambda content: hashlib.sha256(content).digest())


def test_a_build_is_in_its_place_and_nothing_else(greeter_plan: Plan, tmp_path: Path) -> None:
    said: list[str] = []
    made = deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path / "new" / "out", said.append)
    assert made == {"bundle": tmp_path / "new/out/acme-gmbh"}
    assert [path.name for path in (tmp_path / "new/out").iterdir()] == ["acme-gmbh"]
    assert verify(made["bundle"]).problems == ()
    assert said == ["assembling acme-gmbh"]


def test_every_format_is_made_from_one_bundle(greeter_plan: Plan, tmp_path: Path) -> None:
    made = deliver(greeter_plan, {}, {"list": archive, "bundle": bundle, "again": archive_as("x.txt")}, tmp_path)
    assert made == {"list": tmp_path / "acme-gmbh.txt", "bundle": tmp_path / "acme-gmbh", "again": tmp_path / "x.txt"}
    assert made["list"].read_text() == made["again"].read_text()
    assert "build.json" in made["list"].read_text().splitlines()


def archive_as(name: str) -> Any:
    return lambda plan, folder, output: archive(plan, folder, output).rename(output / name)


def test_without_the_bundle_only_what_was_asked_for_is_there(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"list": archive}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["acme-gmbh.txt"]


@pytest.mark.parametrize("vouching", [Vouching(), Vouching(provenance=True), Vouching(key=PRIVATE)])
def test_formats_that_need_no_folder_get_all_files_but_the_parts(
    vouching: Vouching, greeter_plan: Plan, tmp_path: Path
) -> None:
    given: dict[str, bytes] = {}

    def from_files(plan: Plan, files: Mapping[str, bytes], output: Path) -> Path:
        given.update(files)
        assert [path.name for path in output.parent.iterdir() if path != output] == []
        return write(output / f"{plan.name}.txt", "\n".join(sorted(files)))

    extra = {"notes/origin.txt": b"from a plugin"}
    made = deliver(greeter_plan, extra, {"list": archive}, tmp_path, vouching=vouching, from_files={"list": from_files})
    assert made["list"].read_text().splitlines() == sorted(given)
    whole = deliver(greeter_plan, extra, {"bundle": bundle}, tmp_path, vouching=vouching)["bundle"]
    assert given == own_files(whole)
    assert verify(whole).problems == ()


def test_a_format_that_needs_the_folder_gets_it_beside_one_that_does_not(greeter_plan: Plan, tmp_path: Path) -> None:
    def from_files(plan: Plan, files: Mapping[str, bytes], output: Path) -> Path:
        return write(output / f"{plan.name}.names", "\n".join(sorted(files)))

    formats = {"bundle": bundle, "names": archive}
    made = deliver(greeter_plan, {}, formats, tmp_path, from_files={"names": from_files})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["acme-gmbh", "acme-gmbh.names"]
    assert verify(made["bundle"]).problems == ()


def test_formats_that_make_the_same_name_are_an_error(greeter_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        deliver(greeter_plan, {}, {"list": archive, "index": archive}, tmp_path)
    assert str(caught.value) == (
        "the formats 'list' and 'index' both make 'acme-gmbh.txt'\n  hint: ask for one of them"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_format_that_fails_leaves_nothing(greeter_plan: Plan, tmp_path: Path) -> None:
    def fails(plan: Plan, folder: Path, output: Path) -> Path:
        archive(plan, folder, output)
        raise SartoError("no")

    with pytest.raises(SartoError, match="no"):
        deliver(greeter_plan, {}, {"bundle": bundle, "bad": fails}, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("can_exchange", [True, False])
def test_an_earlier_build_is_replaced_as_a_whole(
    greeter_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr("sarto.derive.publish.exchange", lambda *_: False)
    deliver(greeter_plan, {"old.txt": b"old"}, {"bundle": bundle, "list": archive}, tmp_path)
    deliver(greeter_plan, {"new.txt": b"new"}, {"bundle": bundle, "list": archive}, tmp_path)
    assert verify(tmp_path / "acme-gmbh").problems == ()
    assert not (tmp_path / "acme-gmbh/old.txt").exists()
    assert (tmp_path / "acme-gmbh/new.txt").exists()
    assert "new.txt" in (tmp_path / "acme-gmbh.txt").read_text()
    assert leftovers(tmp_path) == []


def test_a_build_that_someone_tampered_with_is_replaced(greeter_plan: Plan, tmp_path: Path) -> None:
    folder = deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)["bundle"]
    write(folder / "pylock.toml", "tampered")
    (folder / "SHA256SUMS").unlink()
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    assert verify(folder).problems == ()


def test_an_empty_folder_is_no_hindrance(greeter_plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "acme-gmbh").mkdir()
    assert verify(deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)["bundle"]).problems == ()


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The path of each file and folder as it is flushed to the disk."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to name what is flushed")
    paths: list[str] = []
    real = os.fsync

    def flush(handle: int) -> None:
        paths.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", flush)
    return paths


def test_publishing_flushes_what_was_made_before_it_has_its_place(
    greeter_plan: Plan, tmp_path: Path, flushed: list[str]
) -> None:
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    names = [Path(path).name for path in flushed]
    for name in ("build.json", "pylock.toml", "SHA256SUMS", "acme-gmbh.py", "parts"):
        assert name in names
    assert not any(name.endswith(".whl") for name in names)
    assert flushed[-1] == str(tmp_path)


def test_of_a_format_that_says_what_is_not_on_the_disk_yet_only_that_is_flushed(
    greeter_plan: Plan, tmp_path: Path, flushed: list[str]
) -> None:
    def linked(plan: Plan, folder: Path, output: Path) -> Packed:
        made = output / "linked"
        write(made / "deep/er/own.txt", "new")
        (made / "deep/link.txt").hardlink_to(write(tmp_path / "cache.txt", "long there"))
        write(made / SUMS, sums_text({"deep/er/own.txt": file_digest(made / "deep/er/own.txt")}).decode())
        return Packed(made, ("deep/er/own.txt",), ("deep", "deep/er"))

    made = deliver(greeter_plan, {}, {"linked": linked}, tmp_path / "out", vouching=Vouching(provenance=True))["linked"]
    names = [Path(path).name for path in flushed]
    assert names == ["own.txt", *sorted(names[1:3]), "er", "deep", "linked", "out"]
    assert set(names[1:3]) == {SUMS, "provenance.json"}
    assert (made / "deep/link.txt").stat().st_nlink == 2


PUBLIC = VerifyingKey(
    algorithm="sum", id="0" * 64, verify=lambda content, value: hashlib.sha256(content).digest() == value
)


def house(_plan: Plan, folder: Path, output: Path) -> Path:
    """A stand-in for a format that makes a folder with sums of its own."""
    made = output / "house"
    shutil.copytree(folder, made)
    (made / SIGNATURE).unlink(missing_ok=True)
    write(made / "more.txt", "more")
    (made / SUMS).write_bytes(sums_text({name: file_digest(made / name) for name in files_below(made)}))
    return made


def test_each_output_is_signed_in_the_folder_or_beside_the_file(greeter_plan: Plan, tmp_path: Path) -> None:
    made = deliver(
        greeter_plan, {}, {"bundle": bundle, "list": archive, "house": house}, tmp_path, vouching=Vouching(key=PRIVATE)
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "acme-gmbh", "acme-gmbh.txt", "acme-gmbh.txt.intoto.jsonl", "acme-gmbh.txt.sig", "house",
    ]  # fmt: skip
    assert verify(made["bundle"], PUBLIC).problems == verify(made["house"], PUBLIC).problems == ()
    assert made["house"].joinpath(SIGNATURE).read_bytes() != made["bundle"].joinpath(SIGNATURE).read_bytes()
    signature = read_signature((tmp_path / "acme-gmbh.txt.sig").read_bytes())
    assert PUBLIC.verify(file_line(made["list"]), signature.value)


def test_the_signature_of_an_earlier_file_does_not_stay_beside_a_new_one(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"list": archive}, tmp_path, vouching=Vouching(key=PRIVATE))
    deliver(greeter_plan, {}, {"list": archive}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["acme-gmbh.txt"]


def test_a_file_that_is_no_signature_is_neither_replaced_nor_removed(greeter_plan: Plan, tmp_path: Path) -> None:
    mine = write(tmp_path / "acme-gmbh.txt.sig", "mine")
    deliver(greeter_plan, {}, {"list": archive}, tmp_path)
    with pytest.raises(SartoError) as caught:
        deliver(greeter_plan, {}, {"list": archive}, tmp_path, vouching=Vouching(key=PRIVATE))
    assert str(caught.value) == (
        f"'{mine}' is there already, and Sarto did not make it\n  hint: move it away, or name another folder with -o"
    )
    assert mine.read_text() == "mine"
