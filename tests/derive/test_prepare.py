"""Preparing a line with real projects, a folder of wheels and, where one is needed, an index on a loopback port."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from sarto.derive.catalog import Catalog
from sarto.derive.plan import Part, ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.derive.target import target_for
from sarto.errors import SartoError
from sarto.model.line import LineDescription
from sarto.model.selection import Target

from .making import LINE, Index, line_of, make_project, make_wheel, pluggy_wheel, write

HEAD = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop-core"]
command = "shop"
sources = ["wheelhouse"]
"""


def shop(folder: Path, features: str) -> LineDescription:
    """A line whose parts come from ``folder/wheelhouse`` and the index."""
    pluggy_wheel(folder / "wheelhouse")
    make_wheel(folder / "wheelhouse", "shop-core")
    return line_of(HEAD + features, folder)


def names(parts: tuple[Part, ...]) -> dict[str, tuple[str, ...]]:
    return {part.name: part.features for part in parts}


def versions(catalog: Catalog, *features: str) -> dict[str, str]:
    return {part.name: part.version for part in catalog.parts(features)}


def in_one_order(error: SartoError) -> str:
    """The error with the halves of uv's reason sorted: uv tells them now in one order, now in the other."""
    lines = str(error).splitlines()
    lines[1] = "  " + " and ".join(sorted(lines[1].strip().split(" and ")))
    return "\n".join(lines)


def test_each_feature_brings_its_parts_with_what_they_need(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget
) -> None:
    parts = prepare(greeter, workshop, linux).parts(["maps", "polite"])
    assert names(parts) == {
        "greeter": (), "greeter-geo": ("maps",), "greeter-maps": ("maps",), "greeter-polite": ("polite",),
        "pluggy": (), "sarto-runtime": (),
    }  # fmt: skip
    requires = {part.name: part.requires for part in parts}
    assert requires["greeter-maps"] == ("greeter", "greeter-geo")
    assert requires["sarto-runtime"] == ("pluggy",)


def test_a_build_without_features_has_the_core_alone(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget
) -> None:
    assert list(names(prepare(greeter, workshop, linux).parts([]))) == ["greeter", "pluggy", "sarto-runtime"]


def test_every_part_lies_in_the_store_with_its_hash_and_says_nothing_of_this_machine(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, shared_cache: Path
) -> None:
    for part in prepare(greeter, workshop, linux).parts(["loud", "maps", "polite"]):
        assert part.path == shared_cache / "parts" / "sha256" / part.sha256[:2] / part.sha256 / part.filename
        assert part.size == part.path.stat().st_size
        assert part.url == ""


