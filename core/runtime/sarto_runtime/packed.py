"""Starts a build that is packed in one file: a zip archive with the whole folder of the build below ``bundle/``.

The folder is unpacked once into the cache, named by the hash of its ``SHA256SUMS``, and started from there.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any
from zipimport import ZipImportError, zipimporter

from .bootstrap import begin
from .cache import choose, make
from .errors import ProductError
from .sums import SUMS

__all__ = ["begin_packed"]

BUNDLE = "bundle"


def begin_packed(archive: str, argv: Sequence[str]) -> Any:
    """Do what :func:`sarto_runtime.launch_packed` promises, once the process is isolated."""
    try:
        if argv[1:2] == ["@verify"]:
            return _verify(archive, argv)
        if argv[1:2] in (["@upgrade"], ["@rollback"]):
            raise ProductError("this build is one file", hint="to upgrade it, put the new file in its place")
        folder = _unpacked(archive)
    except ProductError as error:
        print(f"{os.path.basename(argv[0])}: {error}", file=sys.stderr)
        return 1
    return begin(folder, argv)


def _verify(archive: str, argv: Sequence[str]) -> Any:
    """Look at what is in the file itself, not at what was unpacked from it one day."""
    import tempfile

    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sarto-verify-"))
            _extract(archive, folder)
        except OSError as error:
            raise ProductError(f"this build cannot be unpacked: {error}") from error
        return begin(folder, argv)


def _unpacked(archive: str) -> str:
    name = hashlib.sha256(_read_sums(archive)).hexdigest()
    folder = choose("bundles", [name])
    place = os.path.join(folder, name)
    if not os.path.isdir(place):
        try:
            make(folder, name, partial(_fill, archive))
        except OSError as error:
            raise ProductError(f"this build cannot be unpacked: {error}") from error
    return place


def _read_sums(archive: str) -> bytes:
    """Read with Python's importer, which knows the archive already and needs no further module."""
    try:
        return zipimporter(archive).get_data(os.path.join(archive, BUNDLE, SUMS))
    except (ZipImportError, OSError) as error:
        raise ProductError(f"this is not a whole build: there is no {BUNDLE}/{SUMS} in it") from error


def _fill(archive: str, folder: str) -> None:
    from .verify import verify

    _extract(archive, folder)
    if faults := verify(folder):
        raise ProductError(
            f"this file is not what was handed out: {'; '.join(map(str, faults))}",
            hint="take it again from where it came",
        )


def _extract(archive: str, folder: str) -> None:
    import zipfile
    import zlib

    from .members import extract

    try:
        with zipfile.ZipFile(archive) as opened:
            extract(opened, folder, _below_bundle, "this file")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ProductError(f"this file cannot be read: {error}") from error


def _below_bundle(name: str) -> str:
    top, _, below = name.partition("/")
    return below if top == BUNDLE else ""
