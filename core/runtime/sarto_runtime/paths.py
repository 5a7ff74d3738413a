"""Where a product keeps what it writes: the user's switches, and the unpacked parts that all products share."""

from __future__ import annotations

import os
import re
import sys
import tempfile

__all__ = ["cache_folder", "switches_file", "unpacked_folder"]


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


def unpacked_folder() -> str:
    """The folder for unpacked parts, made when it is not there.

    In the user's cache where that can be written, else in a folder of the user's own among the
    temporary files, else (somebody else made that one) in a fresh folder there.
    """
    for base in (cache_folder(), _temporary_cache()):
        folder = os.path.join(base, "unpacked")
        if _is_usable(base, folder):
            return folder
    return tempfile.mkdtemp(prefix="sarto-")


def _is_usable(base: str, folder: str) -> bool:
    try:
        os.makedirs(base, mode=0o700, exist_ok=True)
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK) and (base != _temporary_cache() or _is_mine_alone(base))


def _temporary_cache() -> str:
    owner = f"-{os.getuid()}" if sys.platform != "win32" else ""
    return os.path.join(tempfile.gettempdir(), f"sarto{owner}")


def _is_mine_alone(folder: str) -> bool:
    """Among the temporary files anybody may make a folder: what runs must not come out of somebody else's."""
    if sys.platform == "win32":
        return True
    status = os.lstat(folder)
    return status.st_uid == os.getuid() and not status.st_mode & 0o077


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
