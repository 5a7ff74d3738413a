"""Files that commands write: whole or not at all, and not over what is there."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from sarto.cli.writing import refuse_overwriting, write_whole
from sarto.errors import SartoError


def test_a_file_is_written_with_its_folders_and_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b.toml", "x = 1\n")

    assert (tmp_path / "a" / "b.toml").read_bytes() == b"x = 1\n"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.toml"]


def test_what_a_killed_process_left_beside_it_goes_away_in_time(tmp_path: Path) -> None:
    old, new, other = (tmp_path / f".a.toml.{end}" for end in ("41", "42", "swp"))
    for file in (old, new, other):
        file.write_text("half")
    for file in (old, other):
        os.utime(file, (time.time() - 7200, time.time() - 7200))

    write_whole(tmp_path / "a.toml", "x = 1\n")

    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.toml.42", ".a.toml.swp", "a.toml"]


def test_a_file_that_is_there_is_refused_and_with_force_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("old")

    with pytest.raises(SartoError) as error:
        refuse_overwriting(file, force=False)
    refuse_overwriting(file, force=True)
    write_whole(file, "new")

    assert str(error.value) == f"{file}: this file is there already\n  hint: --force replaces it"
    assert file.read_text() == "new"


def test_a_folder_is_refused_even_with_force(tmp_path: Path) -> None:
    with pytest.raises(SartoError, match="this is a folder, where a file is to be written"):
        refuse_overwriting(tmp_path, force=True)


def test_a_file_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I am a file")

    with pytest.raises(SartoError) as error:
        write_whole(tmp_path / "file" / "below", "text")

    assert str(error.value) == (f"{tmp_path}/file/below: this file cannot be written: file exists ('{tmp_path}/file')")


def test_where_the_file_cannot_be_replaced_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()

    with pytest.raises(SartoError, match="this file cannot be written: is a directory"):
        write_whole(tmp_path / "taken", "text")

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
