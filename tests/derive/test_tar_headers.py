"""Headers of tar archives are those that tarfile makes."""

from __future__ import annotations

import tarfile

from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.derive.tar_headers import END, RECORD, file_header, folder_header, padding

NAMES = st.one_of(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=160),
    st.text(st.characters(min_codepoint=33, exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.integers(90, 300).map(lambda length: "n" * length),
)
SIZES = st.one_of(st.integers(0, 10**6), st.sampled_from([8**11 - 1, 8**11, 2**40]))


def expected(name: str, kind: bytes, mode: int, size: int, date: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.size, member.mtime = kind, mode, size, date
    return member.tobuf(tarfile.PAX_FORMAT)


@settings(max_examples=200, deadline=None)
@given(NAMES, SIZES, st.booleans(), st.sampled_from([0, 315532800]))
def test_a_file_has_the_header_that_tarfile_gives_it(name: str, size: int, is_executable: bool, date: int) -> None:
    mode = 0o755 if is_executable else 0o644
    header = file_header(name, size, date, is_executable=is_executable)
    assert header == expected(name, tarfile.REGTYPE, mode, size, date)


@settings(max_examples=50, deadline=None)
@given(NAMES, st.sampled_from([0, 315532800]))
def test_so_has_a_folder(name: str, date: int) -> None:
    assert folder_header(name, date) == expected(name, tarfile.DIRTYPE, 0o755, 0, date)


@given(st.integers(0, 10**6))
def test_filled_up_it_comes_to_whole_units(size: int) -> None:
    for unit in (512, RECORD):
        assert len(padding(size, unit)) < unit
        assert (size + len(padding(size, unit))) % unit == 0
    assert bytes(1024) == END
