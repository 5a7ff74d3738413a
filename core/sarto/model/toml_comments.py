"""The comments of a TOML text, which reading it loses."""

from __future__ import annotations

import re

__all__ = ["comments"]

_TEXT_OR_COMMENT = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")'  # texts first, since a # in one begins no comment
    r"|'''.*?'''(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*",
    re.DOTALL,
)


def comments(text: str) -> tuple[str, ...]:
    """The comments of a TOML text that can be read, each from its ``#`` to the end of its line."""
    return tuple(found.rstrip() for found in _TEXT_OR_COMMENT.findall(text) if found.startswith("#"))
