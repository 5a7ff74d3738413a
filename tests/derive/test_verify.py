"""Builds that were tampered with, each in one way, and what verification says of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sarto.derive.bundle import assemble
from sarto.derive.files import file_digest
from sarto.derive.plan import Plan
from sarto.derive.sums import SIGNATURE, SUMS, files_below, read_sums, sums_text
from sarto.derive.verify import VerifyReport, form_of, verify
from sarto.errors import SartoError
from sarto.solve.reasons import Fact

from .making import resolved, write


@pytest.fixture
def build(greeter_plan: Plan, tmp_path: Path) -> Path:
    """A build whose files are its own, so that a test may damage them."""
    assemble(greeter_plan, {}, tmp_path / "linked")
    return Path(shutil.copytree(tmp_path / "linked", tmp_path / "build"))


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def change_manifest(build: Path, change: Callable[[dict[str, Any]], object]) -> None:
    said = json.loads((build / "build.json").read_text(encoding="utf-8"))
    change(said)
    (build / "build.json").write_text(json.dumps(said), encoding="utf-8")


def renew_sums(build: Path) -> None:
    """As someone would who covers up a change."""
    (build / SUMS).write_bytes(sums_text({name: file_digest(build / name) for name in files_below(build)}))


def part(build: Path, name: str) -> str:
    return next(f"parts/{path.name}" for path in (build / "parts").iterdir() if path.name.startswith(f"{name}-"))


def test_a_build_as_it_was_made_is_good(build: Path) -> None:
    report = verify(build)
    assert report == VerifyReport(problems=(), files=len(list(files_below(build))))
    assert report.is_good


def test_every_changed_missing_and_added_file_is_named(build: Path) -> None:
    greeter, loud = part(build, "greeter"), part(build, "greeter_loud")
    overwrite(build / greeter, (build / greeter).read_bytes() + b"!")
    overwrite(build / "acme-gmbh.py", b"print('evil')")
    (build / loud).unlink()
    write(build / "parts/evil-1.0-py3-none-any.whl", "")
    write(build / "readme.txt", "")
    assert verify(build).problems == (
        "acme-gmbh.py: was changed",
        "parts/evil-1.0-py3-none-any.whl: was added",
        f"{greeter}: was changed",
        f"{loud}: is missing",
        "readme.txt: was added",
    )
    assert not verify(build).is_good


def test_a_single_bit_is_noticed(build: Path) -> None:
    name = part(build, "pluggy")
    content = bytearray((build / name).read_bytes())
    content[len(content) // 2] ^= 1
    overwrite(build / name, bytes(content))
    assert verify(build).problems == (f"{name}: was changed",)


def test_a_build_without_sums_says_so_and_still_checks_its_parts(build: Path) -> None:
    (build / SUMS).unlink()
    name = part(build, "greeter_geo")
    overwrite(build / name, b"")
    assert verify(build).problems == (
        "SHA256SUMS: is missing",
        f"{name}: is not the part 'greeter-geo' that build.json names",
    )


def test_sums_that_are_none_are_named_by_their_line(build: Path) -> None:
    overwrite(build / SUMS, (build / SUMS).read_bytes() + b"evil\n")
    number = len((build / SUMS).read_text().splitlines())
    assert verify(build).problems == (f"SHA256SUMS: cannot be read: line {number} of SHA256SUMS is not a line of sums",)


def test_a_part_that_was_replaced_with_its_sum_is_not_that_of_the_manifest(build: Path) -> None:
    name = part(build, "greeter_geo")
    overwrite(build / name, b"other")
    renew_sums(build)
    assert verify(build).problems == (f"{name}: is not the part 'greeter-geo' that build.json names",)


def test_a_part_that_was_smuggled_in_with_its_sum_is_no_part(build: Path) -> None:
    write(build / "parts/evil-1.0-py3-none-any.whl", "")
    renew_sums(build)
    assert verify(build).problems == ("parts/evil-1.0-py3-none-any.whl: is no part that build.json names",)


def test_a_lock_that_does_not_agree_with_the_manifest_is_named_with_the_part(build: Path) -> None:
    lock = build / "pylock.toml"
    write(
        lock, lock.read_text().replace('name = "greeter-geo"\nversion = "1.0"', 'name = "greeter-geo"\nversion = "1"')
    )
    renew_sums(build)
    assert verify(build).problems == (
        "pylock.toml: does not agree with build.json on 'greeter_geo-1.0-py3-none-any.whl'",
    )


def test_a_lock_that_is_none_is_named(build: Path) -> None:
    write(build / "pylock.toml", 'lock-version = "1.0"\n')
    renew_sums(build)
    assert verify(build).problems == ("pylock.toml: is damaged (Missing required value in 'created-by')",)


def test_a_lock_that_is_gone_is_missing(build: Path) -> None:
    (build / "pylock.toml").unlink()
    renew_sums(build)
    assert verify(build).problems == ("pylock.toml: is missing",)


def test_a_manifest_that_is_damaged_is_named(build: Path) -> None:
    change_manifest(build, lambda said: said.pop("parts"))
    renew_sums(build)
    assert verify(build).problems == ("build.json: is damaged (KeyError: 'parts')",)


def test_files_that_are_nested_without_end_are_named(build: Path) -> None:
    (build / "pylock.toml").write_bytes(b"x = " + b"[" * 200_000)
    renew_sums(build)
    (lock,) = verify(build).problems
    assert lock.startswith("pylock.toml: is damaged (")
    (build / "build.json").write_bytes(b"[" * 200_000)
    renew_sums(build)
    (manifest,) = verify(build).problems
    assert manifest.startswith("build.json: is damaged (RecursionError: ")
    assert form_of(build) == ""


def test_a_manifest_of_another_format_is_not_guessed_at(build: Path) -> None:
    change_manifest(build, lambda said: said.update(format=2))
    renew_sums(build)
    assert verify(build).problems == ("build.json: has format 2, and this Sarto knows format 1",)


def test_a_folder_that_is_no_build_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        verify(tmp_path)
    assert str(caught.value) == f"there is no build in '{tmp_path}'\n  hint: a build is a folder with a build.json"


@pytest.mark.parametrize(
    ("rules", "problems"),
    [
        ([["maps"], ["!maps", "loud"]], []),
        ([["!maps"]], ["build.json: starts in a state that its own rules forbid: why 0"]),
        ([["!maps", "#1"], ["!#1", "#2"], ["!#2", "maps"]], []),
        ([["!#1", "#2"], ["!maps", "#1"], ["!#2"]], ["build.json: starts in a state that its own rules forbid: why 0"]),
    ],
)
def test_a_build_has_to_start_in_a_state_that_its_rules_allow(
    rules: list[list[str]], problems: list[str], build: Path
) -> None:
    def change(said: dict[str, Any]) -> None:
        said["open"] = ["maps", "loud"]
        said["residual"] = [{"any": clause, "sentence": f"why {n}"} for n, clause in enumerate(rules)]

    change_manifest(build, change)
    renew_sums(build)
    assert list(verify(build).problems) == problems


def test_the_state_is_read_as_it_was_written(greeter_plan: Plan, tmp_path: Path) -> None:
    good = resolved(greeter_plan.line, "loud", open=["maps"], rules=[[Fact("maps", False)]])
    assemble(replace(greeter_plan, resolution=good), {}, tmp_path / "good")
    assert verify(tmp_path / "good").is_good
    bad = resolved(greeter_plan.line, "loud", open=["maps"], rules=[[Fact("maps", True)]])
    assemble(replace(greeter_plan, resolution=bad), {}, tmp_path / "bad")
    assert verify(tmp_path / "bad").problems == (
        "build.json: starts in a state that its own rules forbid: 'rule' is the root: every product has it",
    )


def test_the_runtime_and_the_configurator_find_the_same_files_wrong(build: Path, tmp_path: Path) -> None:
    overwrite(build / part(build, "greeter"), b"")
    write(build / "added.txt", "")
    (build / "pylock.toml").unlink()
    command = [sys.executable, str(build / "acme-gmbh.py"), "@verify"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    for problem in verify(build).problems:
        assert problem in done.stdout + done.stderr


def test_sums_survive_being_written_and_read(tmp_path: Path) -> None:
    sums = {"b c.txt": "0" * 64, "a/ä.txt": "f" * 64}
    (tmp_path / SUMS).write_bytes(sums_text(sums))
    assert read_sums(tmp_path / SUMS) == sums
    assert list(read_sums(tmp_path / SUMS)) == ["a/ä.txt", "b c.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_the_same_content_is_named_for_that_may_change(build: Path, tmp_path: Path) -> None:
    shutil.move(build / "pylock.toml", tmp_path / "elsewhere.toml")
    (build / "pylock.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert verify(build).problems == ("pylock.toml: is a link, and what it leads to may change",)


@pytest.mark.parametrize("name", [SUMS, SIGNATURE])
@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_what_vouches_for_a_build_is_no_link_either(name: str, build: Path, tmp_path: Path) -> None:
    if name == SIGNATURE:
        write(build / name, f"sarto-signature 1\nalgorithm: ed25519\nkey: {'0' * 64}\nsignature: AAAA\n")
    shutil.move(build / name, tmp_path / "elsewhere")
    (build / name).symlink_to(tmp_path / "elsewhere")
    assert verify(build).problems == (f"{name}: is a link, and what it leads to may change",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders there")
@pytest.mark.parametrize("name", ["SHA256SUMS", "SHA256SUMS.sig", "pylock.toml", "provenance.json"])
def test_a_pipe_in_the_place_of_what_vouches_for_a_build_is_named(name: str, build: Path) -> None:
    (build / name).unlink(missing_ok=True)
    os.mkfifo(build / name)
    assert verify(build).problems == (f"{name}: is no file",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders there")
def test_a_pipe_in_a_build_is_named_and_not_waited_for(build: Path, tmp_path: Path) -> None:
    name = part(build, "greeter_geo")
    (build / name).unlink()
    os.mkfifo(build / name)
    os.mkfifo(build / "pipe")
    assert verify(build).problems == (f"{name}: cannot be read", "pipe: was added")
    command = [sys.executable, str(build / "acme-gmbh.py"), "@verify"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == f"{name}: cannot be read\npipe: was added\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("../evil\n.\n", "../evil"),
        ("upgrades/.evil\n.\n", "upgrades/.evil"),
        ("upgrades/0123456789abcdef\x0b/../.evil\n", "upgrades/0123456789abcdef\x0b/../.evil"),
        (".\n../evil\n", "../evil"),
        ("", ""),
    ],
)
def test_a_pointer_to_what_is_not_looked_at_is_named(text: str, named: str, build: Path, tmp_path: Path) -> None:
    """The launcher would start it."""
    shutil.copytree(build, tmp_path / "evil")
    shutil.copytree(build, build / "upgrades/.evil")
    shutil.copytree(tmp_path / "evil", build / "upgrades/0123456789abcdef")
    for good in ("upgrades/0123456789abcdef\n.\n", ".\nupgrades/0123456789abcdef\n", ".\n"):
        write(build / "upgrades/current", good)
        assert verify(build).is_good
    write(build / "upgrades/current", text)
    assert verify(build).problems == (f"upgrades/current: names '{named}', which is no upgrade of this build",)


def test_a_pointer_that_is_no_text_is_named(build: Path) -> None:
    (build / "upgrades").mkdir()
    (build / "upgrades/current").write_bytes(b"\xff")
    (problem,) = verify(build).problems
    assert problem.startswith("upgrades/current: cannot be read: 'utf-8' codec can't decode byte 0xff")
