"""The feature ``sbom`` of Sarto: a CycloneDX bill of materials in every build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sarto.hooks import hookimpl

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["FILE", "sarto_build_files"]

__version__ = "0.1.0"

FILE = "sbom.cdx.json"


@hookimpl
def sarto_build_files(plan: Plan) -> Mapping[str, bytes]:
    """The bill of materials of the build, CycloneDX 1.6 in JSON; the same plan gives the same bytes."""
    from .bill import bill_of_materials

    return {FILE: bill_of_materials(plan)}
