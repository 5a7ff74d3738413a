"""The plugin as Sarto finds it: one format, and nothing imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pluggy
import pytest
import sarto_uvl
from sarto.errors import SartoError
from sarto.hooks import PluginManager as HookPlugins
from sarto.hooks import specs
from sarto.line import ProductLine
from sarto_uvl.reading import read_text


def test_the_entry_point_leads_to_the_plugin() -> None:
    [found] = [entry for entry in entry_points(group="sarto") if entry.name == "uvl"]
    assert found.value == "sarto_uvl"


def test_the_hook_gives_a_format_that_reads_and_writes(tmp_path: Path) -> None:
    manager = pluggy.PluginManager(specs.HOST)
    manager.add_hookspecs(specs)
    manager.register(sarto_uvl)
    manager.check_pending()
    [[found]] = manager.hook.sarto_model_formats()
    assert (found.name, found.suffixes) == ("uvl", (".uvl",))
    path = tmp_path / "m.uvl"
    path.write_text("features\n\tA\n\t\tor\n\t\t\tType\n")
    reading = found.read(path, False)
    assert reading.model == read_text(path.read_text()).model
    assert len(reading.warnings) == 1
    assert found.write(reading.model) == 'features\n\tA\n\t\tor\n\t\t\t"Type"\n'


def test_a_model_in_place_of_a_line_is_told_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "shop.uvl").write_text("features\n\tshop\n")
    (tmp_path / "acme.toml").write_text('line = "shop.uvl"\ncustomer = "Acme"\n')

    with pytest.raises(SartoError) as caught:
        ProductLine.for_selection(tmp_path / "acme.toml", plugins=HookPlugins.discover())

    assert str(caught.value) == (
        f"{tmp_path / 'shop.uvl'}: this is a feature model, not a product line\n"
        '  hint: write a features.toml that begins with: [line] model = "shop.uvl"'
    )


def test_the_parser_is_not_imported_with_the_plugin() -> None:
    code = (
        "import sys, sarto_uvl; sarto_uvl.sarto_model_formats(); print(*(m for m in sys.modules if 'sarto_uvl.' in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
