"""The files of a source project that a build of it can depend on: their hash, and a clean copy of them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

__all__ = ["copy_tree", "tree_digest"]

MADE_ANYWHERE = frozenset({"__pycache__", "node_modules"})
MADE_AT_THE_TOP = frozenset({"build", "builds", "dist", "site"})
"""Folders that tools make: a package deeper down may well be called ``build``."""
TRACES = frozenset({".DS_Store", ".coverage"})


def tree_digest(project: Path) -> str:
    """The sha256 over the paths, the right to execute, and the contents of the project's files."""
    digest = hashlib.sha256()
    for path in _files(project):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        name = path.relative_to(project).as_posix()
        digest.update(f"{len(name)} {name} {_is_executable(path)} {content}\n".encode())
    return digest.hexdigest()


def copy_tree(project: Path, target: Path) -> None:
    """Copy the project's files, and only these, to the folder ``target``, which is made."""
    for path in _files(project):
        copy = target / path.relative_to(project)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        copy.chmod(0o755 if _is_executable(path) else 0o644)


def _is_executable(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100)


def _files(project: Path) -> Iterator[Path]:
    """The project's files, sorted: without hidden folders, environments, and what tools make.

    Links to files count as the files; links to folders are not followed.
    """
    for base, folders, names in os.walk(project):
        here = Path(base)
        top = here == project
        folders[:] = sorted(name for name in folders if not _is_made(here / name, top))
        for name in sorted(names):
            path = here / name
            if name not in TRACES and path.suffix not in (".pyc", ".pyo") and path.is_file():
                yield path


def _is_made(folder: Path, top: bool) -> bool:
    return (
        folder.name.startswith(".")
        or folder.name in MADE_ANYWHERE
        or (top and folder.name in MADE_AT_THE_TOP)
        or folder.suffix == ".egg-info"
        or (folder / "pyvenv.cfg").is_file()
        or _is_build(folder)
    )


def _is_build(folder: Path) -> bool:
    """Whether Sarto made the folder."""
    return (folder / "build.json").is_file() and (folder / "SHA256SUMS").is_file()
