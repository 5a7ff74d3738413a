"""What a brand's text becomes in each kind of file, so that it stays the text that it is."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

__all__ = ["TextKind", "escaped", "kind_of"]


class TextKind(StrEnum):
    """A kind of text file that a template can be."""

    HTML = "HTML"
    XML = "XML"
    CSS = "CSS"
    JSON = "JSON"
    MARKDOWN = "Markdown"
    DESKTOP = "desktop entry"
    PLAIN = "plain text"


SUFFIXES: Mapping[str, TextKind] = MappingProxyType({
    ".html": TextKind.HTML, ".htm": TextKind.HTML, ".svg": TextKind.XML, ".xml": TextKind.XML, ".css": TextKind.CSS,
    ".json": TextKind.JSON, ".webmanifest": TextKind.JSON, ".md": TextKind.MARKDOWN, ".desktop": TextKind.DESKTOP,
    ".txt": TextKind.PLAIN,
})  # fmt: skip
IN_SCRIPTS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What JSON is written without, so that it can stand in a page's script as it is."""
NO_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")
"""Characters that XML has no place for, not even by their numbers."""


def kind_of(suffix: str) -> TextKind | None:
    """The kind of file with this suffix; None where a brand's texts are put into none such."""
    return SUFFIXES.get(suffix.lower())


def escaped(kind: TextKind, text: str) -> str:
    """One line of text as it is written in such a file.

    In HTML, XML, Markdown, a desktop entry and plain text it is what stands there; in CSS and JSON a whole string with
    its quotes. HTML and XML hold in text and in quoted attributes, Markdown in text and in HTML inside it.
    """
    return _ESCAPED[kind](text)


def _html(text: str) -> str:
    return html.escape(text, quote=True)


def _xml(text: str) -> str:
    return html.escape(text.translate(NO_XML), quote=True)


def _css(text: str) -> str:
    """A string of CSS (CSS Syntax 3, 4.3.7): what is neither letter, digit nor space by its number."""
    return '"' + "".join(each if each.isalnum() or each == " " else f"\\{ord(each):x} " for each in text) + '"'


def _json(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return "".join(IN_SCRIPTS.get(each, each) for each in written)


def _markdown(text: str) -> str:
    """Numeric references: neither CommonMark nor its forerunners take one for a mark of structure."""
    plain = "".join(
        each if each.isalnum() or each in " ,;?%/" or ord(each) > 127 else f"&#{ord(each)};" for each in text
    )
    for side in (0, -1):
        if plain[side : side + 1 or None] == " ":  # at the beginning of a line many are code, at its end a break
            plain = f"&#32;{plain[1:]}" if side == 0 else f"{plain[:-1]}&#32;"
    return plain


def _desktop(text: str) -> str:
    """A value of a desktop entry (Desktop Entry Specification 1.5, section 4)."""
    plain = text.replace("\\", "\\\\")
    return f"\\s{plain[1:]}" if plain.startswith(" ") else plain


_ESCAPED: Mapping[TextKind, Callable[[str], str]] = MappingProxyType({
    TextKind.HTML: _html, TextKind.XML: _xml, TextKind.CSS: _css, TextKind.JSON: _json, TextKind.MARKDOWN: _markdown,
    TextKind.DESKTOP: _desktop, TextKind.PLAIN: str,
})  # fmt: skip
