"""Whether a build is what was handed out: every file against ``SHA256SUMS``, the parts against ``build.json``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from .build import read_build
from .errors import ProductError
from .pointer import UPGRADES
from .sums import SIGNATURE, SUMS, parse_sums

__all__ = ["Fault", "verify"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A file (its path below the build, with slashes) and what is wrong with it."""

    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


def verify(folder: str) -> tuple[Fault, ...]:
    """Everything that is wrong with the build in ``folder``, sorted by file; nothing where it is whole."""
    try:
        sums = _read_sums(os.path.join(folder, SUMS))
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else error
        return (Fault(SUMS, f"cannot be read, so no file can be checked ({problem})"),)
    found = {name: _hash(os.path.join(folder, *name.split("/"))) for name in _files(folder)}
    faults = dict(_against_sums(sums, found))
    for name, problem in _against_build(folder, found):
        faults.setdefault(name, problem)
    return tuple(Fault(name, problem) for name, problem in sorted(faults.items()))


def _read_sums(path: str) -> dict[str, str]:
    with open(path, encoding="utf-8") as file:
        return parse_sums(file.read())


def _files(folder: str) -> Iterator[str]:
    for base, folders, names in os.walk(folder):
        if base == folder and UPGRADES in folders:
            folders.remove(UPGRADES)  # other builds, each with sums of its own
        for name in names:
            path = os.path.relpath(os.path.join(base, name), folder).replace(os.sep, "/")
            if path not in (SUMS, SIGNATURE):
                yield path


def _hash(path: str) -> str:
    """The file's hash, or an empty text where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _against_sums(sums: dict[str, str], found: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in sums.keys() | found.keys():
        if name not in found:
            yield name, "is missing"
        elif name not in sums:
            yield name, "was added"
        elif not found[name]:
            yield name, "cannot be read"
        elif found[name] != sums[name]:
            yield name, "was changed"


def _against_build(folder: str, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    try:
        parts = {f"parts/{part.file}": part for part in read_build(folder).parts}
    except ProductError as error:
        yield "build.json", error.what
        return
    for name, part in parts.items():
        if name not in found:
            yield name, "is missing"
        elif found[name] != part.sha256:
            yield name, f"is not the part '{part.name}' that build.json names"
    for name in found:
        if name.startswith("parts/") and name not in parts:
            yield name, "is no part of this build"
