"""The file in which the names and summaries of the plugins' commands are kept, so that help need not import plugins.

It is read whenever help is asked for; pathlib and dataclasses would be the most of the time that takes.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterable, Mapping

__all__ = ["listing_file", "read_listing", "write_listing"]


def listing_file(environment: Mapping[str, str], key: str) -> str:
    """Where the listing for a key is kept: in the folder that ``derive.cache`` says."""
    home = os.path.expanduser("~")  # noqa: PTH111  (speed)
    if chosen := environment.get("SARTO_CACHE"):
        folder = os.path.expanduser(chosen)  # noqa: PTH111  (speed)
    elif xdg := environment.get("XDG_CACHE_HOME"):
        folder = f"{xdg}/sarto"
    elif sys.platform == "win32":
        folder = f"{environment.get('LOCALAPPDATA') or f'{home}/AppData/Local'}/sarto/cache"
    else:
        folder = f"{home}/Library/Caches/sarto" if sys.platform == "darwin" else f"{home}/.cache/sarto"
    return f"{folder}/commands-{zlib.crc32(key.encode()):08x}.txt"


def read_listing(file: str, key: str) -> dict[str, str] | None:
    """The kept commands; None where there are none for this key, or a module has changed since."""
    try:
        with open(file, encoding="utf-8") as stream:  # noqa: PTH123  (speed)
            found_key, modules, commands = stream.read().split("\n\n")
        stamps = (line.split("\t") for line in modules.splitlines())
        if found_key != key or any(_stamp(module) != stamp for stamp, module in stamps):
            return None
        pairs = (line.split("\t") for line in commands.splitlines())
        return {name: summary for name, summary in pairs}  # noqa: C416  (this refuses lines of other than two parts)
    except (OSError, ValueError):
        return None


def write_listing(file: str, key: str, modules: Iterable[str], commands: Mapping[str, str]) -> None:
    """Keep the commands for the key, until a module changes. Where they cannot be kept, it only costs time."""
    stamps = "\n".join(f"{_stamp(module)}\t{module}" for module in modules)
    lines = "\n".join(f"{name}\t{' '.join(summary.split())}" for name, summary in commands.items())
    aside = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120  (speed)
        with open(aside, "w", encoding="utf-8") as stream:  # noqa: PTH123  (speed)
            stream.write(f"{key}\n\n{stamps}\n\n{lines}")
        os.replace(aside, file)  # noqa: PTH105  (speed)
    except OSError:
        return


def _stamp(file: str) -> str:
    return str(os.stat(file).st_mtime_ns)  # noqa: PTH116  (speed)
