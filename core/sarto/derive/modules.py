"""The modules that wheels bring, and what those that can be read import."""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .imports import LARGEST, Import, imports_of, parsed

__all__ = ["Modules", "imported_first", "modules_of", "providers"]

_LIBRARY = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")
_IMPORTING = rb"\b(?:from|import)\b(?:\\\r?\n|[^\n])*?\b(?:%s)\b"
"""A word of an import, which goes on where a line ends with a backslash."""
_NATIVE = re.compile(r"\.(?:so|pyd)$")


@dataclass(frozen=True, slots=True)
class Modules:
    """The modules of one wheel: each by its dotted name, with its member of the archive."""

    path: Path
    members: Mapping[str, str]

    def imports(self, words: Collection[str] | None = None) -> Iterator[tuple[str, str, Import]]:
        """What the modules import: the module, where it is installed, and the import.

        Where ``words`` are given, only the modules with one of them in an import are read. A module that is no Python
        is passed over: it says nothing of what it would import.
        """
        if words is not None and not words:
            return
        wanted = re.compile(_IMPORTING % "|".join(map(re.escape, words)).encode()) if words is not None else None
        with zipfile.ZipFile(self.path) as archive:
            for name, member in sorted(self.members.items()):
                if member.endswith(".py"):
                    tree = _tree(archive, member, wanted)
                    for each in imports_of(tree, name, _is_package(member)) if tree else ():
                        yield name, _installed(member), each


def modules_of(path: Path) -> Modules:
    """The modules of a wheel. Raises OSError and zipfile.BadZipFile where it cannot be read."""
    members: dict[str, str] = {}
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            if name := _module(_installed(member)):
                members.setdefault(name, member)
    return Modules(path, members)


def providers(wanted: Import, modules: Mapping[str, Modules]) -> tuple[str, ...]:
    """The names of the wheels that have the module that an import is about; none where nobody has it.

    The innermost module decides: packages without an ``__init__.py`` may be shared by several wheels.
    """
    for candidate in wanted.candidates:
        found = tuple(name for name, theirs in modules.items() if candidate in theirs.members)
        if found:
            return found
    return ()


def imported_first(modules: Modules, begin: Iterable[str]) -> frozenset[str]:
    """Those of a wheel's modules that are imported as soon as the modules ``begin`` are, themselves among them."""
    needs: dict[str, set[str]] = {}
    for name, _, each in modules.imports():
        if not each.is_late:
            needs.setdefault(name, set()).update(each.candidates)
    found: set[str] = set()
    work = [*begin]
    while work:
        name = work.pop()
        if name in modules.members and name not in found:
            found.add(name)
            work += [*needs.get(name, ()), *_above(name)]
    return frozenset(found)


def _above(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _tree(archive: zipfile.ZipFile, member: str, wanted: re.Pattern[bytes] | None) -> ast.Module | None:
    info = archive.getinfo(member)
    if info.file_size > LARGEST:
        return None
    text = archive.read(info)
    if wanted is not None and not wanted.search(text):
        return None
    try:
        return parsed(text)
    except SyntaxError:
        return None


def _installed(member: str) -> str:
    return _LIBRARY.sub("", member, count=1)


def _is_package(member: str) -> bool:
    return member.rpartition("/")[2] == "__init__.py"


def _module(path: str) -> str:
    """The dotted name of a file that can be imported, else an empty text."""
    stem, dot, suffix = path.partition(".")
    if not (suffix == "py" or _NATIVE.search(dot + suffix)):
        return ""
    parts = stem.split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else ""
