"""What Sarto offers to the tests of plugins is real: its wheels install, its line builds, its builds start."""

from __future__ import annotations

import zipfile
from pathlib import Path

from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.testing import answer, greeter_line, make_bundle, make_plan, make_wheel, part_of, start

__all__ = ["greeter_line"]


def test_the_line_is_checked_and_built_from_its_own_wheels(greeter_line: Path, tmp_path: Path) -> None:
    line, selection = ProductLine.for_selection(greeter_line / "acme.toml", plugins=PluginManager())
    assert not line.check()

    line.build(selection, tmp_path / "builds")

    launcher = tmp_path / "builds" / "acme-gmbh" / "acme-gmbh.py"
    assert answer(launcher, "hello", home=tmp_path) == {"argv": ["acme-gmbh", "hello"], "plugins": ["maps"]}
    assert start(launcher, "@verify", home=tmp_path).stdout == "every file is as it was handed out\n"


def test_a_plan_makes_a_build_that_starts(tmp_path: Path) -> None:
    more = part_of(make_wheel(tmp_path / "wheels", "more", {"more.py": "word = 'more'\n"}))
    folder = make_bundle(make_plan(tmp_path / "wheels", more), tmp_path / "bundle")

    assert answer(folder / "acme-gmbh.py", "eval", "__import__('more').word", home=tmp_path) == "more"


def test_a_wheel_has_the_same_bytes_each_time_and_a_record_of_its_files(tmp_path: Path) -> None:
    first, again = (
        make_wheel(tmp_path / folder, "a-b", {"a.py": "x = 1\n"}, version="2.0", requires=["c>=1"]) for folder in "xy"
    )

    assert first.name == "a_b-2.0-py3-none-any.whl"
    assert first.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(first) as archive:
        record = archive.read("a_b-2.0.dist-info/RECORD").decode().splitlines()
        assert {line.split(",")[0] for line in record} == set(archive.namelist())
        assert b"Requires-Dist: c>=1\n" in archive.read("a_b-2.0.dist-info/METADATA")
