"""``SHA256SUMS``: the hash of every other file of a build but its signature, as ``sha256sum -c`` reads it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ..errors import SartoError

__all__ = [
    "ENVIRONMENT",
    "LINK",
    "POINTER",
    "SIGNATURE",
    "SUMS",
    "UPGRADES",
    "files_below",
    "own_sums",
    "pythons",
    "read_sums",
    "sums_line",
    "sums_text",
]

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
"""The signature of the sums, which they cannot name."""
UPGRADES = "upgrades"
"""Where a build keeps what it was upgraded to, each a build with sums of its own."""
POINTER = f"{UPGRADES}/current"
"""What names the build that starts, and the one before it, each on a line of its own."""
ENVIRONMENT = "pyvenv.cfg"
"""What makes a folder a virtual environment."""
LINK = "python"
"""Where the other names of an environment's Python lead: to the first, beside them."""
LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def sums_text(sums: Mapping[str, str]) -> bytes:
    """The file's content for a mapping of paths to hashes, sorted by path."""
    return "".join([sums_line(path, sums[path]) for path in sorted(sums)]).encode()


def sums_line(path: str, digest: str) -> str:
    """What the file says of one file."""
    return f"{digest}  {path}\n"


def own_sums(content: bytes) -> dict[str, str]:
    """Path to hash, as :func:`sums_text` has just written them."""
    return {line[66:]: line[:64] for line in content.decode().split("\n")[:-1]}


def read_sums(file: Path) -> dict[str, str]:
    """Path to hash, also of what is below folders with sums of their own, where these are the ones that it names.

    Raises :class:`SartoError` where a line is none.
    """
    sums = {}
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        found = LINE.fullmatch(line)
        if found is None:
            raise SartoError(f"line {number} of {SUMS} is not a line of sums")
        sums[found[2]] = found[1]
    for nested in [name for name in sums if name.endswith(f"/{SUMS}")]:
        with suppress(OSError, SartoError):  # its own sum does not fit then
            below = read_sums(file.parent / nested)
            sums |= {f"{nested.removesuffix(SUMS)}{name}": digest for name, digest in below.items()}
    return sums


def files_below(folder: Path) -> Iterator[str]:
    """The paths of all files in the folder but the sums and their signature, with slashes, sorted.

    An environment's links to the Python that it is for are left out: that is this machine's, and may be upgraded.
    """
    python = _settings(folder).get("executable", "")
    below = _below(os.fspath(folder), "", dict.fromkeys(pythons(folder), python))
    return (name for name in sorted(below) if name not in (SUMS, SIGNATURE))


def pythons(folder: Path) -> tuple[str, ...]:
    """The paths of the links to the Python of a virtual environment; none where the folder is none."""
    version = _settings(folder).get("version", "").split(".")
    return tuple(f"bin/{LINK}{number}" for number in ("", version[0], ".".join(version[:2]))) if version[0] else ()


def _settings(folder: Path) -> dict[str, str]:
    """What a virtual environment says of itself, in its own file; nothing where the folder is none."""
    try:
        lines = (folder / ENVIRONMENT).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {key: value for key, is_set, value in (line.partition(" = ") for line in lines) if is_set}


def _below(folder: str, prefix: str, links: Mapping[str, str]) -> Iterator[str]:
    """Walks with plain texts: a further build should not pay for a path object for each of its parts."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{prefix}{entry.name}/", links)
            elif not (links and _is_python(entry, links.get(prefix + entry.name, ""))):
                yield prefix + entry.name


def _is_python(entry: os.DirEntry[str], python: str) -> bool:
    """Whether it is the link that has its place, to that Python or to the other link beside it."""
    if not python or not entry.is_symlink():
        return False
    return os.readlink(entry.path) in (python, LINK)  # noqa: PTH115  (as the walk: with plain texts)