def test_a_second_run_does_nothing_again_and_needs_no_network(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    first = prepare(greeter, workshop, linux, said.append)
    assert sorted(said) == sorted([
        *(f"building {name} from {workshop}/projects/{name}" for name in
          ("greeter", "greeter-geo", "greeter-loud", "greeter-maps", "greeter-polite")),
        "resolving the line's parts",
    ])  # fmt: skip
    said.clear()
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(subprocess, "run", None)
    assert prepare(greeter, workshop, linux, said.append).parts(["maps"]) == first.parts(["maps"])
    assert said == []


def test_a_change_of_one_project_builds_that_one_and_locks_anew(
    tmp_path: Path, workshop: Path, linux: ResolvedTarget
) -> None:
    folder = tmp_path / "line"
    shutil.copytree(workshop, folder)
    line = line_of(LINE, folder)
    before = prepare(line, folder, linux).parts(["loud"])
    write(folder / "projects/greeter-loud/src/greeter_loud/__init__.py", "word = '!!!'")
    said: list[str] = []
    after = prepare(line, folder, linux, said.append).parts(["loud"])
    assert said == [f"building greeter-loud from {folder}/projects/greeter-loud", "resolving the line's parts"]
    assert [new.name for old, new in zip(before, after, strict=True) if old.sha256 != new.sha256] == ["greeter-loud"]


def test_a_damaged_lock_in_the_cache_is_made_anew(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, cold_cache: Path
) -> None:
    first = prepare(greeter, workshop, linux)
    for lock in (cold_cache / "locks").glob("*/uv.lock"):
        lock.write_text("version = 1\n[[package")
    said: list[str] = []
    assert prepare(greeter, workshop, linux, said.append).lock_text == first.lock_text
    assert said == ["resolving the line's parts"]


PREPARING = """
import os, signal
from pathlib import Path
from sarto.derive import lock
from sarto.derive.prepare import prepare
from sarto.derive.progress import quiet
from sarto.derive.target import target_for
from sarto.model.selection import Target
from sarto.model.toml_line import read_line

def stop_here(message):
    if message.startswith("resolving"):
        lock._lock = lambda *_: os.kill(os.getpid(), signal.SIGKILL)

line = read_line({line!r}, "features.toml")
target = target_for(Target("3.11", "manylinux_2_28_x86_64"))
catalog = prepare(line, Path({folder!r}), target, progress=quiet)
print(*(part.sha256 for part in catalog.parts(["maps", "loud"])))
"""


def test_two_processes_that_prepare_one_line_at_once_both_succeed(
    greeter: LineDescription, workshop: Path, cold_cache: Path
) -> None:
    program = PREPARING.format(line=LINE, folder=str(workshop))
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=120) for process in running]
    assert [error for _, error in ended] == ["", "", ""]
    assert len({out for out, _ in ended}) == 1
    assert len(list((cold_cache / "locks").glob("*/uv.lock"))) == 1
    assert list((cold_cache / "locks").glob(".making-*")) == []


def test_a_run_that_was_killed_while_it_locked_leaves_nothing_to_trip_over(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, cold_cache: Path
) -> None:
    program = PREPARING.format(line=LINE, folder=str(workshop)).replace("progress=quiet", "progress=stop_here")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (making,) = (cold_cache / "locks").glob(".making-*")
    assert names(prepare(greeter, workshop, linux).parts(["loud"]))["greeter-loud"] == ("loud",)
    assert not making.exists()


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


def test_features_that_can_go_together_have_to_agree_on_a_version(tmp_path: Path, linux: ResolvedTarget) -> None:
    for version in ("1.0", "2.0"):
        make_wheel(tmp_path / "wheelhouse", "base", version)
    line = shop(tmp_path, """
        [features.shop]
        optional = ["old look", "new look"]
        [features."old look"]
        parts = ["base<2"]
        [features."new look"]
        parts = ["base>=2"]
        """)  # fmt: skip
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert in_one_order(caught.value) == (
        "features.toml: features.\"new look\".parts[0]: the parts of feature 'old look' (base<2) and of feature "
        "'new look' (base>=2) do not go together:\n"
        "  feature 'new look' depends on base>=2 and feature 'old look' depends on base<2\n"
        "  hint: loosen one of the requirements, or let features that never go together exclude each other"
    )


def test_a_feature_that_does_not_go_with_the_core_is_named_with_it(tmp_path: Path, linux: ResolvedTarget) -> None:
    for version in ("1.0", "2.0"):
        make_wheel(tmp_path / "wheelhouse", "base", version)
    pluggy_wheel(tmp_path / "wheelhouse")
    text = HEAD.replace('"shop-core"', '"base>=2"')
    line = line_of(f'{text}\n[features.shop]\noptional = ["old"]\n[features.old]\nparts = ["base==1.0"]\n', tmp_path)
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert in_one_order(caught.value) == (
        "features.toml: features.old.parts[0]: the parts of the core (base>=2) and of feature 'old' (base==1.0) "
        "do not go together:\n"
        "  feature 'old' depends on base==1.0 and the core depends on base>=2\n"
        "  hint: loosen one of the requirements, or let features that never go together exclude each other"
    )


