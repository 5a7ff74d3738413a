"""The commands that plugins add: found without importing a plugin where their names and summaries are known."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import zlib
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..hooks.discovery import EntryPoint, find_entry_points

if TYPE_CHECKING:
    from pathlib import Path

    import click

    from .application import Application

__all__ = ["listed_commands", "plugin_command"]

GROUP = "sarto"
SUMMARY_WIDTH = 80


def plugin_command(application: Application, reserved: Collection[str], name: str) -> click.Command | None:
    """The command of that name among those of the plugins. Raises SartoError where two plugins have it."""
    commands = application.plugins.commands(reserved)
    return next((command for command in commands if command.name == name), None)


def listed_commands(application: Application, reserved: Collection[str]) -> Mapping[str, str]:
    """The names and summaries of the plugins' commands.

    They are kept in a cache, so that ``sarto --help`` need not import every plugin; it holds as long as the same
    plugins are installed and no file that they imported has changed.
    """
    points = find_entry_points(GROUP)
    if not points:
        return {}
    key = [__version__, *(f"{point.name} {point.target} {point.distribution} {point.version}" for point in points)]
    cached = _read(key)
    if cached is not None:
        return cached
    found = {str(each.name): each.get_short_help_str(SUMMARY_WIDTH) for each in application.plugins.commands(reserved)}
    if not application.plugins.broken:
        _write({"key": key, "files": _files_of(points), "commands": found})
    return found


def _file() -> Path:
    from ..derive.cache import cache_folder

    return cache_folder() / f"commands-{zlib.crc32(sys.prefix.encode()):08x}.json"


def _read(key: list[str]) -> dict[str, str] | None:
    try:
        cached = json.loads(_file().read_text(encoding="utf-8"))
        is_fresh = cached["key"] == key and all(_stamp(file) == stamp for file, stamp in cached["files"].items())
        return {str(name): str(summary) for name, summary in cached["commands"].items()} if is_fresh else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(data: Mapping[str, Any]) -> None:
    """Keep the listing; a cache that cannot be written costs only time."""
    file = _file()
    aside = file.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(data), encoding="utf-8")
        aside.replace(file)


def _files_of(points: Iterable[EntryPoint]) -> dict[str, int]:
    """The source files that came with the plugins, and when they were last changed."""
    packages = {point.module.partition(".")[0] for point in points}
    modules = [module for name, module in sorted(sys.modules.items()) if name.partition(".")[0] in packages]
    return {file: _stamp(file) for module in modules if (file := getattr(module, "__file__", None))}


def _stamp(file: str) -> int:
    return os.stat(file).st_mtime_ns  # noqa: PTH116  (pathlib is not worth its import here)
