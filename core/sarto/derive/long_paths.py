"""Files of parts whose paths are too long for Windows, where a product unpacks its parts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from .catalog import Catalog
from .part import Part

__all__ = ["ROOM", "long_paths"]

LIMIT = 259
"""Characters of a path that Windows takes, where its users have not switched on longer ones."""
ROOM = LIMIT - len(rf"C:\Users\{'u' * 20}\AppData\Local\sarto\cache\unpacked\{'0' * 64}\Lib\site-packages") - 1
"""Characters that are left for a file of a part in the cache of a user whose name is as long as Windows takes."""


def long_paths(catalog: Catalog) -> Iterator[tuple[Part, str]]:
    """The parts of a line that have a file with a longer path, with the longest; none where the target is no Windows.

    The parts are in the store.
    """
    if not catalog.target.platform.startswith("win"):
        return
    for part in catalog.every_part():
        with zipfile.ZipFile(part.path) as wheel:
            longest = max(wheel.namelist(), key=len, default="")
        if len(longest) > ROOM:
            yield part, longest
