"""Text files: read whole, or refused with a reason."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.hooks.reading import LARGEST, read_found, read_text


def test_a_file_that_is_larger_than_any_model_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "features.toml"
    with file.open("wb") as stream:
        stream.truncate(50 * 2**20)
    with pytest.raises(SartoError) as caught:
        read_text(file)
    assert str(caught.value) == (
        f"{file}: this file has 50 MB, and Sarto reads no more than 16 MB"
        "\n  hint: part it, or leave out what no person needs in it"
    )


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    file = tmp_path / "features.toml"
    file.write_bytes(b" " * LARGEST)
    assert len(read_text(file)) == LARGEST


@pytest.mark.skipif(os.name == "nt", reason="there is no /dev/zero")
def test_of_a_file_without_an_end_no_more_is_read_than_of_others(tmp_path: Path) -> None:
    file = tmp_path / "features.toml"
    file.symlink_to("/dev/zero")
    with pytest.raises(SartoError) as caught:
        read_text(file)
    assert str(caught.value) == (
        f"{file}: this file has more than 16 MB, and Sarto reads no more than 16 MB"
        "\n  hint: part it, or leave out what no person needs in it"
    )


def test_the_ends_of_lines_are_those_of_unix_whatever_they_were(tmp_path: Path) -> None:
    file = tmp_path / "features.toml"
    file.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_text(file) == "a\nb\nc\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes in folders are POSIX")
def test_a_pipe_is_read_where_somebody_named_it_and_refused_where_it_was_come_upon(tmp_path: Path) -> None:
    pipe = tmp_path / "acme.toml"
    os.mkfifo(pipe)
    with pytest.raises(SartoError) as caught:
        read_found(pipe)
    assert str(caught.value) == f"{pipe}: this is a pipe, not a file\n  hint: move it to another folder"
    writer = threading.Thread(target=pipe.write_bytes, args=(b"line = 1\n",))
    writer.start()
    assert read_text(pipe) == "line = 1\n"
    writer.join()
