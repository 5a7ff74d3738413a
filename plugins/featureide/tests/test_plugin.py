"""The plugin as Sarto finds it, and one answer of a published model in both formats."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import sarto_featureide
from click.testing import CliRunner
from sarto.cli.program import program
from sarto.hooks import Plugin, PluginManager
from sarto.line import read_model
from sarto.solve.analysis import analyse


def test_the_entry_point_leads_to_the_plugin() -> None:
    [found] = [entry for entry in entry_points(group="sarto") if entry.name == "featureide"]
    assert found.value == "sarto_featureide"


def test_the_format_reads_and_writes_files_that_end_in_xml(tmp_path: Path) -> None:
    manager = PluginManager()
    manager.register(sarto_featureide, Plugin("featureide"))
    path = tmp_path / "MODEL.XML"
    format = manager.model_format(path)
    assert (format.name, format.suffixes) == ("featureide", (".xml",))
    path.write_text('<featureModel><struct><alt name="R"/></struct></featureModel>')
    reading = format.read(path, False)
    assert len(reading.warnings) == 1
    path.write_text(format.write(reading.model))
    assert format.read(path, True).model == reading.model


def test_nothing_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, sarto_featureide; sarto_featureide.sarto_model_formats();"
        "print(*(m for m in sys.modules if 'sarto_featureide.' in m or 'expat' in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_command_line_converts_there_and_back(tmp_path: Path) -> None:
    first, there, back = (tmp_path / name for name in ("features.toml", "model.xml", "back.toml"))
    first.write_text('[line]\nroot = "r"\n[features.r]\nor = ["a", "b"]\n')
    assert CliRunner().invoke(program, ["convert", str(first), str(there)]).output == (
        f"wrote {there}: 3 features, 0 constraints\n"
    )
    assert CliRunner().invoke(program, ["convert", str(there), str(back)]).exit_code == 0
    plugins = PluginManager()
    assert read_model(back, plugins) == read_model(first, plugins)


def test_a_published_model_has_one_answer_in_both_formats(published: Path, tmp_path: Path) -> None:
    plugins = PluginManager.discover()
    if not any(".uvl" in format.suffixes for format in plugins.model_formats()):
        pytest.skip("the published models are in UVL, and the plugin that reads it is not installed")
    model = read_model(published / "industrial" / "busybox.uvl", plugins).model
    path = tmp_path / "busybox.xml"
    path.write_text(plugins.model_format(path).write(model), encoding="utf-8")
    found = read_model(path, plugins, strict=True).model
    assert found == model
    assert analyse(found) == analyse(model)
