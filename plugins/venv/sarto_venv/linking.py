"""Links the files of parts into an environment, with as little work for each of thousands as can be."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath

from sarto.derive.files import link_or_copy

from .destination import library_of
from .part_trees import PartTree

__all__ = ["LaidOut", "folders_of", "laid_out", "link_all"]

SWITCHED = "lib/switched"
"""The folders of parts that the end user may switch off: as deep as the library, so that RECORD fits there, too."""
WORKERS = 2
"""Linking waits for the file system, which does two links in two folders at a time, and hardly more."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A part's place in an environment: its folders, the links, as where they lead and where they are, and the sums."""

    folders: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...]


def folders_of(names: Iterable[str]) -> tuple[str, ...]:
    """The folders above the files; one that holds another comes before it."""
    return tuple(sorted({str(parent) for name in names for parent in PurePosixPath(name).parents} - {"."}))


@lru_cache(maxsize=4096)
def laid_out(tree: PartTree, switched: str) -> LaidOut:
    """Where the part's files are in an environment, in the library or, ``switched``, in the folder of that name."""
    library = f"{library_of(f'{sys.version_info.major}.{sys.version_info.minor}')}/"
    own = f"{SWITCHED}/{switched}/" if switched else library
    names = {name: own + name[len(library) :] if name.startswith(library) else name for name, _ in tree.files}
    links = tuple((f"{tree.folder}{os.sep}{name}", target) for name, target in names.items())
    return LaidOut(folders_of(names.values()), links, tuple((names[name], digest) for name, digest in tree.files))


def link_all(trees: Iterable[LaidOut], folder: Path, taken: frozenset[str], made: frozenset[str]) -> None:
    """Link the files of all parts into ``folder``, but for those whose places are ``taken``; ``made`` are its folders.

    Files at the same place are the same. Raises :class:`OSError` where the system refuses.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        for _ in pool.map(partial(_link, f"{folder}{os.sep}", taken, made), trees):
            pass


def _link(below: str, taken: frozenset[str], made: frozenset[str], tree: LaidOut) -> None:
    for path in tree.folders:
        if path not in made:
            with suppress(FileExistsError):
                os.mkdir(below + path)  # noqa: PTH102  (here and below: paths would take most of the time)
    for source, name in tree.links:
        if name in taken:
            continue
        try:
            os.link(source, below + name)
        except FileExistsError:
            continue
        except OSError:
            link_or_copy(Path(source), Path(below + name))
            shutil.copymode(source, below + name)
