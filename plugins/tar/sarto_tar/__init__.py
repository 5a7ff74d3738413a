"""The feature ``tar`` of Sarto: the folder of a build as one archive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.hooks import BuildFormat, hookimpl

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["sarto_build_formats"]

__version__ = "0.1.0"


@hookimpl
def sarto_build_formats() -> Sequence[BuildFormat]:
    """The build's folder as ``<name>.tar`` or, compressed, ``<name>.tar.zst``."""
    return [
        BuildFormat(name="tar", summary="the folder as one archive", pack=_pack_plain, starts=False),
        BuildFormat(name="tar.zst", summary="the folder as a compressed archive", pack=_pack_compressed, starts=False),
    ]


def _pack_plain(plan: Plan, bundle: Path, output: Path) -> Path:
    from .packing import pack

    return pack(plan, bundle, output)


def _pack_compressed(plan: Plan, bundle: Path, output: Path) -> Path:
    from .packing import pack_compressed

    return pack_compressed(plan, bundle, output)
