"""XML as text: elements, attributes and escapes, line by line."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["MOST_INDENTATION", "Markup"]

MOST_INDENTATION = 20
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_VALUE = {**_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_TEXT_ESCAPES, _VALUE_ESCAPES = str.maketrans(_TEXT), str.maketrans(_VALUE)


class Markup:
    """The lines of a document that is being written, indented up to a depth at which that still helps a reader."""

    def __init__(self) -> None:
        self.lines = ['<?xml version="1.0" encoding="UTF-8" standalone="no"?>']
        self.depth = 0

    def open(self, tag: str, attributes: Mapping[str, str] | None = None) -> None:
        """Open an element."""
        self._line(f"<{tag}{_written(attributes)}>")
        self.depth += 1

    def close(self, tag: str) -> None:
        """Close an element."""
        self.depth -= 1
        self._line(f"</{tag}>")

    def empty(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element with nothing in it."""
        self._line(f"<{tag}{_written(attributes)}/>")

    def text(self, tag: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
        """An element with a text in it."""
        self._line(f"<{tag}{_written(attributes)}>{text.translate(_TEXT_ESCAPES)}</{tag}>")

    def _line(self, line: str) -> None:
        self.lines.append("\t" * min(self.depth, MOST_INDENTATION) + line)

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"


def _written(attributes: Mapping[str, str] | None) -> str:
    return "".join(f' {key}="{value.translate(_VALUE_ESCAPES)}"' for key, value in (attributes or {}).items())
