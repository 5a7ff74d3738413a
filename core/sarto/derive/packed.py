"""What a build format made, where it can say what of that is not on the disk yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Packed"]


@dataclass(frozen=True, slots=True)
class Packed:
    """A folder that a format made of thousands of links, which nobody has to look through to flush the rest.

    ``files`` are those below ``path`` that are no links to files of the store or the cache, ``folders`` all folders
    below it, one that holds another before it; both as paths with slashes.
    """

    path: Path
    files: tuple[str, ...]
    folders: tuple[str, ...]
