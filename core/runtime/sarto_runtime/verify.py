"""Whether a build is what was handed out: every file against ``SHA256SUMS``, the parts against ``build.json``."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .build import Part, read_build
from .errors import ProductError
from .places import BROUGHT, ENVIRONMENT
from .pointer import UPGRADES
from .sums import SIGNATURE, SUMS, parse_sums

__all__ = ["Fault", "verify"]

PYTHONS = re.compile(r"bin/python[0-9.]*")
"""The links of an environment to the Python that it is for."""


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
        sums = _read_sums(folder, SUMS)
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else error
        return (Fault(SUMS, f"cannot be read, so no file can be checked ({problem})"),)
    found = {name: _hash(os.path.join(folder, *name.split("/"))) for name in _files(folder)}
    faults = dict(_against_sums(sums, found))
    for name, problem in _against_build(folder, found):
        faults.setdefault(name, problem)
    return tuple(Fault(name, problem) for name, problem in sorted(faults.items()))


def _read_sums(folder: str, name: str) -> dict[str, str]:
    """The sums in the file ``name``, and those of the folders below whose own file of sums they vouch for."""
    with open(os.path.join(folder, *name.split("/")), encoding="utf-8") as file:
        sums = parse_sums(file.read())
    for below in [each for each in sums if each.endswith(f"/{SUMS}")]:
        try:
            nested = _read_sums(os.path.join(folder, *below.split("/")[:-1]), SUMS)
        except (OSError, ValueError):
            continue  # its own sum does not fit then
        sums.update({f"{below.removesuffix(SUMS)}{each}": digest for each, digest in nested.items()})
    return sums


def _files(folder: str) -> Iterator[str]:
    interpreter = _interpreter(folder)
    for base, folders, names in os.walk(folder):
        if base == folder and UPGRADES in folders:
            folders.remove(UPGRADES)  # other builds, each with sums of its own
        for name in names:
            path = os.path.relpath(os.path.join(base, name), folder).replace(os.sep, "/")
            is_python = PYTHONS.fullmatch(path) and _leads_to(os.path.join(base, name), interpreter)
            if path not in (SUMS, SIGNATURE) and not is_python:
                yield path


def _interpreter(folder: str) -> str:
    """The Python of an environment, which is this machine's; empty where the build is none."""
    try:
        with open(os.path.join(folder, ENVIRONMENT), encoding="utf-8") as file:
            lines = [line.partition(" = ") for line in file.read().splitlines()]
    except OSError:
        return ""
    return next((value for key, _, value in lines if key == "executable"), "")


def _leads_to(path: str, interpreter: str) -> bool:
    """Whether it is a link to that Python: it is told by where it leads, for what it leads to may be upgraded."""
    return bool(interpreter) and os.path.islink(path) and os.readlink(path) in (interpreter, "python")


def _hash(path: str) -> str:
    """The file's hash, or an empty text where it cannot be read, or is a pipe or a device, which may have no end."""
    if not os.path.isfile(path):
        return ""
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
        if name in found:
            if found[name] != part.sha256:
                yield name, f"is not the part '{part.name}' that build.json names"
        elif not _is_carried(part, found):
            yield name, "is missing"
    for name in found:
        if name.startswith("parts/") and name not in parts:
            yield name, "is no part of this build"


def _is_carried(part: Part, found: Mapping[str, str]) -> bool:
    """Whether the build has the part unpacked or installed instead of its wheel."""
    if f"{BROUGHT}/{part.sha256}/{SUMS}" in found:
        return True
    own = "-".join(part.file.split("-")[:2])
    return ENVIRONMENT in found and any(
        name.endswith("/RECORD") and _plain(name.split("/")[-2]) == _plain(f"{own}.dist-info") for name in found
    )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
