"""The reference of the commands has each of them, with its help as it is; what plugins add is on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sarto.cli import program
from sarto.cli.program import SECTIONS

from .page import ROOT, Page, commands
from .session import Session

PAGE = Page.read("docs/reference/commands.md")
PLUGINS = Page.read("docs/reference/plugins.md")
OWN = [name for section in SECTIONS.values() for name in section]


def below(ctx: click.Context, command: click.Command, path: str) -> Iterator[str]:
    yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None
            yield from below(ctx, found, f"{path} {name}")


def own_commands() -> list[str]:
    ctx = click.Context(program, info_name="sarto")
    found = [(name, program.get_command(ctx, name)) for name in OWN]
    return [path for name, command in found if command for path in below(ctx, command, f"sarto {name}")]


@pytest.mark.parametrize("path", own_commands())
def test_a_command_is_there_with_its_help(path: str) -> None:
    """That the help is shown as it is, word by word, is for the test that follows the page."""
    blocks = [block for block in PAGE.blocks if block.heading == f"`{path}`" and block.language == "console"]
    assert f"$ {path} --help" in [f"$ {command.text}" for block in blocks for command in commands(block)]


def test_the_reference_has_the_commands_in_the_order_of_the_help_and_no_others() -> None:
    headings = [heading for heading in PAGE.sections() if heading.startswith("`sarto ")]
    assert headings == [f"`{path}`" for path in own_commands()]


def test_the_help_is_shown_whole() -> None:
    helps = [c for b in PAGE.blocks if b.language == "console" for c in commands(b) if c.text.endswith("--help")]
    assert [c.text for c in helps if "…" in c.output.replace('{"error": …}', "") and c.text != "sarto --help"] == []


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml")))
def test_each_plugin_of_sarto_is_there(folder: str) -> None:
    assert f"`sarto-{folder}`" in PLUGINS.sections()


def test_the_commands_of_the_installed_plugins_are_there_with_their_help(tmp_path: Path) -> None:
    """One test for all, since what is installed is not known before."""
    session = Session(tmp_path / "sarto", tmp_path / "cache")
    shown = [block.text for block in PLUGINS.blocks]
    for name in program.list_commands(click.Context(program, info_name="sarto"))[len(OWN) :]:
        assert f"$ sarto {name} --help\n{session.run(f'sarto {name} --help')[1]}" in shown
