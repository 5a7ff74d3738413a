"""The typefaces of this machine that can lend a PDF the signs that its own has not."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

__all__ = ["Face", "faces"]

_SAID = "%{fontformat}\t%{variable}\t%{index}\t%{postscriptname}\t%{charset}\t%{file}\n"
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Face:
    """One typeface: its file, which of the file it is, its name, and the first and last code points that it has."""

    file: str
    index: int
    name: str
    ranges: tuple[tuple[int, int], ...]

    def has(self, sign: str) -> bool:
        """Whether the sign is in it."""
        return any(first <= ord(sign) <= last for first, last in self.ranges)


@cache
def faces(*, is_bold: bool) -> tuple[Face, ...]:
    """The TrueType faces that fontconfig knows, in the order in which it would take them for sans-serif text.

    Of several with one name it is the first, for reportlab tells faces by their names. There are none where the machine
    has no fontconfig.
    """
    program = shutil.which("fc-match")
    if program is None:
        return ()
    pattern = f"sans-serif:slant=0:weight={200 if is_bold else 80}"
    try:
        found = subprocess.run(
            [program, "--all", "--format", _SAID, pattern],
            capture_output=True, timeout=_SECONDS, check=True, env={**os.environ, "LC_ALL": "C"},
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ()
    named: dict[str, Face] = {}
    for face in map(_face, os.fsdecode(found).splitlines()):
        if face is not None:
            named.setdefault(face.name, face)
    return tuple(named.values())


def _face(line: str) -> Face | None:
    """What is said of one face, where a PDF can hold it: it has outlines of TrueType, of one weight."""
    kind, is_variable, index, name, charset, file = line.split("\t", 5)
    if kind != "TrueType" or is_variable != "False":
        return None
    ranges = (each.partition("-") for each in charset.split())
    return Face(file, int(index), name, tuple((int(first, 16), int(last or first, 16)) for first, _, last in ranges))
