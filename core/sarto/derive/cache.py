"""Where Sarto keeps what it can make again: the part store, the locks, what was built from sources."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from ..errors import SartoError

__all__ = ["cache_folder", "made"]


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """``$SARTO_CACHE``, else ``sarto`` in ``$XDG_CACHE_HOME``, else where the platform keeps caches. Absolute."""
    if chosen := environment.get("SARTO_CACHE"):
        return Path(chosen).expanduser().absolute()
    if xdg := environment.get("XDG_CACHE_HOME"):
        return Path(xdg).absolute() / "sarto"
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "sarto" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "sarto"
    return Path.home() / ".cache" / "sarto"


def made(folder: Path) -> Path:
    """The folder, made where it is not there. Raises :class:`SartoError` where Sarto may not write."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SartoError(
            f"the folder '{folder}' cannot be made: {error.strerror}",
            hint="set SARTO_CACHE to a folder that you may write to",
        ) from error
    return folder
