from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.tags import sys_tags
from sarto.derive.plan import ResolvedTarget
from sarto.derive.target import resolve_target, target_for
from sarto.errors import SartoError
from sarto.model.line import LineDescription
from sarto.model.selection import Target

from .making import line_of, selection_of

HEAD = (
    '[line]\nname = "shop"\nversion = "1"\nroot = "shop"\n[core]\nparts = ["shop"]\ncommand = "shop"\n[features.shop]\n'
)


def line_with(targets: str, folder: Path) -> LineDescription:
    return line_of(HEAD + targets, folder)


def named(target: ResolvedTarget) -> tuple[str, str]:
    return target.python, target.platform


def test_the_only_target_of_a_line_is_that_of_its_builds(tmp_path: Path) -> None:
    line = line_with('[targets]\npython = "3.12"\nplatforms = "win_amd64"\n', tmp_path)
    assert named(resolve_target(line, selection_of())) == ("3.12", "win_amd64")


def test_a_selection_says_what_its_line_leaves_open(tmp_path: Path) -> None:
    line = line_with('[targets]\npython = "3.12"\nplatforms = ["win_amd64", "macosx_11_0_arm64"]\n', tmp_path)
    selection = selection_of('[target]\nplatform = "macosx_11_0_arm64"\n')
    assert named(resolve_target(line, selection)) == ("3.12", "macosx_11_0_arm64")


def test_a_selection_picks_among_the_pairs_of_a_line(tmp_path: Path) -> None:
    pairs = """
        [[targets]]
        python = "3.11"
        platform = "win_amd64"
        [[targets]]
        python = "3.13"
        platform = "macosx_11_0_arm64"
        """
    line = line_with(pairs, tmp_path)
    assert named(resolve_target(line, selection_of('[target]\npython = "3.13"\n'))) == ("3.13", "macosx_11_0_arm64")


def test_a_selection_may_name_a_target_that_its_line_does_not(tmp_path: Path) -> None:
    line = line_with('[targets]\npython = "3.12"\nplatforms = "win_amd64"\n', tmp_path)
    selection = selection_of('[target]\npython = "3.14"\nplatform = "musllinux_1_2_aarch64"\n')
    assert named(resolve_target(line, selection)) == ("3.14", "musllinux_1_2_aarch64")


