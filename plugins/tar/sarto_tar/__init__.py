"""The feature ``tar`` of Sarto: the folder of a build as one archive."""

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
    """The build's folder as ``<name>.tar`` or, compressed, ``<name>.tar.zst``."""
    return [
        BuildFormat(
            name="tar",
            summary="the folder as one archive",
            pack=_pack_plain,
            unpack=_unpack_plain,
            starts=False,
            pack_files=_pack_plain,
        ),
        BuildFormat(
            name="tar.zst",
            summary="the folder as a compressed archive",
            pack=_pack_compressed,
            unpack=_unpack_compressed,
            starts=False,
            pack_files=_pack_compressed,
        ),
    ]


def _pack_plain(plan: Plan, bundle: Bundle, output: Path) -> Path:
    from .packing import pack

    return pack(plan, bundle, output)


def _pack_compressed(plan: Plan, bundle: Bundle, output: Path) -> Path:
    from .packing import pack_compressed

    return pack_compressed(plan, bundle, output)


def _unpack_plain(file: Path, folder: Path) -> Opened:
    from .opening import unpack

    return unpack(file, folder)


def _unpack_compressed(file: Path, folder: Path) -> Opened:
    from .opening import unpack_compressed

    return unpack_compressed(file, folder)
