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
    """What differs: the first line of the page that was not printed where it should be, then all, line by line."""
    lines = _clean(shown)
    missing = next((line for n, line in enumerate(lines, 1) if not is_shown("\n".join([*lines[:n], ANY]), printed)), "")
    start = f"this line was not printed: {missing}" if missing else "more was printed than is shown"
    diff = difflib.unified_diff(lines, _clean(printed), "the page shows", "printed", lineterm="")
    return "\n".join([start, *diff])


def _clean(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def _pattern(lines: list[str]) -> str:
    return "".join(
        r"(?:.*\n)*" if line.strip() == ANY else ".*".join(map(re.escape, line.split(ANY))) + r"\n" for line in lines
    )
