"""Checking a build that was handed out as one file: the signature beside it, and the bundle in it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import SartoError
from .extraction import Opened
from .files import file_digest
from .signature import ENDING, Signature, VerifyingKey, file_line, read_signature, signature_fault
from .verify import VerifyReport, verify
from .vouching import COMPANIONS, provenance_faults

__all__ = ["Unpack", "signature_beside", "verify_file"]

Unpack = Callable[[Path, Path], Opened]
"""See ``BuildFormat.unpack``."""


def verify_file(file: Path, unpack: Unpack, key: VerifyingKey | None = None) -> VerifyReport:
    """Check the build in ``file``, which ``unpack`` takes apart.

    Named are the file itself where it is not such a build, and else the files of the bundle as :func:`verify` names
    them. Where there is a ``key``, its private key has to have signed the file, whose signature lies beside it. Raises
    :class:`SartoError` where there is no file.
    """
    if not file.is_file():
        raise SartoError("there is no such file", where=str(file))
    signature, faults = signature_beside(file, key)
    faults += tuple(_provenance(file, key))
    with tempfile.TemporaryDirectory(prefix="sarto-verify-") as folder:
        try:
            opened = unpack(file, Path(folder))
            report = verify(opened.bundle)
            around = opened.faults
        except SartoError as error:
            report, around = VerifyReport((), 0), (error.what,)
    told = (*faults, *(f"{file.name}: {fault}" for fault in around), *report.problems)
    return VerifyReport(told, report.files, signature)


def _provenance(file: Path, key: VerifyingKey | None) -> Iterator[str]:
    """What is wrong with the statements beside the file, where there are any."""
    for ending, is_signed in zip(COMPANIONS[1:], (False, True), strict=True):
        beside = file.with_name(f"{file.name}{ending}")
        if beside.is_file():
            subjects = {file.name: file_digest(file)}
            faults = provenance_faults(beside.read_bytes(), subjects, None, key, is_signed=is_signed)
            yield from (f"{beside.name}: {fault}" for fault in faults[:1])


def signature_beside(file: Path, key: VerifyingKey | None) -> tuple[Signature | None, tuple[str, ...]]:
    """The signature beside a file, if any, and what is wrong with it; with a ``key`` also that there is none."""
    beside = file.with_name(f"{file.name}{ENDING}")
    try:
        signature = read_signature(beside.read_bytes())
        fault = signature_fault(file.name, file_line(file), signature, key) if key else None
    except FileNotFoundError:
        return None, (f"{beside.name}: is missing: this file is not signed",) if key else ()
    except (OSError, SartoError) as error:
        said = error.what if isinstance(error, SartoError) else f"cannot be read: {error}"
        return None, (f"{beside.name}: {said}",)
    return signature, (": ".join(fault),) if fault else ()
