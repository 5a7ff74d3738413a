"""Where a product keeps what it writes: the user's switches, and the unpacked parts that all products share."""

from __future__ import annotations

import os
import re
import sys

__all__ = ["LIBRARY", "cache_folder", "library_of", "switches_file"]

LIBRARY = "Lib/site-packages" if sys.platform == "win32" else "lib/python3/site-packages"


def switches_file(line: str, name: str) -> str:
    """The file with the end user's switches for the build ``name`` of ``line``, the same for every version of it.

    ``SARTO_STATE`` takes the place of the user's own folder for such files.
    """
    base = os.environ.get("SARTO_STATE") or _state_base()
    return os.path.join(base, "sarto", _as_folder(line), _as_folder(name), "switches.json")


def cache_folder() -> str:
    """The user's cache of Sarto, which ``SARTO_CACHE`` may name. It need not exist."""
    if named := os.environ.get("SARTO_CACHE"):
        return os.path.abspath(named)
    if sys.platform == "win32":
        return os.path.join(_local_app_data(), "sarto", "cache")
    if sys.platform == "darwin":
        return _home("Library", "Caches", "sarto")
    return os.path.join(_xdg("XDG_CACHE_HOME", ".cache"), "sarto")


def library_of(prefix: str) -> str:
    """The folder of an unpacked part that belongs on ``sys.path``; ``prefix`` is where the part was unpacked."""
    return os.path.join(prefix, *LIBRARY.split("/"))


def _state_base() -> str:
    if sys.platform == "win32":
        return _local_app_data()
    if sys.platform == "darwin":
        return _home("Library", "Application Support")
    return _xdg("XDG_STATE_HOME", ".local", "state")


def _xdg(variable: str, *otherwise: str) -> str:
    named = os.environ.get(variable, "")
    return named if os.path.isabs(named) else _home(*otherwise)


def _local_app_data() -> str:
    return os.environ.get("LOCALAPPDATA") or _home("AppData", "Local")


def _home(*below: str) -> str:
    return os.path.join(os.path.expanduser("~"), *below)


def _as_folder(name: str) -> str:
    """``name`` as the name of one folder on every system."""
    return re.sub(r"[^\w.-]", "_", name).strip(".") or "_"
