"""No two parts in each other's way, proved over all builds: against a look at every single one."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from sarto.derive.catalog import Catalog
from sarto.derive.clash_words import clash_finding
from sarto.derive.family import clashes
from sarto.derive.plan import Part, ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.line import ProductLine
from sarto.model.line import LineDescription

from ..strategies import configurations
from .hall import check, hall, told
from .making import make_wheel
from .shop import shop

FEATURES = """
[features.shop]
optional = ["a", "b", "c", "d", "colour"]
[features.colour]
alternative = ["red", "green", "blue"]
[features.a]
parts = ["part-a"]
[features.b]
parts = ["part-b"]
[features.c]
parts = ["part-c"]
[features.d]
parts = ["part-d", "part-shared"]
[features.red]
parts = ["part-red"]
[features.green]
parts = ["part-green"]
[features.blue]
parts = ["part-blue", "part-shared"]
[[constraints]]
rule = "b => c"
[[constraints]]
rule = "!(a & d)"
"""

FILES = {
    "part-a": {"palette.py": "A", "same.py": "same", "hidden/one.py": "A"},
    "part-b": {"palette.py": "B", "same.py": "same"},
    "part-c": {"other.py": "C"},
    "part-d": {"Hidden/One.py": "D"},
    "part-red": {"part_red/colour.py": "red", "colour.py": "red"},
    "part-green": {"colour.py": "green"},
    "part-blue": {"needs.py": "blue"},
    "part-shared": {"palette.py": "shared"},
    "part-base": {"needs.py": "base"},
}


@pytest.fixture
def line(tmp_path: Path) -> LineDescription:
    for name, files in FILES.items():
        requires = ["part-base"] if name == "part-c" else []
        make_wheel(tmp_path / "wheelhouse", name, files=files, requires=requires)
    return shop(tmp_path, FEATURES)


@pytest.fixture
def catalog(line: LineDescription, tmp_path: Path, linux: ResolvedTarget) -> Catalog:
    return prepare(line, tmp_path, linux)


def written(part: Part) -> dict[str, bytes]:
    with zipfile.ZipFile(part.path) as wheel:
        return {name.casefold(): wheel.read(name) for name in wheel.namelist() if ".dist-info/" not in name}


def quarrelling(parts: tuple[Part, ...]) -> set[tuple[str, str]]:
    contents = {part.name: written(part) for part in parts}
    return {
        (one, other)
        for one, other in combinations(sorted(contents), 2)
        if any(contents[one][path] != contents[other][path] for path in contents[one].keys() & contents[other].keys())
    }


def test_exactly_the_planted_faults_are_found_with_the_fewest_features(line: LineDescription, catalog: Catalog) -> None:
    allowed = [frozenset(n for n, v in c.items() if v) for c in configurations(line.model)]
    expected = set()
    for features in {
        frozenset(found) for c in allowed for size in (0, 1, 2) for found in combinations(sorted(c), size)
    }:
        for pair in quarrelling(catalog.parts(features)):
            smaller = [pair in quarrelling(catalog.parts(features - {name})) for name in features]
            if not any(smaller):
                expected.add((tuple(sorted(features)), pair))
    found = {
        (clash.features, (clash.quarrel.first[0], clash.quarrel.second[0])) for clash in clashes(line.model, catalog)
    }
    assert found == expected
    assert (("a", "b"), ("part-a", "part-b")) in found
    assert (("blue", "c"), ("part-base", "part-blue")) in found
    assert (("a", "d"), ("part-a", "part-d")) not in found
    assert (("green", "red"), ("part-green", "part-red")) not in found


def test_every_build_that_is_allowed_can_be_made_where_nothing_is_found(tmp_path: Path, linux: ResolvedTarget) -> None:
    for name in ("part-a", "part-b"):
        make_wheel(tmp_path / "wheelhouse", name, files={"palette.py": name})
    line = shop(tmp_path, '[features.shop]\nalternative = ["a", "b"]\n[features.a]\nparts = ["part-a"]\n'
                          '[features.b]\nparts = ["part-b"]\n')  # fmt: skip
    catalog = prepare(line, tmp_path, linux)
    assert quarrelling(catalog.parts(["a", "b"])) == {("part-a", "part-b")}
    assert list(clashes(line.model, catalog)) == []


def test_features_whose_parts_get_in_the_way_in_one_version_only_are_told_with_what_brings_that_version(
    tmp_path: Path, linux: ResolvedTarget
) -> None:
    make_wheel(tmp_path / "wheelhouse", "part-a", "1")
    make_wheel(tmp_path / "wheelhouse", "part-a", "2", files={"palette.py": "A"})
    make_wheel(tmp_path / "wheelhouse", "thing", requires=["part-a"])
    make_wheel(tmp_path / "wheelhouse", "part-y", files={"palette.py": "Y"})
    text = """
        [features.shop]
        alternative = ["old", "new"]
        optional = ["x", "y"]
        [features.old]
        parts = ["part-a<2"]
        [features.new]
        parts = ["part-a>=2"]
        [features.x]
        parts = ["thing"]
        [features.y]
        parts = ["part-y"]
        """
    line = shop(tmp_path, text)
    assert [clash.features for clash in clashes(line.model, prepare(line, tmp_path, linux))] == [("new", "y")]
    wider = shop(tmp_path, text.replace("part-a>=2", "part-b").replace("part-a<2", "part-a<2"))
    make_wheel(tmp_path / "wheelhouse", "part-b", requires=["part-c"])
    make_wheel(tmp_path / "wheelhouse", "part-c")
    assert [clash.features for clash in clashes(wider.model, prepare(wider, tmp_path, linux))] == []


UNLESS = """
[targets]
python = "3.11"
platforms = "manylinux_2_28_x86_64"
[features.shop]
optional = ["x", "old", "new"]
[features.x]
parts = ["thing"]
[features.old]
parts = ["part-a<2"]
[features.new]
parts = ["part-a>=2"]
excludes = ["old"]
"""


@pytest.mark.parametrize(
    ("core", "what", "rule"),
    [
        ("", "feature 'x' is allowed without 'old' and cannot be built so: ", "x => old"),
        ("part-a", "a build without 'old' is allowed and cannot be made: ", "old"),
    ],
)
def test_parts_that_are_in_the_way_without_a_feature_are_told_with_the_constraint_that_asks_for_it(
    core: str, what: str, rule: str, tmp_path: Path, linux: ResolvedTarget
) -> None:
    make_wheel(tmp_path / "wheelhouse", "part-a", "1")
    make_wheel(tmp_path / "wheelhouse", "part-a", "2", files={"palette.py": "A"})
    make_wheel(tmp_path / "wheelhouse", "thing", requires=["part-a"], files={} if core else {"palette.py": "X"})
    line = shop(tmp_path, UNLESS)
    make_wheel(tmp_path / "wheelhouse", "shop-core", requires=[core] * bool(core), files={"palette.py": core})
    if not core:
        make_wheel(tmp_path / "wheelhouse", "shop-core")
    (clash,) = (each for each in clashes(line.model, prepare(line, tmp_path, linux)) if "new" not in each.features)
    finding = clash_finding(line, clash)
    assert finding.what.startswith(what)
    assert finding.hint == f'let the feature model say so: [[constraints]] rule = "{rule}"'


@pytest.mark.parametrize("group", ["optional", "alternative"])
@pytest.mark.parametrize("needs", ["", "base<2"])
def test_what_stands_in_several_instances_is_kept_apart_in_the_whole_and_not_in_each(
    group: str, needs: str, tmp_path: Path
) -> None:
    rooms = f'optional = ["room"]\n[features.room]\ninstances = {{ min = 0, max = 2 }}\n{group} = ["cool", "heat"]\n'
    hall(tmp_path, rooms + '[features.cool]\nparts = ["tune"]\n[features.heat]\nparts = ["song"]\n')
    house = tmp_path / "wheelhouse"
    make_wheel(house, "tune", files={"music.py": "1"}, requires=[needs] * bool(needs))
    make_wheel(house, "song", files={"music.py": "2"}, requires=["base>=2"] * bool(needs))
    for version in ("1", "2"):
        make_wheel(house, "base", version)

    def found() -> list[str]:
        return [each.hint for each in ProductLine.open(tmp_path / "features.toml").check()]

    (hint,) = found()
    assert hint.endswith('let the feature model say so: [[constraints]] rule = "!(hall & cool & heat)"')
    text = (tmp_path / "features.toml").read_text()
    (tmp_path / "features.toml").write_text(text + '[[constraints]]\nrule = "!(hall & cool & heat)"\n')
    assert found() == []


def test_what_meets_is_told_with_the_constraint_that_keeps_it_apart(tmp_path: Path) -> None:
    hall(tmp_path, 'optional = ["one", "two"]\n[features.one]\nparts = ["tune"]\n[features.two]\nparts = ["song"]\n')
    make_wheel(tmp_path / "wheelhouse", "tune", files={"music.py": "'tune'", "sheet.py": "1"})
    make_wheel(tmp_path / "wheelhouse", "song", files={"music.py": "'song'", "sheet.py": "2"})
    (finding,) = check(tmp_path)
    assert told((replace(finding, hint=""),)) == [
        "error family features.toml: features.two: features 'one' and 'two' are allowed together and cannot be built "
        "together: the parts 'song' 1.0 and 'tune' 1.0 both write 'music.py' and 1 more, with different content"
    ]
    assert finding.hint == 'let the feature model say so: [[constraints]] rule = "one => !two"'
    text = (tmp_path / "features.toml").read_text()
    (tmp_path / "features.toml").write_text(text + '[[constraints]]\nrule = "one => !two"\n')
    assert check(tmp_path) == ()


@pytest.mark.parametrize(("file", "folder"), [("music", "music/notes.py"), ("a/Music", "a/music/b/notes.py")])
@pytest.mark.parametrize("names", [("tune", "song"), ("song", "tune")])
def test_a_file_where_another_part_has_a_folder_is_told(
    file: str, folder: str, names: tuple[str, str], tmp_path: Path
) -> None:
    hall(tmp_path, 'optional = ["one", "two"]\n[features.one]\nparts = ["tune"]\n[features.two]\nparts = ["song"]\n')
    make_wheel(tmp_path / "wheelhouse", names[0], files={file: "1"})
    make_wheel(tmp_path / "wheelhouse", names[1], files={folder: "1"})
    (finding,) = check(tmp_path)
    assert finding.what == (
        "features 'one' and 'two' are allowed together and cannot be built together: the parts 'song' 1.0 and "
        f"'tune' 1.0 both write '{file.lower()}', with different content"
    )


@pytest.mark.parametrize(
    ("tune", "song", "place"),
    [
        ("tune-1.0.data/purelib/notes.py", "song-1.0.data/platlib/notes.py", "notes.py"),
        ("tune-1.0.data/scripts/play", "song-1.0.data/data/bin/play", "(scripts)/play"),
        ("tune-1.0.data/data/lib/python{python}/site-packages/notes.py", "Notes.py", "notes.py"),
        ("tune-1.0.data/data/share/notes", "song-1.0.data/data/Share/notes", "(data)/share/notes"),
        ("not\u00e9.py", "note\u0301.py", "not\u00e9.py"),
        ("tune-1.0.data/headers/play.h", "song-1.0.data/headers/play.h", ""),
    ],
)
def test_files_are_compared_where_installers_put_them(tune: str, song: str, place: str, tmp_path: Path) -> None:
    hall(tmp_path, 'optional = ["one", "two"]\n[features.one]\nparts = ["tune"]\n[features.two]\nparts = ["song"]\n')
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    make_wheel(tmp_path / "wheelhouse", "tune", files={tune.format(python=python): "1"})
    make_wheel(tmp_path / "wheelhouse", "song", files={song: "2"})
    told = [finding.what for finding in check(tmp_path)]
    assert len(told) == bool(place)
    assert all(f"both write '{place}', with different content" in what for what in told)


@pytest.mark.parametrize(("group", "what", "is_told"), [
    ("console_scripts", "song:play", True), ("gui_scripts", "song:play", True), ("console_scripts", "tune:play", False),
    ("shop", "song:play", False),
])  # fmt: skip
def test_scripts_that_installers_write_are_files_too(group: str, what: str, is_told: bool, tmp_path: Path) -> None:
    hall(tmp_path, 'optional = ["one", "two"]\n[features.one]\nparts = ["tune"]\n[features.two]\nparts = ["song"]\n')
    make_wheel(tmp_path / "wheelhouse", "tune", entry_points="[console_scripts]\nplay = tune:play\n")
    make_wheel(tmp_path / "wheelhouse", "song", entry_points=f"[{group}]\nplay = {what}\n")
    told = [finding.what for finding in check(tmp_path)]
    assert len(told) == is_told
    assert all("both write '(scripts)/play'" in each for each in told)


def test_a_feature_whose_part_writes_over_the_core_is_told(tmp_path: Path) -> None:
    hall(tmp_path, 'optional = ["one"]\n[features.one]\nparts = ["tune"]\n')
    make_wheel(tmp_path / "wheelhouse", "tune", files={"hall_hooks.py": "'mine'"})
    finding = check(tmp_path)[0]
    assert finding.what.startswith("feature 'one' can be in no build: the parts ")
    assert "both write 'hall_hooks.py'" in finding.what
