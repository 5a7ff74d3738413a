"""The feature ``pyz`` of Sarto: builds as one executable file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.hooks import BuildFormat, hookimpl

if TYPE_CHECKING:
    from sarto.derive.contents import Bundle
    from sarto.derive.extraction import Opened
    from sarto.derive.plan import Plan

__all__ = ["sarto_build_formats"]

__version__ = "0.1.0"


@hookimpl
def sarto_build_formats() -> Sequence[BuildFormat]:
    """The build as ``<name>.pyz``, which starts itself with any Python that the build is for."""
    summary = "one executable file"
    return [BuildFormat(name="pyz", summary=summary, pack=_pack, unpack=_unpack, pack_files=_pack)]


def _pack(plan: Plan, bundle: Bundle, output: Path) -> Path:
    from .packing import pack

    return pack(plan, bundle, output)


def _unpack(file: Path, folder: Path) -> Opened:
    from .opening import unpack

    return unpack(file, folder)
