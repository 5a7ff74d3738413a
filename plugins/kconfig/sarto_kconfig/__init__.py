"""Feature models in Kconfig, the language of the Linux kernel: the hook through which Sarto finds them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sarto.hooks import ModelFormat, ModelReading, hookimpl

__version__ = "0.1.0"
__all__ = ["sarto_model_formats"]


@hookimpl
def sarto_model_formats() -> Sequence[ModelFormat]:
    """Kconfig, read."""
    names = ("Kconfig", "Kconfig.*", "Config.in", "Config.in.*")
    return [ModelFormat(name="kconfig", suffixes=(".kconfig",), file_names=names, read=_read)]


def _read(path: Path, strict: bool) -> ModelReading:
    from .reading import read

    return read(path, strict)
