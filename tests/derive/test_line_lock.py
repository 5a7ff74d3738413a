"""The standard lock of a whole line: what installers select from it is what builds have."""

from __future__ import annotations

import tomllib
from itertools import chain, combinations, product
from pathlib import Path

import pytest
from packaging.pylock import Pylock
from packaging.tags import parse_tag
from sarto.derive.catalog import Catalog
from sarto.derive.family import clashes
from sarto.derive.line_lock import line_lock
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.derive.target import target_for
from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.model.line import LineDescription

from .making import make_wheel, write
from .shop import shop

PLAIN = """
[features.shop]
optional = ["a", "Ünder_score", "c"]
[features.a]
parts = ["part-a"]
[features."Ünder_score"]
parts = ["part-b"]
[features.c]
parts = ["part-c", "part-a"]
"""
EXCLUSIVE = """
[features.shop]
alternative = ["old", "new"]
optional = ["extra"]
[features.old]
parts = ["part-a<2", "thing"]
[features.new]
parts = ["part-a>=2", "thing"]
[features.extra]
parts = ["part-c"]
"""


def selected(lock: Pylock, catalog: Catalog, features: tuple[str, ...]) -> dict[str, str]:
    tags = [tag for text in catalog.target.tags for tag in parse_tag(text)]
    extras = [catalog.request.extras[name] for name in features]
    chosen = lock.select(environment=catalog.target.markers, tags=tags, extras=extras)  # type: ignore[arg-type]
    return {package.name: str(package.version) for package, _ in chosen}


def built(catalog: Catalog, features: tuple[str, ...]) -> dict[str, str]:
    return {part.name: part.version for part in catalog.parts(features)}


@pytest.fixture(params=[PLAIN, EXCLUSIVE], ids=["together", "exclusive"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> LineDescription:
    house = tmp_path / "wheelhouse"
    for version in ("1.0", "2.0"):
        make_wheel(house, "part-a", version)
    make_wheel(house, "thing", requires=["part-a", "part-d; sys_platform == 'linux'", "part-e; os_name == 'nt'"])
    make_wheel(house, "part-b", requires=["part-c"])
    for name in ("part-c", "part-d", "part-e"):
        make_wheel(house, name)
    return shop(tmp_path, request.param)


def test_what_is_selected_from_it_are_the_parts_of_the_build(
    line: LineDescription, tmp_path: Path, linux: ResolvedTarget
) -> None:
    catalog = prepare(line, tmp_path, linux)
    lock = Pylock.from_dict(tomllib.loads(line_lock(line.model, [catalog])))
    names = tuple(catalog.request.features)
    every = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    allowed = [chosen for chosen in every if len({"old", "new"} & {*chosen}) == len({"old", "new"} & {*names}) / 2]
    assert len(allowed) == (8 if "a" in names else 4)
    for features in allowed:
        assert selected(lock, catalog, features) == built(catalog, features)


def test_an_extra_that_is_not_named_like_its_feature_says_which_it_is(tmp_path: Path, linux: ResolvedTarget) -> None:
    for name in ("part-a", "part-b", "part-c"):
        make_wheel(tmp_path / "wheelhouse", name)
    line = shop(tmp_path, PLAIN)
    said = tomllib.loads(line_lock(line.model, [prepare(line, tmp_path, linux)]))
    assert said["extras"] == ["a", "c", "under-score"]
    assert said["tool"]["sarto"]["features"] == {"under-score": "Ünder_score"}
    (part,) = (package for package in said["packages"] if package["name"] == "part-a")
    assert part["marker"] == '"a" in extras or "c" in extras'


SEVERAL = "".join(
    f'[[targets]]\npython = "{python}"\nplatform = "{platform}"\n'
    for python, platform in (("3.11", "manylinux_2_28_x86_64"), ("3.12", "musllinux_1_2_x86_64"), ("3.12", "win_amd64"))
)


def test_of_a_line_for_several_targets_each_selects_what_its_builds_have(line: LineDescription, tmp_path: Path) -> None:
    for tag in ("cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-musllinux_1_1_x86_64"):
        make_wheel(tmp_path / "wheelhouse", "part-d", "2.0", tag=tag)
    write(tmp_path / "features.toml", (tmp_path / "features.toml").read_text() + SEVERAL)
    locked = ProductLine.open(tmp_path / "features.toml").lock()
    lock = Pylock.from_dict(tomllib.loads(locked.standard()))
    assert str(lock.requires_python) == "<3.13,>=3.11"
    opened = ProductLine.open(tmp_path / "features.toml")
    for target in opened.description.targets:
        resolved = target_for(target)
        catalog = prepare(opened.description, tmp_path, resolved)
        for features in [(name,) for name in catalog.request.features if name != "extra"]:
            assert selected(lock, catalog, features) == built(catalog, features)


def test_a_part_is_marked_with_those_features_alone_that_make_a_difference_to_it(
    tmp_path: Path, linux: ResolvedTarget
) -> None:
    house, text = tmp_path / "wheelhouse", '[features.shop]\noptional = ["x", "old0", "new0", "old1", "new1"]\n'
    for number in "01":
        for version in ("1", "2"):
            make_wheel(house, f"part-{number}", version)
        text += f'[features.old{number}]\nparts = ["part-{number}<2"]\nexcludes = ["new{number}"]\n'
        text += f'[features.new{number}]\nparts = ["part-{number}>=2"]\n'
    make_wheel(house, "thing", requires=["part-0", "part-1"])
    catalog = prepare(shop(tmp_path, text + '[features.x]\nparts = ["thing"]\n'), tmp_path, linux)
    lock = Pylock.from_dict(tomllib.loads(line_lock(catalog.model, [catalog])))
    markers = {f"{each.name} {each.version}": str(each.marker or "") for each in lock.packages}
    assert markers["thing 1.0"] == '"x" in extras'
    assert markers["part-0 1"] == '"old0" in extras'
    assert "1" not in markers["part-0 2"]
    for first, second in product(("", "old0", "new0"), ("", "old1", "new1")):
        features = tuple(filter(None, ("x", first, second)))
        assert selected(lock, catalog, features) == built(catalog, features)


def test_a_part_that_a_feature_needs_only_beside_another_is_prepared_checked_and_told(
    tmp_path: Path, linux: ResolvedTarget
) -> None:
    house = tmp_path / "wheelhouse"
    for version in ("1.0", "2.0"):
        make_wheel(house, "part-a", version)
    make_wheel(house, "part-c", "1.0", requires=["part-a<2"])
    make_wheel(house, "part-c", "2.0", requires=["part-a>=2"])
    make_wheel(house, "thing", requires=["part-c"])
    text = EXCLUSIVE.replace(', "thing"', "").replace('parts = ["part-c"]', 'parts = ["thing"]')
    line = shop(tmp_path, text)
    catalog = prepare(line, tmp_path, linux)
    said: list[str] = []
    found = {catalog.parts(chosen, said.append)[1].filename for chosen in (("old", "extra"), ("new", "extra"))}
    assert found == {"part_c-1.0-py3-none-any.whl", "part_c-2.0-py3-none-any.whl"}
    assert found <= {part.filename for part in catalog.every_part()}
    assert list(clashes(line.model, prepare(line, tmp_path, linux))) == []
    (house / "part_c-1.0-py3-none-any.whl").unlink()
    make_wheel(house, "part-c", "1.0", requires=["part-a<2"], tag="py3-none-win_amd64")
    with pytest.raises(SartoError, match=r"part 'part-c' 1\.0 has no wheel for Python 3\.11 on manylinux"):
        prepare(line, tmp_path, linux)
