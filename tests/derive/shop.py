"""A line whose parts are wheels in a folder, and what its catalogs are asked in tests."""

from __future__ import annotations

from pathlib import Path

from sarto.derive.catalog import Catalog
from sarto.derive.plan import Part
from sarto.model.line import LineDescription

from .making import line_of, make_wheel, pluggy_wheel

HEAD = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop-core"]
command = "shop"
sources = ["wheelhouse"]
"""


def shop(folder: Path, features: str) -> LineDescription:
    """A line whose parts come from ``folder/wheelhouse`` and the index."""
    pluggy_wheel(folder / "wheelhouse")
    make_wheel(folder / "wheelhouse", "shop-core")
    return line_of(HEAD + features, folder)


def names(parts: tuple[Part, ...]) -> dict[str, tuple[str, ...]]:
    return {part.name: part.features for part in parts}


def versions(catalog: Catalog, *features: str) -> dict[str, str]:
    return {part.name: part.version for part in catalog.parts(features)}
