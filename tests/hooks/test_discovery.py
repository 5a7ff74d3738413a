"""Which entry points are found on a path."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sarto.hooks.discovery import EntryPoint, find_entry_points


def a_distribution(folder: Path, name: str, entry_points: str | None, version: str = "1.0") -> Path:
    metadata = folder / f"{name}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    if entry_points is not None:
        (metadata / "entry_points.txt").write_text(entry_points)
    return folder


def test_entry_points_of_the_group_are_found_and_others_are_not(tmp_path: Path) -> None:
    a_distribution(tmp_path, "sarto_one", "[console_scripts]\nrun = a:b\n\n[sarto]\none = one.plugin\n[other]\nx = y\n")

    found = find_entry_points("sarto", [str(tmp_path)])

    assert found == (EntryPoint("one", "one.plugin", "sarto-one", "1.0"),)


def test_they_are_sorted_by_name_whatever_the_order_of_folders_and_files(tmp_path: Path) -> None:
    a_distribution(tmp_path / "first", "aaa", "[sarto]\nzebra = z\nmouse = m\n")
    a_distribution(tmp_path / "second", "bbb", "[sarto]\nant = a\n")

    found = find_entry_points("sarto", [str(tmp_path / "first"), str(tmp_path / "second")])

    assert [point.name for point in found] == ["ant", "mouse", "zebra"]


def test_a_distribution_that_is_there_twice_counts_where_the_path_finds_it_first(tmp_path: Path) -> None:
    a_distribution(tmp_path / "new", "sarto_uvl", "[sarto]\nuvl = new\n", version="2.0")
    a_distribution(tmp_path / "old", "Sarto.UVL", "[sarto]\nuvl = old\n", version="1.0")

    found = find_entry_points("sarto", [str(tmp_path / "new"), str(tmp_path / "old")])

    assert found == (EntryPoint("uvl", "new", "sarto-uvl", "2.0"),)


def test_a_newer_distribution_without_plugins_hides_an_older_one_with_them(tmp_path: Path) -> None:
    a_distribution(tmp_path / "new", "sarto_uvl", None)
    a_distribution(tmp_path / "old", "sarto_uvl", "[sarto]\nuvl = old\n")

    assert find_entry_points("sarto", [str(tmp_path / "new"), str(tmp_path / "old")]) == ()


def test_the_metadata_of_a_source_tree_counts_too(tmp_path: Path) -> None:
    metadata = tmp_path / "sarto_one.egg-info"
    metadata.mkdir()
    (metadata / "entry_points.txt").write_text("[sarto]\none = one:plugin\n")

    assert find_entry_points("sarto", [str(tmp_path)]) == (EntryPoint("one", "one:plugin", "sarto-one", ""),)


def test_a_wheel_on_the_path_is_looked_into(tmp_path: Path) -> None:
    wheel = tmp_path / "sarto_one-3.1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("sarto_one-3.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: sarto-one\nVersion: 3.1\n")
        archive.writestr("sarto_one-3.1.dist-info/entry_points.txt", "[sarto]\none = one\n")

    assert find_entry_points("sarto", [str(wheel)]) == (EntryPoint("one", "one", "sarto-one", "3.1"),)


def test_folders_that_are_not_there_and_comments_are_passed_over(tmp_path: Path) -> None:
    a_distribution(tmp_path, "one", "[sarto]\n# two = two\n; three = three\n  one = one [extra]  \n\n")

    found = find_entry_points("sarto", [str(tmp_path / "missing"), str(tmp_path)])

    assert [(point.name, point.target) for point in found] == [("one", "one")]


def test_a_target_names_a_module_or_something_inside_it() -> None:
    assert EntryPoint("x", "json", "d", "1").load() is json
    assert EntryPoint("x", "json:JSONDecoder.decode", "d", "1").load() is json.JSONDecoder.decode


def test_what_is_found_here_is_what_importlib_metadata_finds() -> None:
    installed = importlib.metadata.entry_points(group="console_scripts")
    expected = [(point.name, f"{point.module}:{point.attr}") for point in installed]

    found = [(point.name, point.target) for point in find_entry_points("console_scripts")]

    assert found == sorted(expected)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.dictionaries(st.sampled_from("pqr"), st.sampled_from("xyz"), max_size=3)),
        unique_by=lambda pair: pair[0],
    )
)
def test_any_declarations_are_read_as_importlib_metadata_reads_them(declared: list[tuple[str, dict[str, str]]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name, points in declared:
            lines = [f"{point} = {target}" for point, target in points.items()]
            a_distribution(Path(folder), name, "\n".join(["[other]", "a = b", "[sarto]", *lines]) + "\n")
        distributions = importlib.metadata.distributions(path=[folder])
        expected = [
            (point.name, point.value, distribution.name)
            for distribution in distributions
            for point in distribution.entry_points
            if point.group == "sarto"
        ]

        found = find_entry_points("sarto", [folder])

    assert [(point.name, point.target, point.distribution) for point in found] == sorted(
        expected, key=lambda each: (each[0], each[2])
    )


def test_looking_imports_neither_a_plugin_nor_the_metadata_machinery(tmp_path: Path) -> None:
    a_distribution(tmp_path, "one", "[sarto]\none = a_module_that_is_not_there\n")
    program = (
        "import sys\n"
        "from sarto.hooks.discovery import find_entry_points\n"
        f"print(len(find_entry_points('sarto', [{str(tmp_path)!r}])), 'importlib.metadata' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "1 False\n"
