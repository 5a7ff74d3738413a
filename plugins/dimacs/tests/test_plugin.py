"""The plugin as Sarto finds it, and one answer of a published model across the formats."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import sarto_dimacs
from click.testing import CliRunner
from sarto.cli.program import program
from sarto.hooks import Plugin, PluginManager
from sarto.line import read_model
from sarto.solve.analysis import analyse


def test_the_entry_point_leads_to_the_plugin() -> None:
    [found] = [entry for entry in entry_points(group="sarto") if entry.name == "dimacs"]
    assert found.value == "sarto_dimacs"


@pytest.mark.parametrize("suffix", [".dimacs", ".cnf", ".CNF"])
def test_the_format_reads_and_writes_files_of_both_suffixes(suffix: str, tmp_path: Path) -> None:
    manager = PluginManager()
    manager.register(sarto_dimacs, Plugin("dimacs"))
    path = tmp_path / f"model{suffix}"
    format = manager.model_format(path)
    path.write_text("c 1 a\np cnf 1 2\n1 0\n")
    reading = format.read(path, False)
    assert len(reading.warnings) == 1
    assert format.write(reading.model).splitlines()[1:3] == ["c 1 root", "c 2 a"]


def test_nothing_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, sarto_dimacs; sarto_dimacs.sarto_model_formats();"
        "print(*(m for m in sys.modules if 'sarto_dimacs.' in m or 'pysat' in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_command_line_converts_a_line_into_its_formula(tmp_path: Path) -> None:
    first, there = tmp_path / "features.toml", tmp_path / "model.dimacs"
    first.write_text('[line]\nroot = "r"\n[features.r]\nor = ["a", "b"]\n')
    done = CliRunner().invoke(program, ["convert", str(first), str(there)])
    assert done.stdout == f"wrote {there}: 3 features, 0 constraints\n"
    assert done.stderr == (
        "warning: dimacs has no place for the tree: all features will stand below a root, its groups are clauses\n"
        f"  --> {there}\n"
    )
    assert there.read_text().splitlines()[1:] == [
        "c 1 r", "c 2 a", "c 3 b", "p cnf 3 4", "1 0", "-2 1 0", "-3 1 0", "-1 2 3 0",
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", [".toml", ".uvl", ".xml", ".dimacs"])
def test_a_published_model_has_one_answer_in_every_format(suffix: str, published: Path, tmp_path: Path) -> None:
    plugins = PluginManager.discover()
    known = {suffix for format in plugins.model_formats() for suffix in format.suffixes}
    if missing := {".uvl", suffix} - known:
        pytest.skip(f"no installed plugin reads {', '.join(sorted(missing))}")
    model = read_model(published / "industrial" / "busybox.uvl", plugins).model
    path = tmp_path / f"busybox{suffix}"
    path.write_text(plugins.model_format(path).write(model), encoding="utf-8")
    found, expected = analyse(read_model(path, plugins, strict=True).model), analyse(model)
    if suffix != ".dimacs":
        assert found == expected
    else:
        assert set(found.core) & model.features.keys() == set(expected.core)
        assert set(found.dead) & model.features.keys() == set(expected.dead)
