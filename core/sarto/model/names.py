"""Names: which texts can name a feature, and what is said of a name that nobody knows."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Sized

from ..errors import did_you_mean
from .values import shown

__all__ = ["MOST_HINTS", "feature_name_fault", "is_plain_text", "key_text", "known_feature", "one_line"]

_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

MOST_HINTS = 20
"""How many unknown names of a file come with the nearest known one."""


def feature_name_fault(name: str) -> tuple[str, str] | None:
    """Why a feature cannot have this name, with a hint.

    Constraints quote names with ``"``, and a build marks what is not a feature with ``#`` and ``!``.
    """
    if name.strip() != name or not name:
        return f"{shown(name)} cannot name a feature: it is empty or begins or ends with a space", ""
    if '"' in name or not is_plain_text(name) or name[0] in "#!":
        hint = "leave out double quotes and control characters, and do not begin with # or !"
        return f"{shown(name)} cannot name a feature", hint
    return None


def key_text(key: str) -> str:
    """A name as it stands in TOML, as a key or in a key path: bare, or in quotes where it needs them."""
    return key if _BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def is_plain_text(text: str) -> bool:
    """Whether the text is one line, without control characters."""
    return not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)


def one_line(text: str) -> str:
    """The text on one line, without control characters and without what turns the direction of writing around."""
    return " ".join("".join(" " if _is_control(char) else char for char in text).split())


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _TURNING


def known_feature(
    known: Collection[str], itself: str = "", *, told: Sized = ()
) -> Callable[[str], tuple[str, str] | None]:
    """A check that a name is one of the known features, and not that of the feature ``itself``.

    The nearest known name is looked for only while few faults are ``told``: that takes its time.
    """

    def check(name: str) -> tuple[str, str] | None:
        if name not in known:
            return f"unknown feature '{name}'", did_you_mean(name, known) if len(told) < MOST_HINTS else ""
        return (f"'{name}' is this feature itself", "leave it out") if name == itself else None

    return check
