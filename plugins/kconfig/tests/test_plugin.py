"""The plugin as Sarto finds it, for files that are known by their names."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import sarto_kconfig
from click.testing import CliRunner
from sarto.cli.program import program
from sarto.errors import SartoError
from sarto.hooks import Plugin, PluginManager


def test_the_entry_point_leads_to_the_plugin() -> None:
    [found] = [entry for entry in entry_points(group="sarto") if entry.name == "kconfig"]
    assert found.value == "sarto_kconfig"


@pytest.mark.parametrize("name", ["Kconfig", "Kconfig.debug", "Config.in", "Config.in.arch", "board.kconfig"])
def test_a_file_is_known_by_its_name_and_only_read(name: str, tmp_path: Path) -> None:
    manager = PluginManager()
    manager.register(sarto_kconfig, Plugin("kconfig"))
    path = tmp_path / name
    path.write_text('config A\n\tbool "A"\n')
    format = manager.model_format(path)
    model = format.read(path, True).model
    assert [*model.features] == ["Main menu", "A"]
    with pytest.raises(SartoError, match="this format can only be read"):
        format.write(model)


def test_nothing_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, sarto_kconfig; sarto_kconfig.sarto_model_formats();"
        "print(*(m for m in sys.modules if 'sarto_kconfig.' in m or 'kconfiglib' in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_command_line_converts_a_kconfig_file(tmp_path: Path) -> None:
    source, target = tmp_path / "Kconfig", tmp_path / "Kconfig.toml"
    source.write_text('config A\n\tbool "A"\nconfig B\n\tbool "B" if A\n')
    done = CliRunner().invoke(program, ["convert", str(source), str(target)])
    assert done.output == f"wrote {target}: 3 features, 1 constraint\n"
    assert 'rule = "B => A"' in target.read_text()
