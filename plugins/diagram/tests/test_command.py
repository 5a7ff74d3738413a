"""``sarto diagram`` from the command line to the file, on the shop and its two customers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sarto_diagram
from click.testing import CliRunner, Result
from sarto.cli.application import Application
from sarto.cli.program import program
from sarto.hooks import BrokenPlugin, Plugin, PluginManager
from sarto_diagram.state import State

from .seeing import Picture

SHOP = Path(__file__).parent / "shop"


def run(*arguments: str | Path) -> Result:
    """The program, with this plugin and the built-in ones."""
    written = ["diagram", *map(str, arguments)]
    return CliRunner().invoke(program, written, obj=Application(_plugins), prog_name="sarto")


def _plugins(on_broken: Callable[[BrokenPlugin], None]) -> PluginManager:
    manager = PluginManager(on_broken)
    manager.register(sarto_diagram, Plugin("diagram", "sarto-diagram"))
    return manager


def drawn(*arguments: str | Path) -> Picture:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return Picture(result.stdout)


def in_state(picture: Picture, state: State) -> set[str]:
    return {box.feature for box in picture.boxes.values() if str(state) in box.classes}


@pytest.mark.parametrize(
    ("golden", "arguments"),
    [
        ("shop.svg", [SHOP]),
        ("acme.svg", ["--selection", SHOP / "acme.toml"]),
        ("part.svg", [SHOP, "--root", "shop", "--depth", "1", "-s", SHOP / "acme.toml"]),
    ],
)
def test_the_picture_is_exactly_the_one_that_was_looked_at(golden: str, arguments: list[str | Path]) -> None:
    """After a wanted change: ``sarto diagram ARGUMENTS -o GOLDEN``, and look at it again."""
    assert run(*arguments).stdout == (SHOP / golden).read_text("utf-8")


def test_a_line_is_drawn_by_its_file_by_its_folder_or_from_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    by_file = drawn(SHOP / "features.toml").svg
    assert drawn(SHOP).svg == by_file
    monkeypatch.chdir(SHOP)
    assert drawn().svg == by_file


def test_a_selection_is_drawn_into_its_own_line_or_the_one_that_is_named() -> None:
    picture = drawn("--selection", SHOP / "acme.toml")
    assert picture.texts[0] == "shop 1.0 for Acme GmbH"
    assert in_state(picture, State.OPEN) == {"pickup"}
    assert in_state(picture, State.CHOSEN) == {"shop", "payment", "invoice", "page_size", "search", "fuzzy", "post"}
    assert picture.boxes["page_size"].texts[1] == "integer 10..100 = 50"
    assert drawn(SHOP, "--selection", SHOP / "acme.toml").svg == picture.svg


def test_an_impossible_selection_is_drawn_with_its_conflict_and_explained_on_stderr() -> None:
    result = run("-s", SHOP / "impossible.toml")
    assert result.exit_code == 0
    assert in_state(Picture(result.stdout), State.CONFLICTING) == {"invoice", "post"}
    assert in_state(Picture(result.stdout), State.CHOSEN) == {"shop", "payment", "page_size", "search"}
    assert "the selection is impossible, because these cannot all hold:" in result.stderr


def test_the_picture_goes_into_a_file_and_its_folder_is_made(tmp_path: Path) -> None:
    output = tmp_path / "pictures" / "shop.svg"
    result = run(SHOP, "-o", output)
    assert (result.exit_code, result.stdout) == (0, f"drew {output}\n")
    assert output.read_bytes() == drawn(SHOP).svg.encode()


def test_only_svg_files_are_written_so_that_nobody_loses_a_line(tmp_path: Path) -> None:
    line = tmp_path / "features.toml"
    line.write_text("mine")
    result = run(SHOP, "-o", line)
    assert (result.exit_code, line.read_text()) == (1, "mine")
    assert result.stderr == (
        f"error: a diagram is an SVG file\n  --> {line}\n  hint: -o {line.with_suffix('.svg')}\n"
    )


def test_an_unknown_root_is_refused_with_the_nearest_name() -> None:
    result = run(SHOP, "--root", "serach")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: unknown feature 'serach'\n  hint: did you mean 'search'?\n"


def test_a_model_in_a_format_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path / "model.xyz")
    assert result.exit_code == 1
    assert "no plugin reads files that end in '.xyz'" in result.stderr


def test_a_bare_model_takes_no_selection(tmp_path: Path) -> None:
    result = run("model.uvl", "-s", SHOP / "acme.toml")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: a selection is one of a product line, not of a bare model\n  --> model.uvl\n"
        "  hint: name the features.toml that has this model, or nothing: the selection names its line\n"
    )


def test_a_line_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path / "features.toml")
    assert result.exit_code == 1
    assert "there is no such file" in result.stderr


def test_help_ends_with_an_example() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert result.stdout.endswith("  Example:\n    sarto diagram --selection selections/acme.toml -o acme.svg\n")


def test_the_commands_module_waits_with_what_only_drawing_needs() -> None:
    """``sarto --help`` imports it to know the command."""
    code = "import sarto_diagram.command, sys; print([m for m in sys.modules if m.startswith('sarto')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert "sarto_diagram.drawing" not in found.stdout
    assert "sarto.line" not in found.stdout
    assert "sarto.solve" not in found.stdout
