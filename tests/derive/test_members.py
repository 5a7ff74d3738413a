"""Hostile wheels, really made: each is refused with one sentence that names the member."""

from __future__ import annotations

import os
import stat
import warnings
import zipfile
from itertools import count
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.derive.members import LARGEST, MEMBERS, RATIO, SMALL, Member, check_members
from sarto.derive.store import PartStore
from sarto.derive.wheel import check_wheel
from sarto.errors import SartoError

from .making import make_wheel

NAME = "thing-1.0-py3-none-any.whl"


def hostile(folder: Path, *members: zipfile.ZipInfo | str, content: bytes = b"") -> Path:
    """A good wheel with members appended; names stand in it exactly as they are given."""
    path = make_wheel(folder, "thing")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile warns of duplicates
        for member in members:
            archive.writestr(member, content)
    return path


def of_mode(name: str, mode: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = (mode | 0o644) << 16
    return member


def refusal(path: Path) -> str:
    with pytest.raises(SartoError) as caught:
        check_wheel(path, path.name)
    return caught.value.what


LONG = "x" * 256
DEEP = "/".join(["folder"] * 150) + "/a.py"


@pytest.mark.parametrize(
    ("member", "fault"),
    [
        ("../evil.py", "'../evil.py' climbs out of its folder"),
        ("thing/../../evil.py", "'thing/../../evil.py' climbs out of its folder"),
        ("/etc/passwd", "'/etc/passwd' climbs out of its folder"),
        ("//server/share/evil.py", "'//server/share/evil.py' climbs out of its folder"),
        ("C:/evil.py", "'C:/evil.py' climbs out of its folder"),
        ("C:evil.py", "'C:evil.py' climbs out of its folder"),
        ("..\\evil.py", "'..\\evil.py' climbs out of its folder"),
        ("thing\\evil.py", "'thing\\evil.py' has a backslash or an unprintable sign in its name"),
        ("evil\n.py", "'evil\\n.py' has a backslash or an unprintable sign in its name"),
        ("evil\x1b[2J.py", "'evil\\x1b[2J.py' has a backslash or an unprintable sign in its name"),
        ("evil\u2028.py", "'evil\\u2028.py' has a backslash or an unprintable sign in its name"),
        ("evil\u202eyp.txt", "'evil\\u202eyp.txt' has a backslash or an unprintable sign in its name"),
        (of_mode("evil.py", stat.S_IFLNK), "'evil.py' is a link"),
        (of_mode("evil", stat.S_IFIFO), "'evil' is neither a file nor a folder"),
        (of_mode("evil", stat.S_IFBLK), "'evil' is neither a file nor a folder"),
        ("thing.py", "'thing.py' is there twice"),
        ("./thing.py", "'./thing.py' is there twice"),
        ("Thing.py", "'Thing.py' is the same file as 'thing.py' where capitals do not count"),
        ("thing.py/evil.py", "'thing.py/evil.py' is below 'thing.py', which is a file"),
        ("THING.PY/sub/evil.py", "'THING.PY/sub/evil.py' is below 'thing.py', which is a file"),
        ("thing.py/", "'thing.py/' is below 'thing.py', which is a file"),
        ("thing-1.0.dist-info", "'thing-1.0.dist-info' is a file where other members need a folder"),
        ("CON", "'CON' has a name that Windows keeps for a device"),
        ("thing/NUL.txt", "'thing/NUL.txt' has a name that Windows keeps for a device"),
        ("aux.py", "'aux.py' has a name that Windows keeps for a device"),
        ("aux/evil.py", "'aux/evil.py' has a name that Windows keeps for a device"),
        ("com1.tar.gz", "'com1.tar.gz' has a name that Windows keeps for a device"),
        ("LPT².py", "'LPT².py' has a name that Windows keeps for a device"),
        ("a.py:stream", "'a.py:stream' has a name that Windows cannot have"),
        ("what?.py", "'what?.py' has a name that Windows cannot have"),
        ("thing.py.", "'thing.py.' has a name that Windows cannot have"),
        ("thing /a.py", "'thing /a.py' has a name that Windows cannot have"),
        ("./", "'./' has no name"),
        (LONG, f"'{LONG[:60]}…{LONG[-20:]}' has a name of 256 bytes, and file systems take 255"),
        (DEEP, f"'{DEEP[:60]}…{DEEP[-20:]}' has a path of 1,054 bytes, and 1,024 is the most that every system takes"),
    ],
)  # fmt: skip
def test_a_member_that_no_wheel_should_have_is_refused_by_name(
    member: zipfile.ZipInfo | str, fault: str, tmp_path: Path
) -> None:
    assert refusal(hostile(tmp_path, member)) == f"the wheel '{NAME}' is refused: its member {fault}"


def test_letters_that_a_mac_writes_in_another_way_are_the_same(tmp_path: Path) -> None:
    composed, decomposed = "caf\u00e9.py", "cafe\u0301.py"
    assert refusal(hostile(tmp_path, composed, decomposed)).endswith(
        f"its member '{decomposed}' is the same file as '{composed}' where capitals do not count"
    )


def test_a_name_that_ends_early_for_some_readers_is_refused(tmp_path: Path) -> None:
    """zipfile cuts a name at a zero byte, others do not."""
    path = hostile(tmp_path, "evil.py_x")
    path.write_bytes(path.read_bytes().replace(b"evil.py_x", b"evil.py\0x"))
    assert refusal(path).endswith("its member 'evil.py\\x00x' has a backslash or an unprintable sign in its name")


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = hostile(tmp_path, "evil.py", content=b"evil")
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\1\2")
    content[entry + 8] |= 1
    path.write_bytes(content)
    assert refusal(path).endswith("its member 'evil.py' is encrypted")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_is_packed_otherwise_is_refused(method: int, tmp_path: Path) -> None:
    path = make_wheel(tmp_path, "thing")
    with zipfile.ZipFile(path, "a", method) as archive:
        archive.writestr("evil.py", "evil")
    assert refusal(path).endswith(
        f"its member 'evil.py' is packed by the method {method}, where only plain and deflated members are read"
    )


def test_a_bomb_is_refused_by_its_largest_member(tmp_path: Path) -> None:
    path = hostile(tmp_path, "zeros.bin", content=bytes(SMALL + 1))
    total = sum(info.file_size for info in zipfile.ZipFile(path).infolist())
    assert refusal(path) == (
        f"the wheel '{NAME}' is refused: it unpacks to {total:,} bytes and more, more than 100 times its "
        f"{path.stat().st_size:,} bytes, {SMALL + 1:,} of them in its member 'zeros.bin'"
    )


def test_members_that_lie_over_one_another_are_a_bomb_all_the_same(tmp_path: Path) -> None:
    """Many entries of the directory that name one packed member: what counts is the size of the file."""
    kernel = bytes(4 * 1024 * 1024)
    path = make_wheel(tmp_path, "thing")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a0.bin", kernel)
        first = archive.getinfo("a0.bin")
        for number in range(1, 9):
            copy = zipfile.ZipInfo(f"a{number}.bin")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(copy, name, getattr(first, name))
            archive.filelist.append(copy)
    assert "more than 100 times its" in refusal(path)


def test_what_unpacks_well_without_being_a_bomb_is_let_in(tmp_path: Path) -> None:
    path = hostile(tmp_path, "zeros.bin", content=bytes(SMALL // 2))
    assert path.stat().st_size * RATIO < SMALL // 2
    check_wheel(path, path.name)
    dense = hostile(tmp_path / "dense", "data.bin", content=os.urandom(SMALL // 64) * 128)
    check_wheel(dense, dense.name)


def test_more_members_than_any_wheel_has_are_refused_before_the_last() -> None:
    endless = (Member(name=f"m{number}", size=0) for number in count())
    with pytest.raises(SartoError, match=f"the wheel is refused: it has more than {MEMBERS:,} members"):
        check_members(endless, "the wheel", 1)


def test_no_archive_unpacks_to_more_than_the_largest() -> None:
    member = Member(name="all.bin", size=LARGEST + 1)
    with pytest.raises(SartoError) as caught:
        check_members([member], "the wheel", LARGEST)
    assert caught.value.what == (
        f"the wheel is refused: it unpacks to {LARGEST + 1:,} bytes and more, too much, {LARGEST + 1:,} of them in its "
        "member 'all.bin'"
    )
    check_members([Member(name="all.bin", size=LARGEST)], "the wheel", LARGEST)


def test_a_wheel_that_describes_itself_twice_is_none(tmp_path: Path) -> None:
    path = hostile(tmp_path, "other-1.0.dist-info/METADATA")
    assert refusal(path) == (
        f"'{NAME}' is not a wheel: it describes itself twice, in 'other-1.0.dist-info/METADATA' and "
        "'thing-1.0.dist-info/METADATA'"
    )


def test_the_store_takes_no_hostile_wheel_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    path = hostile(tmp_path, of_mode("evil.py", stat.S_IFLNK), content=b"/etc/passwd")
    store = PartStore(tmp_path / "store")
    with pytest.raises(SartoError, match=r"its member 'evil\.py' is a link"):
        store.add_file(path)
    assert [each for each in (tmp_path / "store").rglob("*") if each.is_file()] == []


signs = st.sampled_from([*"abA./\\: ", "..", "con", "é", "\u0301", "\0", "\n"])
names = st.lists(signs, min_size=1, max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.lists(names, min_size=1, max_size=4))
def test_what_is_let_in_stays_inside_and_apart_on_every_system(found: list[str]) -> None:
    try:
        check_members([Member(name=name, size=0) for name in found], "it", 1)
    except SartoError:
        return
    for path in (*map(PurePosixPath, found), *map(PureWindowsPath, found)):
        assert not path.is_absolute()
        assert not path.drive
        assert ".." not in path.parts
    places = {str(PureWindowsPath(name)).casefold() for name in found}
    assert len(places) == len(found)
    assert not any(one != two and two.startswith(f"{one}\\") for one in places for two in places)
