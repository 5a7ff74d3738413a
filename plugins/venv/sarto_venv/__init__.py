"""The feature ``venv`` of Sarto: builds as virtual environments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.hooks import BuildFormat, hookimpl

if TYPE_CHECKING:
    from sarto.derive.contents import Bundle
    from sarto.derive.packed import Packed
    from sarto.derive.plan import Plan

__all__ = ["sarto_build_formats"]

__version__ = "0.1.0"


@hookimpl
def sarto_build_formats() -> Sequence[BuildFormat]:
    """The build as ``<name>-venv``, an environment of this machine's Python."""
    return [BuildFormat(name="venv", summary="a ready virtual environment", pack=_pack, pack_files=_pack)]


def _pack(plan: Plan, bundle: Bundle, output: Path) -> Packed:
    from .packing import pack

    return pack(plan, bundle, output)
