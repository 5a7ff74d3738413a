"""A file that is written from pieces is what they are, whatever the system makes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.derive import pieces as writing
from sarto.derive.pieces import PORTION, write_pieces

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux is told how long a file becomes")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(1, 50), st.integers(1, 9), st.integers(1, 60))
def test_pieces_are_written_one_behind_the_other_however_little_the_system_takes_at_once(
    tmp_path: Path, pieces: list[bytes], most: int, at_once: int, portion: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if sys.platform != "win32":
            patch.setattr(os, "writev", lambda handle, given: os.write(handle, b"".join(given)[:most]))
        patch.setattr(writing, "AT_ONCE", at_once)
        patch.setattr(writing, "PORTION", portion)
        write_pieces(tmp_path / "file", pieces)
    assert (tmp_path / "file").read_bytes() == b"".join(pieces)
    write_pieces(tmp_path / "file", [b"again"] * 2000)
    assert (tmp_path / "file").read_bytes() == b"again" * 2000


@LINUX
def test_a_large_file_on_a_disk_has_its_room_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, seen = os.writev, []

    def watched(to: int, given: list[bytes]) -> int:
        seen.append((os.fstat(to).st_size, os.fstat(to).st_blocks * 512 >= 5 * PORTION))
        return write(to, given)

    reserve = writing._fallocate()
    assert reserve is not None
    with (tmp_path / "other").open("wb") as other:
        is_disk = os.major(os.fstat(other.fileno()).st_dev) > 0
        finds_room = is_disk and reserve(other.fileno(), 1, 0, PORTION) == 0
    monkeypatch.setattr(os, "writev", watched)
    write_pieces(tmp_path / "file", [b"1" * PORTION] * 5)
    assert seen == [(each * PORTION, finds_room) for each in range(5)]
    assert (tmp_path / "file").read_bytes() == b"1" * 5 * PORTION


@LINUX
def test_a_file_in_memory_has_only_the_room_of_what_was_written() -> None:
    handle = os.memfd_create("file")
    writing._reserve(handle, PORTION)
    assert os.fstat(handle).st_blocks == 0
    os.close(handle)


@LINUX
def test_a_file_too_large_for_the_system_is_refused_by_writing(tmp_path: Path) -> None:
    program = (
        "import pathlib, resource\nfrom sarto.derive.pieces import write_pieces\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({2 * PORTION}, {2 * PORTION}))\n"
        f"write_pieces(pathlib.Path({str(tmp_path / 'file')!r}), [b'1' * {PORTION}] * 5)\n"
    )
    refused = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert refused.stderr.splitlines()[-1] == "OSError: [Errno 27] File too large"
    assert (tmp_path / "file").stat().st_size == 2 * PORTION


@LINUX
def test_where_room_cannot_be_had_beforehand_the_file_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_fallocate", lambda: None)
    write_pieces(tmp_path / "file", [b"1" * PORTION] * 2)
    assert (tmp_path / "file").read_bytes() == b"1" * 2 * PORTION
