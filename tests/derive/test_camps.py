"""Lines that need several locks: features that exclude each other only three or more at a time."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.pylock import Pylock
from packaging.tags import parse_tag
from sarto.derive.camps import MOST_LOCKS, left_out, split_text, whole_text
from sarto.derive.catalog import Catalog
from sarto.derive.classes import version_classes
from sarto.derive.contracts import part_findings
from sarto.derive.family import clashes
from sarto.derive.line_lock import line_lock
from sarto.derive.lockfile import versions_in
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import lock, prepare
from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.model.line import LineDescription

from ..strategies import configurations
from .making import Index, make_wheel, write
from .shop import HEAD, shop, versions

HOST = '\n[targets]\npython = "host"\nplatforms = "host"\n'
FEATURES = ("a", "b", "c", "d", "e")
TABLES = "".join(f'[features.{name}]\nparts = ["part-{name}"]\n' for name in "abcgh")
THREE = """
[features.shop]
optional = ["a", "b", "c", "g", "h"]
[[constraints]]
rule = "!(a & b & c)"
[[constraints]]
rule = "g => !h"
"""
NEEDS = {
    "part-a": "middle!=1", "part-b": "middle!=2", "part-c": "middle!=3", "part-g": "roof<2", "part-h": "roof>=2",
}  # fmt: skip
"""Of a, b and c any two go together; g and h do not."""

some_sets = st.lists(st.frozensets(st.sampled_from(FEATURES), min_size=1, max_size=4), max_size=5)


def subsets(names: Collection[str]) -> Iterator[frozenset[str]]:
    return map(frozenset, chain.from_iterable(combinations(sorted(names), size) for size in range(len(names) + 1)))


@pytest.fixture
def line(tmp_path: Path) -> LineDescription:
    for name, needed in NEEDS.items():
        make_wheel(tmp_path / "wheelhouse", name, requires=[needed])
    for name, numbers in {"middle": "123", "roof": "12"}.items():
        for version in numbers:
            make_wheel(tmp_path / "wheelhouse", name, version)
    return shop(tmp_path, THREE + TABLES)


def builds(line: LineDescription) -> list[frozenset[str]]:
    """The features with parts of every build that the line allows."""
    wanted = {name for name, feature in line.model.features.items() if feature.delivery.parts}
    return sorted({frozenset(name for name in wanted if each[name]) for each in configurations(line.model)}, key=sorted)


def fits(found: dict[str, str], features: Collection[str]) -> bool:
    forbidden = {NEEDS[f"part-{name}"].partition("!=")[2] for name in features if name in "abc"}
    roofs = {{"g": "1", "h": "2"}[name] for name in features if name in "gh"}
    return found.get("middle") not in forbidden and {found.get("roof")} - {None} == roofs


@given(some_sets)
def test_what_the_locks_leave_out_are_the_least_sets_that_hit_every_discord(discords: list[frozenset[str]]) -> None:
    hitting = [each for each in subsets(FEATURES) if all(each & discord for discord in discords)]
    least = {each for each in hitting if not any(other < each for other in hitting)}
    found = left_out(FEATURES, discords)
    assert found is not None
    assert len(found) == len(set(found))
    assert set(map(frozenset, found)) == least


def test_a_line_that_would_need_too_many_locks_has_none() -> None:
    threes = [[f"{name}{index}" for name in "abc"] for index in range(4)]
    assert 3 ** len(threes) > MOST_LOCKS
    assert left_out([*chain(*threes)], threes) is None
    assert len(left_out([*chain(*threes)], threes[:3]) or ()) == 27


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r")), max_size=3))
def test_the_texts_of_several_locks_come_back_out_of_their_file(further: list[str]) -> None:
    first = "version = 1\n"
    text = whole_text([first, *further])
    assert split_text(text) == ((first, *further) if further else (first,))
    assert tomllib.loads(text)["version"] == 1


def test_every_build_of_a_line_with_three_that_are_apart_only_together_has_parts_that_go_together(
    line: LineDescription, tmp_path: Path, linux: ResolvedTarget
) -> None:
    catalog = prepare(line, tmp_path, linux)
    assert [sorted(each.without) for each in catalog.locked.locks] == [["a"], ["b"], ["c"]]
    every = builds(line)
    assert len(every) == 7 * 3
    for features in every:
        assert fits(versions(catalog, *features), features)
        assert [wheel.filename for wheel in catalog.wheels(features)] == [p.filename for p in catalog.parts(features)]
    assert len({versions(catalog, *features).get("middle") for features in (("a", "b"), ("a", "c"), ("b", "c"))}) == 3
    with pytest.raises(SartoError) as caught:
        catalog.parts(["a", "b", "c"])
    assert str(caught.value) == (
        "no lock of the line has parts for 'a', 'b', 'c' together\n  hint: no build may have them all"
    )


def test_preparing_brings_the_parts_of_every_lock_into_the_store(
    line: LineDescription, tmp_path: Path, linux: ResolvedTarget
) -> None:
    catalog = prepare(line, tmp_path, linux)
    said: list[str] = []
    for features in builds(line):
        catalog.parts(features, said.append)
    assert said == []
    middles = [part.version for part in catalog.every_part() if part.name == "middle"]
    assert middles == ["1", "2", "3"]


def test_the_standard_lock_selects_what_every_build_has(
    line: LineDescription, tmp_path: Path, linux: ResolvedTarget
) -> None:
    catalog = prepare(line, tmp_path, linux)
    standard = Pylock.from_dict(tomllib.loads(line_lock(line.model, [catalog])))
    tags = [tag for text in linux.tags for tag in parse_tag(text)]
    for features in builds(line):
        chosen = standard.select(environment=linux.markers, tags=tags, extras=[*features])  # type: ignore[arg-type]  # a dict of strings
        found = {package.name: str(package.version) for package, _ in chosen}
        assert found == versions(catalog, *features)


def test_the_family_proof_looks_at_the_versions_of_every_lock(
    line: LineDescription, tmp_path: Path, linux: ResolvedTarget
) -> None:
    make_wheel(tmp_path / "wheelhouse", "middle", "2", files={"roof_tile.py": "'middle'"})
    make_wheel(tmp_path / "wheelhouse", "roof", "2", files={"roof_tile.py": "'roof'"})
    catalog = prepare(line, tmp_path, linux)
    assert len(version_classes(line.model, catalog.versions_depend_on)) == 7
    found = list(clashes(line.model, catalog))
    assert {clash.quarrel.first for clash in found} == {("middle", "2")}
    met = {
        features
        for features in builds(line)
        if {("middle", "2"), ("roof", "2")} <= {*versions(catalog, *features).items()}
    }
    assert {frozenset("ah"), frozenset("ach")} == met
    assert [(clash.features, clash.without) for clash in found] == [(("a", "h"), ("b",))]


def test_a_lock_beside_the_line_keeps_the_versions_of_each_lock(
    tmp_path: Path, linux: ResolvedTarget, index: Index, line: LineDescription
) -> None:
    index.add(make_wheel(tmp_path / "index", "thing", "1.0"))
    file = write(tmp_path / "features.toml", HEAD + HOST + THREE + TABLES.replace('"part-b"', '"part-b", "thing"'))
    text = ProductLine.open(file).lock().text
    write(tmp_path / "sarto.lock", text)
    assert versions_in(text)["middle"] == ("1", "2", "3")
    assert str(tmp_path) not in text
    index.add(make_wheel(tmp_path / "index", "thing", "2.0"))
    again = ProductLine.open(file).lock()
    assert again.text == text
    assert again.changes == ()
    assert versions_in(ProductLine.open(file).lock(upgrade=True).text)["thing"] == ("2.0",)
    make_wheel(tmp_path / "wheelhouse", "middle", "4")
    assert versions_in(ProductLine.open(file).lock(upgrade=True).text)["middle"] == ("4",)
    assert line.model.features["a"].delivery.parts == ("part-a",)


def test_the_locks_stand_in_the_cache_until_the_features_may_go_together(
    line: LineDescription, tmp_path: Path, linux: ResolvedTarget, cold_cache: Path
) -> None:
    assert not (cold_cache / "locks").exists()
    said: list[str] = []
    first = lock(line, tmp_path, linux, said.append)
    assert said[-1] == "resolving the line's parts, lock 3 of 3"
    said.clear()
    assert lock(line, tmp_path, linux, said.append).lock_text == first.lock_text
    assert said == []
    with pytest.raises(SartoError, match="do not go together"):
        lock(shop(tmp_path, THREE.replace("!(a & b & c)", "a | !a") + TABLES), tmp_path, linux)


def test_a_dead_feature_whose_parts_do_not_go_with_the_core_is_left_out(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "base", "1")
    text = '[features.shop]\noptional = ["a", "b"]\n[features.a]\nparts = ["base>=2"]\n[features.b]\nparts = ["base"]\n'
    line = shop(tmp_path, text + '[[constraints]]\nrule = "!a"\n')
    assert versions(prepare(line, tmp_path, linux), "b")["base"] == "1"


def test_a_check_of_such_a_line_finds_nothing_in_its_versions(line: LineDescription, tmp_path: Path) -> None:
    checked = shop(tmp_path, HOST + THREE + TABLES)
    assert checked.name == line.name
    assert [finding.what for finding in part_findings(checked, tmp_path)] == [
        "'shop-core' 1.0 has no console script 'shop'; it has none"
    ]


def test_a_line_of_one_lock_has_the_lock_of_uv_alone(tmp_path: Path, linux: ResolvedTarget) -> None:
    catalog: Catalog = lock(shop(tmp_path, "[features.shop]\n"), tmp_path, linux)
    assert catalog.lock_text == catalog.locked.locks[0].text
