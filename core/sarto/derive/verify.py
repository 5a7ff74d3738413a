"""Checking a build: files against sums, lock and manifest against parts, its first state against its own rules."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.pylock import Pylock, PylockUnsupportedVersionError, PylockValidationError

from ..errors import SartoError
from .files import file_digest
from .manifest import FORMAT, MANIFEST
from .part import PARTS_FOLDER
from .signature import Signature, VerifyingKey, read_signature, signature_fault
from .standard_lock import STANDARD_LOCK
from .sums import ENVIRONMENT, POINTER, SIGNATURE, SUMS, UPGRADES, files_below, pythons, read_sums
from .vouching import ATTESTATION, PROVENANCES, provenance_faults

__all__ = ["Problem", "VerifyReport", "against_sums", "digests", "form_of", "verify"]

Problem = tuple[str, str]
"""A file's path below the build, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What is wrong with a build, a sentence for each file, sorted; ``files`` is how many were looked at.

    ``signature`` is that of the build, None where there is none that can be read.
    """

    problems: tuple[str, ...]
    files: int
    signature: Signature | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(
    build: Path, key: VerifyingKey | None = None, check: Callable[[Path], VerifyReport] | None = None
) -> VerifyReport:
    """Check the bundle in the folder ``build``, and those that it was upgraded to, below it.

    Named are the files that were changed, added or are missing, and where ``build.json``, ``pylock.toml`` and the parts
    do not agree. Where there is a ``key``, the build has to be signed with its private key; else a signature only has
    to have the right form. Where the folder is of another format, its ``check`` says what is wrong with the files.
    Raises :class:`SartoError` where there is no build.
    """
    if not (build / MANIFEST).is_file():
        raise SartoError(f"there is no build in '{build}'", hint=f"a build is a folder with a {MANIFEST}")
    endless = [name for name in (SUMS, SIGNATURE, STANDARD_LOCK, POINTER, *PROVENANCES) if _is_endless(build / name)]
    if endless:
        return VerifyReport(tuple(f"{name}: is no file" for name in endless), 0)
    found = {name: digest for name, digest in digests(build).items() if not name.startswith(f"{UPGRADES}/")}
    signature, fault = _signature(build, key)
    vouched = (*fault, *_provenance(build, found, key))
    if check is not None:
        report = check(build)
        told = {*report.problems, *(f"{name}: {problem}" for name, problem in vouched)}
        return VerifyReport(tuple(sorted(told)), report.files, signature)
    below = sorted(build.glob(f"{UPGRADES}/[!.]*/{MANIFEST}"))
    upgrades = {file.parent.name: verify(file.parent, key) for file in below}
    own_faults = (*fault, *against_sums(build, found), *_against_manifest(build, found), *_pointer(build, upgrades))
    problems: dict[str, str] = {}
    for name, problem in (*own_faults, *vouched):
        problems.setdefault(name, problem)
    own = tuple(f"{name}: {problem}" for name, problem in sorted(problems.items()))
    theirs = tuple(f"{UPGRADES}/{name}/{said}" for name, report in upgrades.items() for said in report.problems)
    return VerifyReport(own + theirs, len(found) + sum(report.files for report in upgrades.values()), signature)


def _pointer(build: Path, upgrades: Iterable[str]) -> Iterator[Problem]:
    """Whether what starts, and what did before, is the build or one of its upgrades: only these are looked at.

    Lines end where they do for the launcher, which reads the same file.
    """
    try:
        current, before = [*(build / POINTER).read_text(encoding="utf-8").split("\n"), "", ""][:2]
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        yield POINTER, f"cannot be read: {error}"
        return
    known = {".", *(f"{UPGRADES}/{name}" for name in upgrades)}
    for name in (current, *([before] if before else [])):
        if name not in known:
            yield POINTER, f"names '{name}', which is no upgrade of this build"
            return


def _is_endless(path: Path) -> bool:
    """Whether it is a pipe or a device, which would be read for ever."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _signature(build: Path, key: VerifyingKey | None) -> tuple[Signature | None, list[Problem]]:
    """The signature of the build, and what is wrong with it or with what it is of."""
    try:
        signature = read_signature((build / SIGNATURE).read_bytes())
        fault = signature_fault(SUMS, (build / SUMS).read_bytes(), signature, key) if key else None
    except FileNotFoundError as error:
        is_unsigned = key is not None and error.filename == str(build / SIGNATURE)
        return None, [(SIGNATURE, "is missing: this build is not signed")] if is_unsigned else []
    except (OSError, SartoError) as error:
        return None, [(SIGNATURE, error.what if isinstance(error, SartoError) else f"cannot be read: {error}")]
    return signature, [fault] if fault else []


