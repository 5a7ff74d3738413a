"""``sarto diagram`` from the command line to the file, on the shop and its two customers."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import sarto_diagram
from click.testing import CliRunner, Result
from sarto.errors import SartoError
from sarto.hooks import ModelFormat, ModelReading, Plugin, PluginManager, hookimpl
from sarto_diagram.command import diagram
from sarto_diagram.state import State

from .models import flat
from .seeing import Picture

SHOP = Path(__file__).parent / "shop"


@dataclass(frozen=True)
class Session:
    """What the program hands to its commands, with the built-in plugins."""

    plugins: PluginManager = field(default_factory=PluginManager)
    warnings: list[SartoError] = field(default_factory=list)

    def warn(self, warning: SartoError) -> None:
        self.warnings.append(warning)


def run(*arguments: str | Path, session: Session | None = None) -> Result:
    return CliRunner().invoke(diagram, [*map(str, arguments)], obj=session or Session(), catch_exceptions=False)


def drawn(*arguments: str | Path) -> Picture:
    session = Session()
    result = run(*arguments, session=session)
    assert (result.exit_code, result.stderr, session.warnings) == (0, "", [])
    return Picture(result.stdout)


def refusal(*arguments: str | Path) -> str:
    with pytest.raises(SartoError) as caught:
        run(*arguments)
    return str(caught.value)


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


def test_an_impossible_selection_is_drawn_with_its_conflict_and_explained() -> None:
    session = Session()
    result = run("-s", SHOP / "impossible.toml", session=session)
    assert result.exit_code == 0
    assert in_state(Picture(result.stdout), State.CONFLICTING) == {"invoice", "post"}
    assert in_state(Picture(result.stdout), State.CHOSEN) == {"shop", "payment", "page_size", "search"}
    [warning] = session.warnings
    assert "the selection is impossible, because these cannot all hold:" in str(warning)


def test_the_picture_goes_into_a_file_and_its_folder_is_made(tmp_path: Path) -> None:
    output = tmp_path / "pictures" / "shop.svg"
    result = run(SHOP, "-o", output)
    assert (result.exit_code, result.stdout) == (0, f"drew {output}\n")
    assert output.read_bytes() == drawn(SHOP).svg.encode()


def test_only_svg_files_are_written_so_that_nobody_loses_a_line(tmp_path: Path) -> None:
    line = tmp_path / "features.toml"
    line.write_text("mine")
    said = f"{line}: a diagram is an SVG file\n  hint: -o {line.with_suffix('.svg')}"
    assert refusal(SHOP, "-o", line) == said
    assert line.read_text() == "mine"


def test_an_unknown_root_is_refused_with_the_nearest_name() -> None:
    assert refusal(SHOP, "--root", "serach") == "unknown feature 'serach'\n  hint: did you mean 'search'?"


def test_a_model_in_a_format_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    assert "no plugin reads files that end in '.xyz'" in refusal(tmp_path / "model.xyz")


def test_a_bare_model_takes_no_selection() -> None:
    assert refusal("model.uvl", "-s", SHOP / "acme.toml") == (
        "model.uvl: a selection is one of a product line, not of a bare model\n"
        "  hint: name the features.toml that has this model, or nothing: the selection names its line"
    )


def test_a_line_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(tmp_path / "features.toml")


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


class Lines:
    """A plugin that reads models of one name a line."""

    @hookimpl
    def sarto_model_formats(self) -> list[ModelFormat]:
        return [ModelFormat(name="lines", suffixes=(".lines",), read=self.read)]

    @staticmethod
    def read(path: Path, _strict: bool) -> ModelReading:
        return ModelReading(flat(*path.read_text("utf-8").split()), (SartoError("an empty line", where=str(path)),))


def test_a_model_in_any_format_that_a_plugin_reads_is_drawn_and_what_was_tolerated_is_said(tmp_path: Path) -> None:
    model = tmp_path / "model.lines"
    model.write_text("shop\n\nmaps\n")
    session = Session()
    session.plugins.register(Lines(), Plugin("lines"))
    picture = Picture(run(model, session=session).stdout)
    assert list(picture.boxes) == ["shop", "maps"]
    assert picture.texts[0] == "shop"
    assert [str(warning) for warning in session.warnings] == [f"{model}: an empty line"]


def test_the_program_finds_the_command_by_its_entry_point() -> None:
    [point] = entry_points(group="sarto", name="diagram")
    assert point.load() is sarto_diagram
    assert list(sarto_diagram.sarto_commands()) == [diagram]
