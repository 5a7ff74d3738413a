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
from typing import TYPE_CHECKING

import click

from ..errors import SartoError
from .application import Application
from .declaring import PATH, ExampleCommand
from .progress import reporting

if TYPE_CHECKING:
    from ..derive.authoring.core_hooks import CoreHooks

__all__ = ["command"]

LINE_LENGTH = 88
"""Columns that formatters leave on one line."""


@click.group("new")
def command() -> None:
    """Start a product line, or a plugin."""


@command.command("line", cls=ExampleCommand, examples=("sarto new line shop", "sarto new line lines/shop"))
@click.argument("folder", metavar="NAME", type=PATH)
def line(folder: Path) -> None:
    """A folder with a line that can be checked, built and started.

    NAME is the line's name, or a path that ends in it. The folder gets a features.toml, a first selection, and two
    small projects that stand for your product and a feature of it.
    """
    name = _named(folder, "line", "its product is a Python distribution")
    _make(folder, dict(_filled(_template("line"), {"NAME": name, "MODULE": _module(name)}, _words(name))))
    click.echo(f"made the line '{name}' in {folder}; go there and say: sarto build selections/first.toml")


@command.command(
    "plugin", cls=ExampleCommand, examples=("sarto new plugin sarto-notice", "sarto new plugin shop-maps -l shop")
)
@click.argument("folder", metavar="NAME", type=PATH)
@click.option(
    "-l", "--line", metavar="LINE", type=PATH, help="The line that it is for; by default it is for Sarto itself."
)
@click.option("--hook", metavar="HOOK", default="", help="The hook of the line's core that it implements first.")
@click.pass_obj
def plugin(application: Application | None, folder: Path, line: Path | None, hook: str) -> None:
    """A folder with a plugin that passes its own tests.

    NAME is the distribution's name, or a path that ends in it. With a line, the plugin is found as the line's core
    finds its plugins, and implements one of its hooks; else it puts a file into every build that Sarto makes.
    """
    if hook and line is None:
        raise click.UsageError("--hook is one of a line: name it with --line")
    name = _named(folder, "plugin", "it is a Python distribution")
    words = {**_words(name), "point": name.partition("-")[2] or name}
    if line is None:
        template = "sarto-plugin"
    else:
        template, words = "plugin", {**words, **_of_line(application or Application(), line, hook, folder)}
    _make(folder, dict(_filled(_template(template), {"NAME": name, "MODULE": _module(name)}, words)))
    check = "sarto plugin check" + (f" --line {os.path.relpath(line, folder)}" if line else "")
    click.echo(f"made the plugin '{name}' in {folder}; go there and say: {check}")


def _of_line(application: Application, path: Path, hook: str, folder: Path) -> dict[str, str]:
    """The words that a plugin of a line is made with."""
    from packaging.utils import canonicalize_name

    from ..derive.authoring.core_hooks import for_this_machine, hooks_of_core, locked_here
    from ..derive.sources import find_sources
    from ..derive.store import PartStore
    from ..derive.store_use import using
    from ..errors import did_you_mean
    from ..line import ProductLine

    opened = ProductLine.open(path, plugins=application.plugins)
    described = for_this_machine(opened.description)
    with reporting() as reporter, reporter(described.name) as progress, using(PartStore.default()):
        hooks = hooks_of_core(described, locked_here(described, opened.folder, progress), progress)
    if hook and hook not in hooks.specs:
        raise SartoError(f"the core has no hook '{hook}'", where=hooks.module, hint=did_you_mean(hook, hooks.specs))
    chosen = hook or min(hooks.specs)
    core = find_sources(described, opened.folder).projects.get(canonicalize_name(hooks.part.name))
    return {
        **_of_hook(hooks, chosen),
        "core": hooks.part.name,
        "line": described.name,
        "group": described.core.group,
        "root": described.model.root,
        # that of the index, if there is one, would be somebody else's
        "install": f"-e {_from(folder, core)} " if core else "",
        "from_here": _from(folder, path),
        "from_line": _from(opened.folder, folder),
    }


def _from(folder: Path, path: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _of_hook(hooks: CoreHooks, hook: str) -> dict[str, str]:
    arguments = [f"{argument}: object" for argument in hooks.specs[hook]]
    parameters = ", ".join(arguments)
    if len(f"def {hook}({parameters}) -> None:") > LINE_LENGTH:
        parameters = "".join(["\n", *(f"    {argument},\n" for argument in arguments)])
    return {
        "hook": hook,
        "project": hooks.project,
        "specs": hooks.module,
        "parameters": parameters,
    }


def _named(folder: Path, kind: str, reason: str) -> str:
    """The name that a folder gives. Raises :class:`SartoError` where no distribution can have it, or it is taken."""
    name = folder.name
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or keyword.iskeyword(name):
        hint = "use small letters, digits and hyphens, beginning with a letter"
        raise SartoError(f"a {kind} cannot be called '{name}': {reason}", hint=hint)
    if _module(name) in sys.stdlib_module_names:
        what = f"a {kind} cannot be called '{name}': Python has a module of that name"
        raise SartoError(what, hint="choose another name")
    if folder.exists():
        raise SartoError("this folder is there already", where=str(folder), hint="choose another name")
    return name


def _module(name: str) -> str:
    return name.replace("-", "_")


def _words(name: str) -> dict[str, str]:
    return {"name": name, "module": _module(name)}


def _template(name: str) -> Traversable:
    return files(__package__) / "templates" / name


def _filled(
    template: Traversable, in_paths: Mapping[str, str], words: Mapping[str, str], below: str = ""
) -> Iterator[tuple[str, str]]:
    """The files of a template with the words put in: relative paths and texts."""
    for entry in sorted(template.iterdir(), key=lambda entry: entry.name):
        path = below + entry.name
        for word, name in in_paths.items():
            path = path.replace(word, name)
        if entry.is_dir():
            yield from _filled(entry, in_paths, words, f"{path}/")
        elif path.endswith(".in"):
            yield path.removesuffix(".in"), Template(entry.read_text(encoding="utf-8")).substitute(words)


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
