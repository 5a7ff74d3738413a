"""The first steps of a start, as few as can be: they run out of the wheel, which Python compiles anew each time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from .paths import cache_folder, library_of

__all__ = ["begin"]

INTERRUPTED = 130


def begin(folder: str, argv: Sequence[str]) -> Any:
    """Do what :func:`sarto_runtime.launch` promises, once the process is isolated."""
    folder = os.path.abspath(folder)
    _go_on_from_the_cache(folder)
    if argv[1:] and argv[1].startswith("@"):
        try:
            from .commands import answer

            return answer(folder, argv)
        except KeyboardInterrupt:
            return INTERRUPTED
    from .start import start

    return start(folder, argv)


def _go_on_from_the_cache(folder: str) -> None:
    """Import the rest of this package from its unpacked copy, with its bytecode, as soon as there is one."""
    if os.path.isfile(__file__):  # not in an archive: this is one already
        return
    try:
        with open(os.path.join(folder, "build.json"), encoding="utf-8") as file:
            parts = json.load(file)["parts"]
        own = next(part["sha256"] for part in parts if part["name"] == "sarto-runtime")
    except (OSError, ValueError, LookupError, TypeError, StopIteration):
        return  # whoever reads it next says what is wrong
    for place in (folder, cache_folder()):  # the build's own comes first, where it brings its parts unpacked
        package = os.path.join(library_of(os.path.join(place, "unpacked", own)), __package__)
        if os.path.isdir(package):
            sys.modules[__package__].__path__ = [package]
            return
