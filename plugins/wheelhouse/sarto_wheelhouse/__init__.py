"""The feature ``wheelhouse`` of Sarto: builds as a folder of wheels that installers take without an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.hooks import BuildFormat, hookimpl

if TYPE_CHECKING:
    from sarto.derive.contents import Bundle
    from sarto.derive.plan import Plan

__all__ = ["sarto_build_formats"]

__version__ = "0.1.0"


@hookimpl
def sarto_build_formats() -> Sequence[BuildFormat]:
    """The build as ``<name>-wheelhouse``, from which pip and uv install it offline."""
    summary = "wheels that pip and uv install offline"
    return [BuildFormat(name="wheelhouse", summary=summary, pack=_pack, starts=False, pack_files=_pack)]


def _pack(plan: Plan, bundle: Bundle, output: Path) -> Path:
    from .packing import pack

    return pack(plan, bundle, output)
