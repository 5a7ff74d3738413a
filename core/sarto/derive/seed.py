"""The seed: the runtime's wheel that Sarto carries, and the launcher in it."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

from .. import seed
from ..errors import SartoError
from .wheel import wheel_name

__all__ = ["RUNTIME", "launcher_source", "seed_wheel"]

RUNTIME = "sarto-runtime"
LAUNCHER = "sarto_runtime/launcher.py"


def seed_wheel() -> Path:
    """The wheel of ``sarto-runtime`` that belongs to this Sarto."""
    found = sorted(Path(seed.__path__[0]).glob("sarto_runtime-*.whl"), key=lambda path: wheel_name(path.name).version)
    if not found:
        raise SartoError("Sarto was installed without its seed, the wheel of sarto-runtime", hint="install Sarto again")
    return found[-1]


@cache
def launcher_source() -> bytes:
    """The text of every build's launcher."""
    with zipfile.ZipFile(seed_wheel()) as wheel:
        return wheel.read(LAUNCHER)
