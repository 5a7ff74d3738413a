"""Folders in the cache that are made once, and bytecode that is the same whoever makes it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from sarto.derive.bytecode import can_compile, compile_modules
from sarto.derive.made_once import made_once
from sarto.derive.sums import files_below, read_sums, sums_text
from sarto.errors import SartoError

from .making import write


def test_a_folder_is_filled_once(tmp_path: Path) -> None:
    filled: list[Path] = []

    def fill(folder: Path) -> None:
        filled.append(folder)
        write(folder / "file", "text")

    place = tmp_path / "kind" / "key"
    assert made_once(place, fill) == made_once(place, fill) == place
    assert (len(filled), (place / "file").read_text()) == (1, "text")


def test_of_a_folder_that_cannot_be_filled_nothing_is_left(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        write(folder / "half", "made")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        made_once(tmp_path / "kind" / "key", fill)
    assert list((tmp_path / "kind").iterdir()) == []


def test_the_folder_of_who_was_faster_is_kept(tmp_path: Path) -> None:
    place = tmp_path / "kind" / "key"

    def fill(folder: Path) -> None:
        write(folder / "file", "mine")
        write(place / "file", "theirs")

    made_once(place, fill)
    assert (place / "file").read_text() == "theirs"
    assert [path.name for path in place.parent.iterdir()] == ["key"]


def test_what_a_killed_process_left_long_ago_is_cleared_away_and_what_is_fresh_is_not(tmp_path: Path) -> None:
    old, fresh = write(tmp_path / ".making-old/half", "").parent, write(tmp_path / ".making-fresh/half", "").parent
    os.utime(old, (time.time() - 4000,) * 2)
    made_once(tmp_path / "key", lambda _folder: None)
    assert (old.exists(), fresh.exists()) == (False, True)


def test_bytecode_is_the_same_in_another_place_and_after_other_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "NAMES = {'one', 'two', 'three'}\ndef f(x):\n    return x in {'one', 'two', 'three', 'four'}\n"
    found = []
    for place, seed in (("one", "1"), ("a longer name", "2")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        write(tmp_path / place / "package/module.py", text)
        os.utime(tmp_path / place / "package/module.py", (len(place), len(place)))
        compile_modules(tmp_path / place)
        (compiled,) = (tmp_path / place / "package/__pycache__").iterdir()
        found.append(compiled.read_bytes())
    assert found[0] == found[1]
    assert found[0][4:8] == b"\x01\0\0\0", "never checked against its source"


def test_a_module_that_this_python_cannot_read_is_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "template.py", "class {{ name }}:\n")
    write(tmp_path / "good.py", "")
    compile_modules(tmp_path)
    assert [path.name.partition(".")[0] for path in (tmp_path / "__pycache__").iterdir()] == ["good"]


def test_a_module_whose_bytecode_would_have_too_long_a_name_is_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / f"{'m' * 240}.py", "")
    write(tmp_path / "good.py", "")
    compile_modules(tmp_path)
    assert [path.name.partition(".")[0] for path in (tmp_path / "__pycache__").iterdir()] == ["good"]


def test_modules_in_a_folder_that_is_not_there_are_an_error(tmp_path: Path) -> None:
    write(tmp_path / "module.py", "")
    write(tmp_path / "__pycache__", "a file where the folder should be")
    with pytest.raises(SartoError, match="modules cannot be compiled"):
        compile_modules(tmp_path)


def test_only_the_bytecode_of_its_own_version_is_made() -> None:
    assert can_compile(f"{sys.version_info.major}.{sys.version_info.minor}")
    assert not can_compile("3.99")


def test_sums_vouch_for_sums_below(tmp_path: Path) -> None:
    write(tmp_path / "below/SHA256SUMS", "a" * 64 + "  x/file\n")
    (tmp_path / "SHA256SUMS").write_bytes(sums_text({"below/SHA256SUMS": "b" * 64}))
    assert read_sums(tmp_path / "SHA256SUMS") == {"below/SHA256SUMS": "b" * 64, "below/x/file": "a" * 64}


@pytest.mark.skipif(sys.platform == "win32", reason="environments there have no links")
def test_the_links_of_an_environment_to_its_python_are_no_files_of_it_and_other_links_are(tmp_path: Path) -> None:
    write(tmp_path / "pyvenv.cfg", "version = 3.11.7\nexecutable = /usr/bin/python3.11\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to("/usr/bin/python3.11")
    (tmp_path / "bin/python3.11").symlink_to("python")
    (tmp_path / "bin/ls").symlink_to("python")
    (tmp_path / "evil").symlink_to("/usr/bin/evil")
    assert list(files_below(tmp_path)) == ["bin/ls", "evil", "pyvenv.cfg"]
    write(tmp_path / "pyvenv.cfg", "home = /usr/bin\n")
    assert list(files_below(tmp_path)) == ["bin/ls", "bin/python", "bin/python3.11", "evil", "pyvenv.cfg"]
