"""Which parts, versions and wheels a feature comes with on a target."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.derive.target import target_for
from sarto.errors import SartoError
from sarto.model.selection import Target

from .making import Index, line_of, make_project, make_wheel
from .shop import names, shop, versions


def test_a_part_of_an_extra_comes_with_the_extra_only(tmp_path: Path, linux: ResolvedTarget) -> None:
    wheelhouse = tmp_path / "wheelhouse"
    make_wheel(wheelhouse, "fast")
    make_wheel(wheelhouse, "thing", requires=["fast; extra == 'speed'"], metadata="Provides-Extra: speed")
    line = shop(tmp_path, """
        [features.shop]
        optional = ["plain", "quick"]
        [features.plain]
        parts = ["thing"]
        [features.quick]
        parts = ["thing[speed]"]
        """)  # fmt: skip
    catalog = prepare(line, tmp_path, linux)
    assert "fast" not in names(catalog.parts(["plain"]))
    both = names(catalog.parts(["plain", "quick"]))
    assert (both["thing"], both["fast"]) == (("plain", "quick"), ("quick",))


def test_markers_are_those_of_the_target_and_not_of_the_machine_that_builds(tmp_path: Path) -> None:
    wheelhouse = tmp_path / "wheelhouse"
    for name in ("for-windows", "for-linux", "backport"):
        make_wheel(wheelhouse, name)
    make_wheel(wheelhouse, "thing", requires=[
        "for-windows; os_name == 'nt'", "for-linux; sys_platform == 'linux'", "backport; python_version < '3.13'",
    ])  # fmt: skip
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')

    def needed(python: str, platform: str) -> set[str]:
        parts = prepare(line, tmp_path, target_for(Target(python, platform))).parts(["shop"])
        return set(names(parts)) & {"for-windows", "for-linux", "backport"}

    assert needed("3.11", "win_amd64") == {"for-windows", "backport"}
    assert needed("3.13", "win_amd64") == {"for-windows"}
    assert needed("3.13", "musllinux_1_2_aarch64") == {"for-linux"}
    assert needed("3.12", "macosx_11_0_arm64") == {"backport"}


def test_a_newer_python_than_the_one_that_builds_can_be_the_target(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", "2.0", metadata="Requires-Python: >=3.19")
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    assert versions(prepare(line, tmp_path, target_for(Target("3.19", "win_amd64"))), "shop")["thing"] == "2.0"


def test_the_wheel_that_fits_the_target_best_is_taken(tmp_path: Path) -> None:
    for tag in ("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_28_x86_64", "cp311-cp311-win_amd64",
                "cp311-cp311-manylinux_2_34_x86_64", "py3-none-any"):  # fmt: skip
        make_wheel(tmp_path / "wheelhouse", "thing", tag=tag)
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')

    def taken(python: str, platform: str) -> str:
        parts = prepare(line, tmp_path, target_for(Target(python, platform))).parts(["shop"])
        return next(part.filename for part in parts if part.name == "thing")

    assert taken("3.11", "manylinux_2_28_x86_64") == "thing-1.0-cp311-cp311-manylinux_2_28_x86_64.whl"
    assert taken("3.11", "manylinux_2_20_x86_64") == "thing-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
    assert taken("3.11", "win_amd64") == "thing-1.0-cp311-cp311-win_amd64.whl"
    assert taken("3.12", "win_amd64") == "thing-1.0-py3-none-any.whl"


def test_a_part_without_a_wheel_for_the_target_is_named_with_what_it_has(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", tag="cp311-cp311-win_amd64")
    line = shop(
        tmp_path, '[features.shop]\noptional = ["fine", "odd"]\n[features.odd]\nparts = ["thing"]\n[features.fine]\n'
    )
    expected = (
        "features.toml: features.odd.parts[0]: part 'thing' 1.0 has no wheel for Python 3.11 on manylinux_2_28_x86_64 "
        "(feature 'odd' needs it); it has some for win_amd64\n"
        "  hint: build it yourself (pip wheel --no-deps -w wheels 'thing==1.0') and name that folder in [core] sources"
    )
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == expected
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux, features=["odd"])
    assert str(caught.value) == expected


def test_a_build_without_the_part_that_has_no_wheel_is_not_held_up(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", tag="cp311-cp311-win_amd64")
    line = shop(tmp_path, '[features.shop]\noptional = ["odd"]\n[features.odd]\nparts = ["thing"]\n')
    assert "thing" not in names(prepare(line, tmp_path, linux, features=["shop"]).parts(["shop"]))


def test_what_the_line_has_the_source_of_is_never_taken_from_the_index(
    tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    index.add(make_wheel(tmp_path / "evil", "thing", "99.0"))
    index.add(make_wheel(tmp_path / "public", "user", requires=["thing"]))
    make_wheel(tmp_path / "wheelhouse", "thing", "1.0")
    line = shop(tmp_path, '[features.shop]\nparts = ["user"]\n')
    assert versions(prepare(line, tmp_path, linux), "shop")["thing"] == "1.0"


def test_an_index_that_uv_is_told_to_prefer_is_refused_where_it_hides_a_source(
    tmp_path: Path, linux: ResolvedTarget, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add(make_wheel(tmp_path / "evil", "thing", "99.0"))
    make_wheel(tmp_path / "wheelhouse", "thing", "1.0")
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    monkeypatch.setenv("UV_INDEX", index.url)
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        f"part 'thing' was taken from '{index.url}', although the line has its source\n"
        "  hint: an index in UV_INDEX, or UV_INDEX_STRATEGY, goes before the line's own sources: take it out"
    )


def test_the_newest_wheel_in_a_folder_that_fits_is_taken(tmp_path: Path, linux: ResolvedTarget) -> None:
    for version in ("1.0", "2.0", "3.0"):
        make_wheel(tmp_path / "wheelhouse", "thing", version)
    line = shop(tmp_path, '[features.shop]\nparts = ["thing<3"]\n')
    assert versions(prepare(line, tmp_path, linux), "shop")["thing"] == "2.0"


def test_a_project_of_a_feature_that_needs_another_source_builds_that_too(
    tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    """Through a part of the index, which only the lock shows."""
    index.add(make_wheel(tmp_path / "public", "middle", requires=["inner"]))
    make_project(tmp_path / "projects", "inner")
    make_project(tmp_path / "projects", "unused")
    line = shop(tmp_path, '[features.shop]\nparts = ["middle"]\n')
    line = line_of(
        (tmp_path / "features.toml").read_text().replace('["wheelhouse"]', '["wheelhouse", "projects"]'), tmp_path
    )
    said: list[str] = []
    catalog = prepare(line, tmp_path, linux, said.append)
    assert "inner" in names(catalog.parts(["shop"]))
    assert [each for each in said if "building" in each] == [f"building inner from {tmp_path}/projects/inner"]


ALTERNATIVES = """
[features.shop]
mandatory = ["theme"]
optional = ["extra"]
[features.theme]
alternative = ["old", "new"]
[features.old]
parts = ["old-theme"]
[features.new]
parts = ["new-theme"]
[features.extra]
parts = ["base"]
"""


def themes(folder: Path) -> None:
    for version in ("1.0", "2.0"):
        make_wheel(folder / "wheelhouse", "base", version)
    make_wheel(folder / "wheelhouse", "old-theme", requires=["base<2"])
    make_wheel(folder / "wheelhouse", "new-theme", requires=["base>=2"])


def test_features_that_exclude_each_other_may_need_different_versions(tmp_path: Path, linux: ResolvedTarget) -> None:
    themes(tmp_path)
    catalog = prepare(shop(tmp_path, ALTERNATIVES), tmp_path, linux)
    assert versions(catalog, "theme", "old")["base"] == "1.0"
    assert versions(catalog, "theme", "new")["base"] == "2.0"
    assert versions(catalog, "theme", "old", "extra")["base"] == "1.0"
    assert versions(catalog, "theme", "new", "extra")["base"] == "2.0"


def test_such_features_cannot_both_be_left_open(tmp_path: Path, linux: ResolvedTarget) -> None:
    themes(tmp_path)
    catalog = prepare(shop(tmp_path, ALTERNATIVES), tmp_path, linux)
    with pytest.raises(SartoError) as caught:
        catalog.parts(["old", "new"])
    assert str(caught.value) == (
        "part 'base' is needed in two versions in one build, 1.0 and 2.0\n"
        "  hint: features that exclude each other need them: leave at most one of these features open"
    )


def test_the_wheels_of_a_build_are_known_before_any_is_fetched(tmp_path: Path, linux: ResolvedTarget) -> None:
    wheelhouse = tmp_path / "wheelhouse"
    for name in ("one", "two", "both"):
        make_wheel(wheelhouse, name, requires=["both"] if name != "both" else [])
    line = shop(tmp_path, """
        [features.shop]
        optional = ["first", "second"]
        [features.first]
        parts = ["one"]
        [features.second]
        parts = ["two"]
        """)  # fmt: skip
    catalog = prepare(line, tmp_path, linux, features=())
    for features in ((), ("first",), ("second",), ("first", "second"), ("first",)):
        known = [(wheel.filename, wheel.sha256) for wheel in catalog.wheels(features)]
        assert known == [(part.filename, part.sha256) for part in catalog.parts(features)]
