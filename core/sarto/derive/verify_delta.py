"""Checking a delta before it is carried over: the signature beside it, and that it has what it says it has."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import SartoError
from .extraction import unpack_zip
from .files import file_digest
from .manifest import MANIFEST
from .part import PARTS_FOLDER
from .signature import VerifyingKey, read_signature, signature_fault
from .sums import SIGNATURE, SUMS, files_below, read_sums
from .verify import VerifyReport
from .verify_file import signature_beside

__all__ = ["is_delta", "verify_delta"]

HEADER = "delta.json"
BELOW = "build"


def is_delta(file: Path) -> bool:
    """Whether the file is an archive that says of itself that it is a delta."""
    try:
        with zipfile.ZipFile(file) as archive:
            return HEADER in archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False


def verify_delta(file: Path, key: VerifyingKey | None = None) -> VerifyReport:
    """Check the delta in the file: each of its files by the sums of the build that it leads to, and that build's name.

    Parts that it does not have are those of the build before, where the runtime checks them. Where there is a ``key``,
    its private key has to have signed the delta, whose signature lies beside it, and where the new build is signed,
    that, too.
    """
    signature, faults = signature_beside(file, key)
    with tempfile.TemporaryDirectory(prefix="sarto-verify-") as scratch:
        folder = Path(scratch)
        try:
            unpack_zip(file, folder)
            found = {name: file_digest(folder / BELOW / name) for name in files_below(folder / BELOW)}
            told = (*_header(folder), *_files(folder / BELOW, found), *_signed(folder / BELOW, key))
        except SartoError as error:
            return VerifyReport((*faults, f"{file.name}: {error.what}"), 0, signature)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            said = f"is damaged ({type(error).__name__}: {error})"
            return VerifyReport((*faults, f"{file.name}: {said}"), 0, signature)
    return VerifyReport((*faults, *sorted(told)), len(found), signature)


def _header(folder: Path) -> Iterator[str]:
    said, new = _json(folder / HEADER), _json(folder / BELOW / MANIFEST)
    if said["to"]["build"] != file_digest(folder / BELOW / MANIFEST):
        yield f"{HEADER}: names another build than the one that is in it"
    if (said["line"], said["name"], said["customer"]) != (new["line"]["name"], new["name"], new["customer"]):
        yield f"{HEADER}: is about another customer than the build that is in it"
    others = [path.name for path in folder.iterdir() if path.name not in (HEADER, BELOW)]
    yield from (f"{name}: is no file of a delta" for name in others)


def _json(file: Path) -> Any:
    return json.loads(file.read_bytes())


def _files(build: Path, found: dict[str, str]) -> Iterator[str]:
    sums = read_sums(build / SUMS)
    parts = {f"{PARTS_FOLDER}/{part['file']}": part["sha256"] for part in _json(build / MANIFEST)["parts"]}
    for name in sums.keys() | found.keys() | parts.keys():
        if name not in sums:
            yield f"{name}: was added" if name in found else f"{name}: is missing in {SUMS}"
        elif name in found and found[name] != sums[name]:
            yield f"{name}: was changed"
        elif name not in found and name not in parts:
            yield f"{name}: is missing"
        elif parts.get(name, sums[name]) != sums[name]:
            yield f"{name}: is not the part that {MANIFEST} names"


def _signed(build: Path, key: VerifyingKey | None) -> Iterator[str]:
    """The build's own signature, which a delta may be without: what was not signed is not after it, either."""
    try:
        signature = read_signature((build / SIGNATURE).read_bytes())
        fault = signature_fault(SUMS, (build / SUMS).read_bytes(), signature, key) if key else None
    except FileNotFoundError:
        return
    except SartoError as error:
        yield f"{SIGNATURE}: {error.what}"
        return
    if fault:
        yield ": ".join(fault)
