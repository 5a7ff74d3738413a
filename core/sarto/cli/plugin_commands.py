"""The commands that plugins add to the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from .. import __version__
from ..hooks.discovery import EntryPoint, find_entry_points
from .listing import listing_file, read_listing, write_listing

if TYPE_CHECKING:
    import click

    from .application import Application

__all__ = ["listed_commands", "plugin_command"]

GROUP = "sarto"
SUMMARY_WIDTH = 80


def plugin_command(application: Application, reserved: Collection[str], name: str) -> click.Command | None:
    """The command of that name among those of the plugins. Raises SartoError where two plugins have one name."""
    commands = application.plugins.commands(reserved)
    return next((command for command in commands if command.name == name), None)


def listed_commands(application: Application, reserved: Collection[str]) -> Mapping[str, str]:
    """The names and summaries of the plugins' commands.

    They are kept in a file that holds as long as the same plugins are installed and no module of theirs has changed.
    Where plugins are at odds over a name, that is said and none is listed.
    """
    points = find_entry_points(GROUP, application.path)
    if not points:
        return {}
    key = "\t".join([__version__, sys.prefix, *(" ".join(point) for point in points)])
    file = listing_file(os.environ, key)
    kept = read_listing(file, key)
    if kept is not None:
        return kept
    from ..errors import SartoError

    try:
        commands = application.plugins.commands(reserved)
    except SartoError as error:
        application.warn(error)
        return {}
    found = {str(command.name): command.get_short_help_str(SUMMARY_WIDTH) for command in commands}
    if not application.plugins.broken:
        write_listing(file, key, _modules_of(points), found)
    return found


def _modules_of(points: Iterable[EntryPoint]) -> list[str]:
    """The files of all modules that came with the plugins."""
    packages = {point.module.partition(".")[0] for point in points}
    modules = [module for name, module in sorted(sys.modules.items()) if name.partition(".")[0] in packages]
    return [file for module in modules if (file := getattr(module, "__file__", None))]
