"""Where a lock holds: what fits no machine but those of the targets, and wheels that are not there for all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sarto.derive.catalog import Catalog
from sarto.derive.contracts import part_findings
from sarto.derive.prepare import lock
from sarto.derive.scope import Scope, refused, scopes
from sarto.derive.target import target_for
from sarto.model.line import LineDescription
from sarto.model.selection import Target

from .making import make_wheel
from .shop import shop

LINUX, WINDOWS = Target("3.11", "manylinux_2_28_aarch64"), Target("3.12", "win_amd64")
TARGETS = "".join(f'[[targets]]\npython = "{each.python}"\nplatform = "{each.platform}"\n' for each in (LINUX, WINDOWS))
TWO = '[features.shop]\noptional = ["a", "b"]\n[features.a]\nparts = ["part-a"]\n[features.b]\nparts = ["part-b"]\n'


def two(folder: Path, a: str, b: str) -> LineDescription:
    """A line with a feature that needs ``a`` and one that needs ``b``."""
    make_wheel(folder / "wheelhouse", "part-a", requires=[a])
    make_wheel(folder / "wheelhouse", "part-b", requires=[b])
    return shop(folder, TARGETS + TWO)


def catalogs(line: LineDescription, folder: Path) -> list[Catalog]:
    targets = [target_for(each) for each in (LINUX, WINDOWS)]
    locked = lock(line, folder, targets[0])
    return [replace(locked, target=target) for target in targets]


def versions(catalog: Catalog) -> dict[str, str]:
    return {part.name: part.version for part in catalog.parts(["a", "b"])}


def errors(line: LineDescription, folder: Path) -> list[str]:
    return [each.what for each in part_findings(line, folder) if each.severity.name == "ERROR"]


def test_what_does_not_go_together_on_other_machines_alone_is_no_error(tmp_path: Path) -> None:
    for version in ("1", "2"):
        make_wheel(tmp_path / "wheelhouse", "thing", version)
    line = two(tmp_path, "thing<2; sys_platform == 'darwin'", "thing>=2")
    assert errors(line, tmp_path) == []
    assert [versions(each)["thing"] for each in catalogs(line, tmp_path)] == ["2", "2"]


def test_what_does_not_go_together_on_one_target_is_told(tmp_path: Path) -> None:
    for version in ("1", "2"):
        make_wheel(tmp_path / "wheelhouse", "thing", version)
    (error,) = errors(two(tmp_path, "thing<2; sys_platform == 'win32'", "thing>=2"), tmp_path)
    assert "feature 'a' (part-a)" in error.partition("do not go together")[0]
    assert "all versions of part-a depend on thing{sys_platform == 'win32'}<2" in error


def test_a_feature_that_uv_does_not_name_is_told_with_the_other(tmp_path: Path) -> None:
    for version in ("1", "2", "3"):
        make_wheel(tmp_path / "wheelhouse", "thing", version)
    two(tmp_path, "ground", "thing!=2")
    make_wheel(tmp_path / "wheelhouse", "ground")
    features = TWO.replace('["part-a"]', """["part-a", "thing==2; sys_platform == 'linux'"]""")
    line = shop(tmp_path, TARGETS + features)
    (finding,) = part_findings(line, tmp_path)
    first = finding.what.partition("\n")[0]
    assert """feature 'a' (part-a, thing==2; sys_platform == "linux")""" in first
    assert "feature 'b' (part-b)" in first
    assert finding.hint.endswith('let the feature model say so: [[constraints]] rule = "a => !b"')


def test_where_no_version_fits_every_target_each_has_its_own(tmp_path: Path) -> None:
    house = tmp_path / "wheelhouse"
    make_wheel(house, "thing", "1", requires=["ground<2; sys_platform == 'linux'"])
    make_wheel(house, "thing", "2", requires=["ground<2; sys_platform == 'win32'"])
    for version in ("1", "2"):
        make_wheel(house, "ground", version)
    line = two(tmp_path, "thing", "ground>=2")
    assert errors(line, tmp_path) == []
    assert [versions(each)["thing"] for each in catalogs(line, tmp_path)] == ["2", "1"]


def test_a_version_without_a_wheel_for_a_target_gives_way_to_one_that_has_it(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", "1")
    make_wheel(tmp_path / "wheelhouse", "thing", "2", tag="cp311-abi3-manylinux_2_17_aarch64")
    line = two(tmp_path, "thing", "thing")
    assert errors(line, tmp_path) == []
    assert [versions(each)["thing"] for each in catalogs(line, tmp_path)] == ["2", "1"]


@pytest.mark.parametrize("numbers", ["2", "12"])
def test_a_part_without_any_wheel_for_a_target_is_told_and_hinders_no_other_target(
    numbers: str, tmp_path: Path
) -> None:
    for version in numbers:
        make_wheel(tmp_path / "wheelhouse", "thing", version, tag="cp311-abi3-manylinux_2_17_aarch64")
    line = two(tmp_path, "thing", "thing")
    (error,) = errors(line, tmp_path)
    assert error.startswith("part 'thing' 2 has no wheel for Python 3.12 on win_amd64 (feature ")
    assert versions(catalogs(line, tmp_path)[0])["thing"] == "2"


WINDOWS_ONLY = "py3-none-win_amd64"
LINUX_ONLY = "cp311-abi3-manylinux_2_17_aarch64"


def test_a_version_that_one_target_alone_is_held_to_needs_no_wheel_for_the_others(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", "1", tag=WINDOWS_ONLY)
    make_wheel(tmp_path / "wheelhouse", "thing", "2")
    two(tmp_path, "ground", "middle")
    make_wheel(tmp_path / "wheelhouse", "middle", requires=["thing"])
    make_wheel(tmp_path / "wheelhouse", "ground")
    features = TWO.replace('["part-a"]', """["part-a", "thing<=1; sys_platform == 'win32'"]""")
    line = shop(tmp_path, TARGETS + features)
    assert errors(line, tmp_path) == []
    assert [versions(each)["thing"] for each in catalogs(line, tmp_path)] == ["2", "1"]


def test_a_version_whose_wheel_is_for_a_newer_system_gives_way_to_one_that_fits(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", "1")
    make_wheel(tmp_path / "wheelhouse", "thing", "2", tag="cp311-abi3-manylinux_2_39_aarch64")
    make_wheel(tmp_path / "wheelhouse", "thing", "2", tag=WINDOWS_ONLY)
    line = two(tmp_path, "thing", "thing")
    assert errors(line, tmp_path) == []
    assert [versions(each)["thing"] for each in catalogs(line, tmp_path)] == ["1", "2"]


def test_a_feature_that_is_in_no_build_needs_no_wheels(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", "1", tag=WINDOWS_ONLY)
    make_wheel(tmp_path / "wheelhouse", "ground", "1")
    make_wheel(tmp_path / "wheelhouse", "ground", "2", tag=LINUX_ONLY)
    two(tmp_path, "thing", "ground")
    line = shop(tmp_path, TARGETS + TWO + '[[constraints]]\nrule = "!a"')
    assert errors(line, tmp_path) == []
    found = [{part.name: part.version for part in each.parts(["b"])} for each in catalogs(line, tmp_path)]
    assert [each["ground"] for each in found] == ["2", "1"]


def test_where_arithmetic_hides_what_is_in_no_build_the_other_targets_are_not_hindered(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", "1", tag=WINDOWS_ONLY)
    two(tmp_path, "thing", "thing")
    numbers = "".join(f'[features.{name}]\ntype = "integer"\nminimum = 0\nmaximum = 1000000\n' for name in "xyz")
    features = TWO.replace('"b"]', '"b", "x", "y", "z"]') + numbers
    line = shop(tmp_path, TARGETS + features + '[[constraints]]\nrule = "x * y * z * z < 7 | a"\n')
    assert versions(catalogs(line, tmp_path)[1])["thing"] == "1"


def pair(folder: Path, rule: str = "", tag: str = WINDOWS_ONLY) -> LineDescription:
    """A line with two features that go together only with a version that has a wheel for Windows, or another one."""
    make_wheel(folder / "wheelhouse", "thing", "1")
    make_wheel(folder / "wheelhouse", "thing", "2", tag=tag)
    make_wheel(folder / "wheelhouse", "thing", "3")
    two(folder, "thing<=2", "thing>=2")
    return shop(folder, TARGETS + TWO + rule)


def test_features_that_lack_a_wheel_only_together_are_told_together(tmp_path: Path) -> None:
    line = pair(tmp_path)
    (finding,) = [each for each in part_findings(line, tmp_path) if each.severity.name == "ERROR"]
    assert finding.what == (
        "features 'a' and 'b' are allowed together, and no versions of their parts that fit have wheels for all "
        "targets: part 'thing' 2 has no wheel for Python 3.11 on manylinux_2_28_aarch64; it has some for win_amd64"
    )
    assert finding.hint == 'let the feature model say so: [[constraints]] rule = "a => !b"'
    assert versions(catalogs(line, tmp_path)[1])["thing"] == "2"


def test_a_wheel_for_a_newer_system_is_lacking_too(tmp_path: Path) -> None:
    line = pair(tmp_path, tag="cp311-abi3-manylinux_2_39_aarch64")
    make_wheel(tmp_path / "wheelhouse", "thing", "2", tag=WINDOWS_ONLY)
    (finding,) = [each for each in part_findings(line, tmp_path) if each.severity.name == "ERROR"]
    assert finding.what.endswith("it has some for manylinux_2_39_aarch64, win_amd64")
    assert finding.hint == 'let the feature model say so: [[constraints]] rule = "a => !b"'


def test_features_that_lack_a_wheel_only_together_may_exclude_each_other(tmp_path: Path) -> None:
    line = pair(tmp_path, '[[constraints]]\nrule = "a => !b"')
    assert errors(line, tmp_path) == []
    for catalog in catalogs(line, tmp_path):
        found = [{part.name: part.version for part in catalog.parts([each])}["thing"] for each in "ab"]
        assert found in (["1", "3"], ["2", "3"], ["2", "2"])


def test_a_part_that_says_it_is_for_older_pythons_is_a_warning(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", metadata="Requires-Python: >=3.8,<3.12")
    line = two(tmp_path, "thing", "thing")
    (finding,) = part_findings(line, tmp_path)
    assert finding.severity.name == "WARNING"
    assert finding.what == (
        "part 'thing' 1.0 says that it is for Python <3.12,>=3.8, and the line is for Python 3.12: pip would not "
        "install it"
    )
    assert finding.hint == "'thing!=1.0' among the requirements lets another version be taken"


def test_wheels_that_fit_are_given_up_only_where_it_is_for_want_of_them() -> None:
    asked: list[Scope] = []

    def refusal(said: str) -> str:
        def judge(scope: Scope) -> str:
            asked.append(scope)
            return said

        asked.clear()
        return refused(scopes(["3.11.0"], ["linux"]), judge)

    assert refusal("because thing==1 has no `linux`-compatible wheels") != ""
    assert [each.required for each in asked] == [("linux",), ("linux",), (), ()]
    assert refusal("because thing<1 and thing>1") != ""
    assert [each.environments for each in asked][1:] == [("linux",)]
    assert refusal("") == ""
    assert len(asked) == 1