def form_of(build: Path) -> str:
    """The build format that is to check the build in the folder: the one that it names, where it is no bundle."""
    if not (build / MANIFEST).is_file():
        return ""
    try:
        said = json.loads((build / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return ""
    form = said.get("form", "") if isinstance(said, dict) else ""
    return form if isinstance(form, str) else ""


def digests(build: Path) -> dict[str, str]:
    """The hash of every file of the build but its sums; an empty text where one cannot be read."""
    return {name: _digest(build / name) for name in files_below(build)}


def _digest(path: Path) -> str:
    """The file's hash, or an empty text where it cannot be read, or is a pipe or a device, which may have no end."""
    try:
        return file_digest(path) if path.is_file() else ""
    except OSError:
        return ""


def against_sums(build: Path, found: Mapping[str, str]) -> Iterator[Problem]:
    """Which of the files ``found`` in the build, path to hash, are not those of its sums."""
    try:
        sums = read_sums(build / SUMS)
    except FileNotFoundError:
        yield SUMS, "is missing"
        return
    except (OSError, SartoError) as error:
        yield SUMS, f"cannot be read: {error}"
        return
    for name in sums.keys() | found.keys():
        if name not in found:
            yield name, "is missing"
        elif name not in sums:
            yield name, "was added"
        elif not found[name]:
            yield name, "cannot be read"
        elif found[name] != sums[name]:
            yield name, "was changed"
        elif (build / name).is_symlink():
            yield name, "is a link, and what it leads to may change"
    for name in (SUMS, SIGNATURE):
        if (build / name).is_symlink():
            yield name, "is a link, and what it leads to may change"
    for name in pythons(build):
        if not os.path.lexists(build / name):
            yield name, "is missing"


def _against_manifest(build: Path, found: Mapping[str, str]) -> Iterator[Problem]:
    try:
        said = json.loads((build / MANIFEST).read_bytes())
        if said["format"] != FORMAT:
            yield MANIFEST, f"has format {said['format']!r}, and this Sarto knows format {FORMAT}"
            return
        parts = {part["file"]: part for part in said["parts"]}
        yield from _parts(parts, found)
        yield from _lock(build, parts)
        yield from _state(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        yield MANIFEST, f"is damaged ({type(error).__name__}: {error})"


def _parts(parts: Mapping[str, Any], found: Mapping[str, str]) -> Iterator[Problem]:
    installed = _installed(found)
    for file, part in parts.items():
        name = f"{PARTS_FOLDER}/{file}"
        if name not in found:
            unpacked = f"unpacked/{part['sha256']}/{SUMS}" in found
            if not unpacked and _plain(f"{part['name']}-{part['version']}") not in installed:
                yield name, "is missing"
        elif found[name] != part["sha256"]:
            yield name, f"is not the part '{part['name']}' that {MANIFEST} names"
    for name in found:
        if name.startswith(f"{PARTS_FOLDER}/") and name.removeprefix(f"{PARTS_FOLDER}/") not in parts:
            yield name, f"is no part that {MANIFEST} names"


def _installed(found: Mapping[str, str]) -> frozenset[str]:
    """The parts that an environment has installed in place of their wheels, as name and version."""
    folders = (name.split("/")[-2] for name in found if name.endswith(".dist-info/RECORD"))
    return frozenset(_plain(folder.removesuffix(".dist-info")) for folder in folders if ENVIRONMENT in found)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _lock(build: Path, parts: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        lock = Pylock.from_dict(tomllib.loads((build / STANDARD_LOCK).read_text(encoding="utf-8")))
    except FileNotFoundError:
        yield STANDARD_LOCK, "is missing"
        return
    except (OSError, ValueError, RecursionError, PylockValidationError, PylockUnsupportedVersionError) as error:
        yield STANDARD_LOCK, f"is damaged ({error})"
        return
    locked = {
        (package.name, str(package.version), wheel.filename, wheel.hashes.get("sha256"))
        for package in lock.packages
        for wheel in package.wheels or ()
    }
    named = {(part["name"], part["version"], part["file"], part["sha256"]) for part in parts.values()}
    for _, _, file, _ in sorted(locked ^ named, key=str):
        yield STANDARD_LOCK, f"does not agree with {MANIFEST} on '{file}'"


def _provenance(build: Path, found: Mapping[str, str], key: VerifyingKey | None) -> Iterator[Problem]:
    """Whether the statement in the build, where there is one, is about what the sums name, and of this key.

    It is held against the sums, which name each file that is another now: the statement itself is not wrong then.
    """
    for name in PROVENANCES:
        if name not in found:
            continue
        try:
            content, sums = (build / name).read_bytes(), read_sums(build / SUMS)
        except (OSError, SartoError):
            continue  # named already
        subjects = {file: digest for file, digest in sums.items() if file not in PROVENANCES}
        faults = provenance_faults(content, subjects, _wheels(build, sums), key, is_signed=name == ATTESTATION)
        yield from ((name, fault) for fault in faults[:1])


def _wheels(build: Path, sums: Mapping[str, str]) -> dict[str, str] | None:
    """The build's wheels with their hashes; an image or an environment has them by name only, in its manifest."""
    below = f"{PARTS_FOLDER}/"
    wheels = {file.removeprefix(below): digest for file, digest in sums.items() if file.startswith(below)}
    if wheels:
        return wheels
    try:
        return {part["file"]: part["sha256"] for part in json.loads((build / MANIFEST).read_bytes())["parts"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None  # the manifest is named already


def _state(said: Mapping[str, Any]) -> Iterator[Problem]:
    """The state in which the product starts has to be one that its own rules allow."""
    truth = {name: said["features"][name]["value"] is not False for name in said["open"]}
    clauses = [([_literal(text) for text in rule["any"]], rule["sentence"]) for rule in said["residual"]]
    while True:
        decided = len(truth)
        for literals, sentence in clauses:
            if any(truth.get(name) is value for name, value in literals):
                continue
            free = [(name, value) for name, value in literals if name not in truth]
            if not free:
                yield MANIFEST, f"starts in a state that its own rules forbid: {sentence}"
                return
            if len(free) == 1:
                truth[free[0][0]] = free[0][1]
        if len(truth) == decided:
            return


def _literal(text: str) -> tuple[str, bool]:
    return (text[1:], False) if text.startswith("!") else (text, True)
