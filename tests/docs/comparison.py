"""Whether a command printed what a page shows: "…" stands for anything, all else has to be there as it is."""

from __future__ import annotations

import difflib
import re

__all__ = ["difference", "is_shown"]

ANY = "…"


def is_shown(shown: str, printed: str) -> bool:
    """Whether ``printed`` is what the page shows.

    A line that is only "…" stands for any number of lines, "…" within a line for any text of that
    line. Spaces at the end of lines and empty lines around the whole do not count.
    """
    return re.fullmatch(_pattern(_clean(shown)), "".join(f"{line}\n" for line in _clean(printed))) is not None


def difference(shown: str, printed: str) -> str:
    """What differs, line by line, for the message of a test."""
    return "\n".join(difflib.unified_diff(_clean(shown), _clean(printed), "the page shows", "printed", lineterm=""))


def _clean(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def _pattern(lines: list[str]) -> str:
    return "".join(
        r"(?:.*\n)*" if line.strip() == ANY else ".*".join(map(re.escape, line.split(ANY))) + r"\n" for line in lines
    )