def test_a_version_that_nobody_has_is_said_with_those_that_there_are(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "base", "1.0")
    line = shop(tmp_path, '[features.shop]\noptional = ["new"]\n[features.new]\nparts = ["base>=9"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    first, second = str(caught.value).splitlines()
    assert first == (
        "features.toml: features.new.parts[0]: no versions of the parts fit what feature 'new' (base>=9) asks for:"
    )
    assert second.endswith(" is available and feature 'new' depends on base>=9")


def test_a_part_that_does_not_exist_is_named_with_the_nearest_source(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "shop-search")
    line = shop(tmp_path, '[features.shop]\noptional = ["find"]\n[features.find]\nparts = ["shop-serch>=1"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "features.toml: features.find.parts[0]: part 'shop-serch' is neither on the package index nor in the line's "
        "sources\n  hint: did you mean 'shop-search'?"
    )


def test_a_part_that_a_part_needs_and_that_does_not_exist_is_named_too(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", requires=["zzyzx-road"])
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "part 'zzyzx-road' is neither on the package index nor in the line's sources\n"
        "  hint: check its name, and what [core] sources names"
    )


def test_a_part_that_is_there_only_as_source_is_refused_with_the_way_out(
    tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    index.add(write(tmp_path / "thing-1.0.tar.gz", "never opened"))
    line = shop(tmp_path, '[features.shop]\noptional = ["raw"]\n[features.raw]\nparts = ["thing"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "features.toml: features.raw.parts[0]: part 'thing' has no wheel on the package index, and builds are made of "
        "wheels\n"
        "  hint: build it yourself (pip wheel --no-deps -w wheels 'thing') and name that folder in [core] sources"
    )


def test_a_requirement_that_is_none_is_an_error_at_its_place(tmp_path: Path, linux: ResolvedTarget) -> None:
    line = shop(tmp_path, '[features.shop]\noptional = ["a"]\n[features.a]\n')
    broken = LineDescription(
        name=line.name, version=line.version, model=line.model, file="features.toml",
        core=type(line.core)(parts=("thing >= >=", "==2"), command="shop"),
    )  # fmt: skip
    with pytest.raises(SartoError) as caught:
        prepare(broken, tmp_path, linux)
    first, second = caught.value.errors
    assert str(first).startswith("features.toml: core.parts[0]: 'thing >= >=' is not a requirement: ")
    assert str(second).startswith("features.toml: core.parts[1]: '==2' is not a requirement: ")


def test_a_lock_beside_the_line_keeps_its_versions_as_long_as_they_fit(
    tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    index.add(make_wheel(tmp_path / "index", "thing", "1.0"))
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    write(tmp_path / "sarto.lock", prepare(line, tmp_path, linux).lock_text)
    index.add(make_wheel(tmp_path / "index", "thing", "2.0"))
    make_wheel(tmp_path / "wheelhouse", "shop-core", "1.5")
    kept = versions(prepare(line, tmp_path, linux), "shop")
    assert (kept["thing"], kept["shop-core"]) == ("1.0", "1.0")
    stricter = line_of(HEAD + '[features.shop]\nparts = ["thing>=2"]\n', tmp_path)
    assert versions(prepare(stricter, tmp_path, linux), "shop")["thing"] == "2.0"
    (tmp_path / "sarto.lock").unlink()
    assert versions(prepare(line, tmp_path, linux), "shop")["shop-core"] == "1.5"


def test_the_lock_names_nothing_of_this_machine(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget
) -> None:
    text = prepare(greeter, workshop, linux).lock_text
    assert str(workshop) not in text
    tomllib.loads(text)


def test_a_lock_beside_the_line_that_cannot_be_read_is_an_error(tmp_path: Path, linux: ResolvedTarget) -> None:
    line = shop(tmp_path, "[features.shop]\n")
    write(tmp_path / "sarto.lock", "<<<<<<< ours\n")
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        f"{tmp_path}/sarto.lock: the lock cannot be read: Invalid statement (at line 1, column 1)\n"
        "  hint: remove it, and the line is locked anew"
    )


def test_without_a_network_and_with_a_cold_cache_there_is_one_clear_sentence(
    tmp_path: Path, linux: ResolvedTarget, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "the package index cannot be reached at http://127.0.0.1:9/simple/thing/, and what this line needs is not in "
        "Sarto's cache yet: Connection refused (os error 111)\n"
        "  hint: connect to the network once, or name an index that can be reached in UV_DEFAULT_INDEX"
    )


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
