"""``sarto new``: what an author starts from."""

from __future__ import annotations

import keyword
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

import click

from ..errors import SartoError
from .declaring import PATH, ExampleCommand

__all__ = ["command"]


@click.group("new")
def command() -> None:
    """Start a product line."""


@command.command("line", cls=ExampleCommand, examples=("sarto new line shop", "sarto new line lines/shop"))
@click.argument("folder", metavar="NAME", type=PATH)
def line(folder: Path) -> None:
    """A folder with a line that can be checked, built and started.

    NAME is the line's name, or a path that ends in it. The folder gets a features.toml, a first selection, and two
    small projects that stand for your product and a feature of it.
    """
    name = folder.name
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or keyword.iskeyword(name):
        hint = "use small letters, digits and hyphens, beginning with a letter"
        raise SartoError(f"a line cannot be called '{name}': its product is a Python distribution", hint=hint)
    if name.replace("-", "_") in sys.stdlib_module_names:
        what = f"a line cannot be called '{name}': Python has a module of that name"
        raise SartoError(what, hint="choose another name")
    if folder.exists():
        raise SartoError("this folder is there already", where=str(folder), hint="choose another name")
    _make(folder, dict(_filled(files(__package__) / "templates" / "line", name)))
    click.echo(f"made the line '{name}' in {folder}; go there and say: sarto build selections/first.toml")


def _filled(template: Traversable, name: str, below: str = "") -> Iterator[tuple[str, str]]:
    """The files of a template with the names put in: relative paths and texts."""
    names = {"name": name, "module": name.replace("-", "_")}
    for entry in sorted(template.iterdir(), key=lambda entry: entry.name):
        path = below + entry.name.replace("NAME", names["name"]).replace("MODULE", names["module"])
        if entry.is_dir():
            yield from _filled(entry, name, f"{path}/")
        elif path.endswith(".in"):
            yield path.removesuffix(".in"), Template(entry.read_text(encoding="utf-8")).substitute(names)


def _make(folder: Path, contents: Mapping[str, str]) -> None:
    """Write the files beside the folder's place and move them there together."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        for path, text in contents.items():
            file = aside / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
