"""Paths that are too long for Windows are told by the check, for lines that are for Windows."""

from __future__ import annotations

from pathlib import Path

from sarto.derive.long_paths import ROOM

from .hall import LINE, check, hall, told
from .making import make_wheel

TARGETS = LINE.replace('platforms = "host"', 'platforms = ["host", "win_amd64"]')
FEATURES = 'optional = ["deep", "flat"]\n[features.deep]\nparts = ["deep"]\n[features.flat]\nparts = ["flat"]\n'


def of_length(length: int) -> str:
    return f"{'d' * 40}/{'e' * (length - 41)}"


def with_paths(folder: Path, deep: str, flat: str, head: str = TARGETS) -> list[str]:
    assert TARGETS != LINE
    make_wheel(folder / "wheelhouse", "deep", files={deep: ""})
    make_wheel(folder / "wheelhouse", "flat", files={flat: ""})
    return told(check(hall(folder, FEATURES, head=head)))


def test_a_path_that_users_of_windows_have_no_room_for_is_a_warning_with_its_feature(tmp_path: Path) -> None:
    assert ROOM == 111
    assert with_paths(tmp_path, of_length(112), of_length(111)) == [
        f"warning part features.toml: features.deep.parts[0]: the path of '{of_length(112)}' in part 'deep' 1.0 has "
        "112 characters; where a user of Windows has his parts unpacked there is room for 111 (have them switch on "
        "long paths in Windows, or name a short folder in SARTO_CACHE)"
    ]


def test_where_no_target_is_windows_there_is_room(tmp_path: Path) -> None:
    assert with_paths(tmp_path, of_length(260), of_length(111), LINE) == []


def test_of_a_very_long_path_the_beginning_and_the_end_are_shown(tmp_path: Path) -> None:
    (said,) = with_paths(tmp_path, of_length(262), "short.txt")
    assert f"the path of '{'d' * 40}/{'e' * 19}…{'e' * 40}' in part 'deep' 1.0 has 262 characters" in said
