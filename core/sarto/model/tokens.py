"""Constraints as tokens with their columns: the words of UVL's expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["PLAIN_NAME", "Token", "scan"]

_NAME = r"[0-9]*(?:[^\W\d]|[^\x00-\x7f\s])(?:[\w#§%?\\;']|[^\x00-\x7f\s])*"
PLAIN_NAME = re.compile(_NAME)
"""A name that needs no quotes."""
_TOKEN = re.compile(
    rf"""(?P<skip>\s+|//[^\r\n]*|/\*.*?\*/)
    |(?P<quoted>"[^"\r\n]*")
    |(?P<name>{_NAME})
    |(?P<number>[0-9]*\.[0-9]+(?!\w)|[0-9]+)
    |(?P<text>'[^'\r\n]*')
    |(?P<symbol><=>|=>|==|!=|<=|>=|[-<>!&|()+*/,.])
    |(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A word of a constraint, by its kind: a name, a number, a symbol, or what cannot stand there."""

    kind: str
    text: str
    column: int

    @property
    def name(self) -> str:
        """A name without its quotes."""
        return self.text[1:-1] if self.kind == "quoted" else self.text


def scan(text: str) -> Iterator[Token]:
    """The tokens of a text; the last one is its end."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield Token(match.lastgroup or "", match.group(), match.start() + 1)
    yield Token("end", "", len(text) + 1)
