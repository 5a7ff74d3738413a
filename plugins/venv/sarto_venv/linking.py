"""Links the files of parts into an environment, with as little work for each of thousands as can be."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, groupby
from pathlib import Path

from sarto.derive.contents import folders_above
from sarto.derive.files import link_or_copy
from sarto.derive.sums import sums_line

from .destination import library_of
from .part_trees import PartTree

__all__ = ["LaidOut", "Links", "laid_out", "link_all"]

SWITCHED = "lib/switched"
"""The folders of parts that the end user may switch off: as deep as the library, so that RECORD fits there, too."""
THREADS = 2
"""As many link files at a time, each in folders of its own: it is the system's work, but Python's is between."""
FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
"""How a folder is opened in which something is only looked up."""


@dataclass(frozen=True, slots=True)
class Links:
    """The files of a folder of a part by their names, where the folder is, and where they belong in an environment."""

    source: str
    folder: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LaidOut:
    """A part's place in an environment: its folders, the links in each, and each file's line of the sums by path."""

    folders: tuple[str, ...]
    links: tuple[Links, ...]
    sums: Mapping[str, str]


@lru_cache(maxsize=4096)
def laid_out(tree: PartTree, switched: str) -> LaidOut:
    """Where the part's files are in an environment, in the library or, ``switched``, in the folder of that name."""
    library = f"{library_of(f'{sys.version_info.major}.{sys.version_info.minor}')}/"
    own = f"{SWITCHED}/{switched}/" if switched else library
    digests = {_moved(name, library, own): digest for name, digest in tree.files}
    sums = {name: sums_line(name, digests[name]) for name in sorted(digests)}
    links = tuple(
        Links(f"{tree.folder}/{folder}", _moved(f"{folder}/", library, own).rstrip("/"), tuple(found))
        for folder, found in _by_folder(name for name, _ in tree.files)
    )
    return LaidOut(folders_above(sums), links, sums)


def _moved(name: str, library: str, own: str) -> str:
    return own + name.removeprefix(library) if name.startswith(library) else name


def _by_folder(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    split = sorted(name.rpartition("/")[::2] for name in names)
    for folder, found in groupby(split, key=lambda each: each[0]):
        yield folder, [name for _, name in found]


def link_all(trees: Iterable[LaidOut], folder: Path, made: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Link the files of all parts into ``folder``; ``made`` are the folders that it has. All its folders, and copies.

    Files whose place is taken stay away: those at the same place are the same, or the build has its own. Where
    the system cannot link a file it is a copy. Raises :class:`OSError` where the system refuses.
    """
    folders, wanted = dict.fromkeys(made), dict[str, list[Links]]()
    below = f"{folder}{os.sep}"
    for tree in trees:
        for path in tree.folders:
            if path not in folders:
                os.mkdir(below + path)  # noqa: PTH102  (here and below: paths would take most of the time)
                folders[path] = None
        for links in tree.links:
            wanted.setdefault(links.folder, []).append(links)
    shares = [[*wanted.values()][start::THREADS] for start in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        copies = [*chain.from_iterable(pool.map(partial(_link_share, below=below), shares))]
    return tuple(sorted(folders)), tuple(copies)


def _link_share(share: Iterable[Iterable[Links]], below: str) -> list[str]:
    """Link the files of some folders, of each those of one part after the other. Those that are copied."""
    return [copied for folder in share for links in folder for copied in _link(links, below)]


def _link(links: Links, below: str) -> Iterator[str]:
    """Link the files of one folder: looked up from there, each takes a quarter less. Those that are copied."""
    link, source = os.link, os.open(links.source, FOLDER)
    try:
        target = os.open(below + links.folder, FOLDER)
        try:
            for name in links.names:
                try:
                    link(name, name, src_dir_fd=source, dst_dir_fd=target)
                except FileExistsError:
                    continue
                except OSError:
                    if not _link_or_copy(f"{links.source}/{name}", f"{below}{links.folder}/{name}"):
                        yield f"{links.folder}/{name}".lstrip("/")
        finally:
            os.close(target)
    finally:
        os.close(source)


def _link_or_copy(source: str, target: str) -> bool:
    if link_or_copy(Path(source), Path(target)):
        return True
    shutil.copymode(source, target)
    return False
