"""Lines over the real package index, with a core product that we did not write."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.derive.deliver import deliver
from sarto.derive.plan import ResolvedTarget
from sarto.derive.planning import plan
from sarto.derive.prepare import prepare
from sarto.derive.target import target_for
from sarto.derive.verify import verify
from sarto.errors import SartoError
from sarto.model.line import LineDescription
from sarto.model.selection import Target

from .formats import bundle
from .making import line_of, resolved, selection_of

pytestmark = [pytest.mark.network, pytest.mark.usefixtures("package_index")]

LINE = """
[line]
name = "explorer"
version = "1"
root = "explorer"
[core]
parts = ["datasette>=0.65,<1"]
command = "datasette"
group = "datasette"
[features.explorer]
optional = ["maps", "odd"]
[features.maps]
parts = ["datasette-cluster-map>=0.18"]
[features.odd]
"""


def explorer(folder: Path, odd: str = "") -> LineDescription:
    return line_of(LINE + (f'parts = ["{odd}"]\n' if odd else ""), folder)


def test_a_line_of_real_parts_is_built_and_then_needs_no_network(
    tmp_path: Path, linux: ResolvedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, selection = explorer(tmp_path), selection_of()
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    said: list[str] = []
    made = plan(line, tmp_path, selection, resolved(line, "maps"), prepare(line, tmp_path, linux, said.append))
    assert said[0] == "resolving the line's parts"
    assert any(each.startswith("fetching datasette_cluster_map-0.18") for each in said)
    assert made.core_object == "datasette.cli:cli"
    by_name = {part.name: part for part in made.parts}
    assert by_name["datasette-leaflet"].features == ("maps",)
    assert by_name["jinja2"].features == ()
    assert by_name["datasette"].url.startswith("https://")
    markup = by_name["markupsafe"].filename
    assert "cp311-cp311" in markup
    assert "manylinux" in markup

    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cold uv"))
    said.clear()
    again = plan(line, tmp_path, selection, resolved(line, "maps"), prepare(line, tmp_path, linux, said.append))
    assert (again.parts, said) == (made.parts, [])
    built = deliver(again, {}, {"bundle": bundle}, tmp_path / "out")["bundle"]
    assert verify(built).problems == ()


def test_a_build_for_another_system_and_python_takes_its_wheels(tmp_path: Path) -> None:
    line = explorer(tmp_path)
    parts = prepare(line, tmp_path, target_for(Target("3.13", "win_amd64")), features=["explorer"]).parts(["explorer"])
    by_name = {part.name: part for part in parts}
    assert by_name["markupsafe"].filename.endswith("cp313-cp313-win_amd64.whl")


def test_without_a_network_and_with_nothing_in_any_cache_there_is_one_clear_sentence(
    tmp_path: Path, linux: ResolvedTarget, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(SartoError) as caught:
        prepare(explorer(tmp_path), tmp_path, linux)
    text = str(caught.value)
    assert text.startswith("the package index cannot be reached at https://pypi.org/simple/")
    assert "and what this line needs is not in Sarto's cache yet: Connection refused" in text
    assert text.count("\n") == 1


def test_a_part_that_is_there_only_as_source_is_refused(tmp_path: Path, linux: ResolvedTarget) -> None:
    with pytest.raises(SartoError) as caught:
        prepare(explorer(tmp_path, "docopt"), tmp_path, linux)
    assert str(caught.value) == (
        "features.toml: features.odd.parts[0]: part 'docopt' has no wheel on the package index that fits all targets, "
        "and builds are made of wheels\n"
        "  hint: build it yourself (pip wheel --no-deps -w wheels 'docopt') and name that folder in [core] sources"
    )


def test_a_part_without_a_wheel_for_the_target_is_refused(tmp_path: Path, linux: ResolvedTarget) -> None:
    with pytest.raises(SartoError) as caught:
        prepare(explorer(tmp_path, "pywin32==311"), tmp_path, linux)
    assert str(caught.value) == (
        "features.toml: features.odd.parts[0]: part 'pywin32' 311 has no wheel for Python 3.11 on "
        "manylinux_2_28_x86_64 (feature 'odd' needs it); it has some for win32, win_amd64, win_arm64\n"
        "  hint: build it yourself (pip wheel --no-deps -w wheels 'pywin32==311') and name that folder in "
        "[core] sources"
    )


def test_a_part_that_nobody_made_is_refused(tmp_path: Path, linux: ResolvedTarget) -> None:
    with pytest.raises(SartoError) as caught:
        prepare(explorer(tmp_path, "datasette-no-such-plugin-for-sarto"), tmp_path, linux)
    assert str(caught.value) == (
        "features.toml: features.odd.parts[0]: part 'datasette-no-such-plugin-for-sarto' is neither on the package "
        "index nor in the line's sources\n  hint: check its name, and what [core] sources names"
    )


def test_a_feature_that_does_not_go_with_the_core_is_refused_in_our_words(
    tmp_path: Path, linux: ResolvedTarget
) -> None:
    with pytest.raises(SartoError) as caught:
        prepare(explorer(tmp_path, "datasette<0.60"), tmp_path, linux)
    first, second, hint = str(caught.value).splitlines()
    assert first == (
        "features.toml: features.odd.parts[0]: the parts of the core (datasette<1,>=0.65) and of feature 'odd' "
        "(datasette<0.60) do not go together:"
    )
    said = ["feature 'odd' depends on datasette<0.60", "the core depends on datasette>=0.65,<1"]
    assert sorted(second.strip().split(" and ")) == said
    assert hint == "  hint: loosen one of the requirements: with them no build has feature 'odd'"
