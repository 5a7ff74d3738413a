"""Parts that say of themselves that they are for other versions of Python than the target has."""

from __future__ import annotations

from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import compat32

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from .catalog import Catalog
from .part import Part
from .wheel import read_member

__all__ = ["for_other_pythons"]


def for_other_pythons(catalog: Catalog) -> Iterator[tuple[Part, SpecifierSet]]:
    """The parts of a line whose ``Requires-Python`` leaves out the target's version, with what it asks for.

    uv, which chooses the versions, looks at the oldest Python that a part is for and not at the newest; pip looks at
    both. The parts are in the store.
    """
    python = catalog.target.markers["python_full_version"]
    for part in catalog.every_part():
        said = BytesParser(policy=compat32).parsebytes(read_member(part.path, "METADATA") or b"", headersonly=True)
        try:
            asked = SpecifierSet(str(said.get("Requires-Python", "")))
        except InvalidSpecifier:  # installers take it for nothing said
            continue
        if not asked.contains(python, prereleases=True):
            yield part, asked
