"""The parts of a build in one library, as an installer leaves them: found by hosts in the order of the build."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import Distribution, DistributionFinder
from types import ModuleType

from .build import Part

__all__ = ["arrange"]

METADATA = ".dist-info"
ANYTHING = DistributionFinder.Context()


def arrange(folders: Sequence[str], parts: Sequence[Part]) -> None:
    """Have hosts find the distributions in the ``folders`` as if each of the ``parts`` had a folder of its own.

    The entries of one folder come as the disk has them, and hosts register plugins as they find them.
    """
    sys.meta_path[:] = [Ordered(folders, parts) if finder is PathFinder else finder for finder in sys.meta_path]


class Ordered(DistributionFinder):
    """Python's own finder of modules on the path, but for the order in which it finds distributions."""

    def __init__(self, folders: Sequence[str], parts: Sequence[Part]) -> None:
        self.folders = tuple(folders)
        self.places = {part.name: place for place, part in enumerate(parts)}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As Python's own finder."""
        return PathFinder.find_spec(fullname, path, target)

    def invalidate_caches(self) -> None:
        """As Python's own finder."""
        PathFinder.invalidate_caches()

    def find_distributions(self, context: DistributionFinder.Context = ANYTHING) -> Iterator[Distribution]:
        """The distributions on the context's path: those of the parts in their order, then all others."""
        own = [folder for folder in self.folders if folder in context.path]
        if context.name is not None or not own:
            yield from PathFinder.find_distributions(context)
            return
        for folder, name in sorted(self._metadata(own), key=self._place):
            yield Distribution.at(os.path.join(folder, name))
        others = [folder for folder in context.path if folder not in own]
        yield from PathFinder.find_distributions(DistributionFinder.Context(path=others))

    def _metadata(self, folders: Sequence[str]) -> Iterator[tuple[str, str]]:
        for folder in folders:
            for name in os.listdir(folder):
                if name.endswith(METADATA):
                    yield folder, name

    def _place(self, found: tuple[str, str]) -> tuple[int, str]:
        """What somebody has installed beside the parts comes behind them."""
        name = re.sub(r"[-_.]+", "-", found[1].partition("-")[0]).lower()
        return self.places.get(name, len(self.places)), found[1]
