"""``SHA256SUMS``: the hash of every other file of a build but its signature, as ``sha256sum -c`` reads it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..errors import SartoError

__all__ = ["SIGNATURE", "SUMS", "UPGRADES", "files_below", "read_sums", "sums_text"]

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
"""The signature of the sums, which they cannot name."""
UPGRADES = "upgrades"
"""Where a build keeps what it was upgraded to, each a build with sums of its own."""
LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def sums_text(sums: Mapping[str, str]) -> bytes:
    """The file's content for a mapping of paths to hashes, sorted by path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())).encode()


def read_sums(file: Path) -> dict[str, str]:
    """Path to hash. Raises :class:`SartoError` where a line is none."""
    sums = {}
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        found = LINE.fullmatch(line)
        if found is None:
            raise SartoError(f"line {number} of {SUMS} is not a line of sums")
        sums[found[2]] = found[1]
    return sums


def files_below(folder: Path) -> Iterator[str]:
    """The paths of all files in the folder but the sums and their signature, with slashes, sorted."""
    return (name for name in sorted(_below(os.fspath(folder), "")) if name not in (SUMS, SIGNATURE))


def _below(folder: str, prefix: str) -> Iterator[str]:
    """Walks with plain texts: a further build should not pay for a path object for each of its parts."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name