def test_without_a_target_the_machine_that_builds_is_not_taken_in_silence(tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        resolve_target(line_with("", tmp_path), selection_of())
    assert str(caught.value) == (
        "features.toml: targets: no Python version is named for the build\n"
        '  hint: name it, such as python = "3.12" and platforms = "manylinux_2_28_x86_64" under [targets] in the line, '
        'or for this build python and platform under [target] in the selection; "host" is the machine that builds'
    )


def test_of_several_platforms_the_selection_has_to_name_one(tmp_path: Path) -> None:
    line = line_with('[targets]\npython = "3.12"\nplatforms = ["win_amd64", "macosx_11_0_arm64"]\n', tmp_path)
    with pytest.raises(SartoError) as caught:
        resolve_target(line, selection_of())
    assert str(caught.value) == (
        "features.toml: targets: the line is for more than one platform: macosx_11_0_arm64, win_amd64\n"
        "  hint: say in the selection's [target] which of them this build is for"
    )


@pytest.mark.parametrize("platform", ["linux_x86_64", "macosx_11_0_universal2", "any", "win64"])
def test_a_platform_that_is_none_is_refused(platform: str, tmp_path: Path) -> None:
    selection = selection_of(f'[target]\npython = "3.12"\nplatform = "{platform}"\n')
    with pytest.raises(SartoError) as caught:
        resolve_target(line_with("", tmp_path), selection)
    assert str(caught.value) == (
        f"acme.toml: target: '{platform}' is no platform that a build can be for\n"
        '  hint: such as "manylinux_2_28_x86_64", "musllinux_1_2_aarch64", "macosx_11_0_arm64", "win_amd64" or "host"'
    )


def test_a_python_older_than_the_runtime_needs_is_refused(tmp_path: Path) -> None:
    selection = selection_of('[target]\npython = "3.10"\nplatform = "win_amd64"\n')
    with pytest.raises(SartoError) as caught:
        resolve_target(line_with("", tmp_path), selection)
    assert str(caught.value) == (
        "acme.toml: target: '3.10' is no Python version that a build can be for\n"
        '  hint: name one from 3.11 on, such as "3.12"'
    )


def test_the_host_is_this_machine_with_this_python() -> None:
    target = target_for(Target("host", "host"))
    assert target.python == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert target.tags == tuple(str(tag) for tag in sys_tags())
    here = default_environment()
    for marker in ("python_full_version", "sys_platform", "platform_machine", "implementation_name", "os_name"):
        assert target.markers[marker] == here[marker]


def test_the_host_s_platform_is_one_that_a_line_could_name() -> None:
    platform = target_for(Target("host", "host")).platform
    assert target_for(Target("3.12", platform)).platform == platform


def test_nothing_of_the_host_but_its_kind_gets_into_the_markers() -> None:
    markers = target_for(Target("host", "host")).markers
    assert markers["platform_release"] == markers["platform_version"] == ""
    assert platform.release() not in markers.values()


def test_another_python_on_this_machine_takes_wheels_of_that_version() -> None:
    target = target_for(Target("3.19", "host"))
    assert target.python == "3.19"
    assert target.markers["python_full_version"] == "3.19.0"
    assert any(tag.startswith("cp319-cp319-") for tag in target.tags)
    assert not any(tag.startswith("cp311-cp311-") for tag in target.tags)


def test_a_minor_version_stands_for_its_first_patch_so_that_the_build_holds_for_all() -> None:
    markers = target_for(Target("3.11", "win_amd64")).markers
    assert Marker("python_full_version < '3.11.3'").evaluate(dict(markers))
    assert markers["python_version"] == "3.11"


def test_a_patch_version_is_taken_at_its_word() -> None:
    target = target_for(Target("3.11.7", "win_amd64"))
    assert target.python == "3.11"
    assert target.markers["python_full_version"] == "3.11.7"


@pytest.mark.parametrize(
    ("platform", "accepted", "refused"),
    [
        ("manylinux_2_28_x86_64", "manylinux_2_28_x86_64 manylinux_2_17_x86_64 manylinux2014_x86_64 manylinux1_x86_64 "
         "linux_x86_64 any", "manylinux_2_31_x86_64 manylinux_2_28_aarch64 musllinux_1_1_x86_64 win_amd64"),
        ("manylinux_2_17_aarch64", "manylinux2014_aarch64 any", "manylinux2010_aarch64 manylinux_2_12_aarch64"),
        ("manylinux2014_x86_64", "manylinux_2_17_x86_64 manylinux2010_x86_64", "manylinux_2_18_x86_64"),
        ("musllinux_1_2_x86_64", "musllinux_1_2_x86_64 musllinux_1_1_x86_64 linux_x86_64", "manylinux_2_17_x86_64"),
        ("macosx_12_0_arm64", "macosx_12_0_arm64 macosx_11_0_arm64 macosx_11_0_universal2", "macosx_13_0_arm64 "
         "macosx_11_0_x86_64"),
        ("macosx_11_0_x86_64", "macosx_10_9_x86_64 macosx_10_9_universal2", "macosx_11_0_arm64"),
        ("win_amd64", "win_amd64 any", "win32 win_arm64"),
    ],
)  # fmt: skip
def test_a_platform_accepts_the_wheels_that_run_on_it(platform: str, accepted: str, refused: str) -> None:
    tags = target_for(Target("3.12", platform)).tags
    for each in accepted.split():
        assert f"py3-none-{each}" in tags
    for each in refused.split():
        assert f"py3-none-{each}" not in tags


def test_a_wheel_for_this_very_platform_comes_before_one_for_an_older_and_before_a_pure_one() -> None:
    tags = target_for(Target("3.12", "manylinux_2_28_x86_64")).tags
    wanted = [
        "cp312-cp312-manylinux_2_28_x86_64",
        "cp312-cp312-manylinux_2_17_x86_64",
        "cp38-abi3-manylinux2014_x86_64",
        "py3-none-any",
    ]
    assert [tags.index(tag) for tag in wanted] == sorted(tags.index(tag) for tag in wanted)


@pytest.mark.parametrize(
    ("platform", "marker"),
    [
        ("manylinux_2_28_aarch64", "sys_platform == 'linux' and platform_machine == 'aarch64' and os_name == 'posix'"),
        (
            "macosx_11_0_arm64",
            "sys_platform == 'darwin' and platform_system == 'Darwin' and platform_machine == 'arm64'",
        ),
        ("win_amd64", "os_name == 'nt' and platform_system == 'Windows' and platform_machine == 'AMD64'"),
        ("win_arm64", "sys_platform == 'win32' and platform_python_implementation == 'CPython'"),
    ],
)
def test_a_platform_answers_the_markers_of_its_machines(platform: str, marker: str) -> None:
    assert Marker(marker).evaluate(dict(target_for(Target("3.12", platform)).markers))
