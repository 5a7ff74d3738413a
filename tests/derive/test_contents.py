"""What archives are written from is the same however it is held: in memory, mapped, opened anew."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.derive.contents import LARGE, SMALL, content_of, in_order, own_files, part_content, state_of
from sarto.derive.part import Part
from sarto.errors import SartoError


def part_with(content: bytes, folder: Path) -> Part:
    path = folder / "part-1.0-py3-none-any.whl"
    path.write_bytes(content)
    return Part(name="part", version="1.0", filename=path.name, sha256="0" * 64, size=len(content), path=path)


@pytest.mark.parametrize("size", [0, 1, SMALL, SMALL + 1])
def test_a_part_is_opened_once_and_again_when_it_looks_different(size: int, tmp_path: Path) -> None:
    part = part_with(b"1" * size, tmp_path)
    content, crc = part_content(part)
    assert (bytes(content), crc) == (b"1" * size, zlib.crc32(b"1" * size))
    assert part_content(part)[0] is content
    part.path.unlink()
    part.path.write_bytes(b"2" * size)
    again, other = part_content(part)
    assert (bytes(again), other) == (b"2" * size, zlib.crc32(b"2" * size))
    assert bytes(content) == b"1" * size


@pytest.mark.parametrize("size", [10, 2 * SMALL])
def test_a_part_of_another_size_is_damaged(size: int, tmp_path: Path) -> None:
    part = part_with(b"1" * size, tmp_path)
    part_content(part)
    part.path.write_bytes(b"1" * (size - 1))
    with pytest.raises(SartoError, match="part 'part' in the store was damaged while this build was made"):
        part_content(part)


@pytest.mark.skipif(sys.platform == "win32", reason="files are not mapped on Windows")
def test_a_mapped_file_that_was_cut_short_is_a_refusal_of_the_system(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"1" * 4 * SMALL)
    content = content_of(str(file), state_of(file))
    with file.open("r+b") as opened:
        opened.truncate(0)
    with (tmp_path / "copy").open("wb", buffering=0) as copy, pytest.raises(OSError, match="Bad address"):
        copy.write(content)


def test_the_files_of_a_build_are_all_but_its_parts(tmp_path: Path) -> None:
    files = {"build.json": b"{}", "brand/logo.svg": b"", "SHA256SUMS": b"sums", "SHA256SUMS.sig": b"signed"}
    for name, content in {**files, "parts/one.whl": b"part"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert own_files(tmp_path) == files
    (tmp_path / "SHA256SUMS.sig").unlink()
    with (tmp_path / "video.bin").open("wb") as file:
        file.truncate(LARGE + 1)
    found = own_files(tmp_path)
    assert found.keys() == {"build.json", "brand/logo.svg", "SHA256SUMS", "video.bin"}
    assert len(found["video.bin"]) == LARGE + 1
    assert not isinstance(found["video.bin"], bytes)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["a", "a-b", "a.b", "B", "ä", "parts"]), min_size=1, max_size=3).map("/".join))
)
def test_names_are_in_the_order_of_paths(names: list[str]) -> None:
    assert in_order(names) == [str(path) for path in sorted(map(PurePosixPath, names))]
