"""What a build format made, where it can say what of that is not on the disk yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plan import Plan

__all__ = ["Packed", "as_it_is"]


@dataclass(frozen=True, slots=True)
class Packed:
    """A folder that a format made of thousands of links, which nobody has to look through to flush the rest.

    ``files`` are those below ``path`` that are no links to files of the store or the cache, ``folders`` all folders
    below it, one that holds another before it; both as paths with slashes.
    """

    path: Path
    files: tuple[str, ...]
    folders: tuple[str, ...]


def as_it_is(_plan: Plan, bundle: Path, _output: Path) -> Path:
    """What the format of the bundle itself does: it gives back the bundle, and needs no folder."""
    return bundle
