"""The feature ``oci`` of Sarto: builds as container images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.hooks import BuildFormat, hookimpl

if TYPE_CHECKING:
    from sarto.derive.contents import Bundle
    from sarto.derive.packed import Packed
    from sarto.derive.plan import Plan
    from sarto.derive.verify import VerifyReport

__all__ = ["sarto_build_formats"]

__version__ = "0.1.0"


@hookimpl
def sarto_build_formats() -> Sequence[BuildFormat]:
    """The build as ``<name>-oci``, an image layout whose layers all customers share but the last."""
    return [
        BuildFormat(name="oci", summary="a container image", pack=_pack, starts=False, verify=_verify, pack_files=_pack)
    ]


def _pack(plan: Plan, bundle: Bundle, output: Path) -> Packed:
    from .packing import pack

    return pack(plan, bundle, output)


def _verify(build: Path) -> VerifyReport:
    from .verifying import verify

    return verify(build)
