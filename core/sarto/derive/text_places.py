"""Where a template may have a brand's texts: only where what is escaped stays text, as it is checked here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any
from xml.parsers import expat

from .escaping import TextKind

__all__ = ["Misplaced", "misplaced"]

ADDRESSES = frozenset(
    {
        "href",
        "src",
        "action",
        "formaction",
        "srcset",
        "data",
        "poster",
        "background",
        "cite",
        "manifest",
        "ping",
        "codebase",
    }
)
CODE = frozenset({"style", "srcdoc"})
RAW = frozenset({"script", "style", "iframe", "xmp", "noembed", "noframes", "noscript", "plaintext", "template"})
"""Elements whose text is no text of HTML, or not always."""
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
CSS_CLOSED = re.compile(
    r"""/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|url\([^)]*\)?""", re.DOTALL | re.I
)
MARKDOWN_ADDRESS = re.compile(r"\]\([^)\n]*\)?|^ {0,3}\[[^\]\n]*\]:[^\n]*|<[^>\n]*>?", re.MULTILINE)
DESKTOP_TEXT = re.compile(r"^(?:Name|GenericName|Comment)(?:\[[^\]\n]*\])?=[^\n]*", re.MULTILINE)


class Misplaced(Exception):
    """Why the text itself is no file of its kind."""


def misplaced(kind: TextKind, text: str, marks: Collection[str]) -> dict[str, str]:
    """The marks in the text that stand where no text may, each with the words for that place.

    A mark stands for a text of a brand; it is of characters that mean nothing in any kind of file.
    Raises :class:`Misplaced` where the text is no file of its kind.
    """
    return _PLACES[kind](text, marks)


def _found(marks: Collection[str], text: str, place: str) -> dict[str, str]:
    return {mark: place for mark in marks if mark in text}


class _Html(HTMLParser):
    """Reads HTML and notes where marks are; ``seen`` are those in a place that was understood."""

    def __init__(self, marks: Collection[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.marks = marks
        self.bad: dict[str, str] = {}
        self.seen: set[str] = set()
        self.raw: list[str] = []

    def _note(self, text: str, place: str = "") -> None:
        found = _found(self.marks, text, place)
        self.seen |= found.keys()
        if place:
            self.bad |= found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        whole = self.get_starttag_text() or ""
        self._note(QUOTED.sub("", whole), "in a tag, outside of quotes")
        is_order = tag == "meta" and any(name == "http-equiv" for name, _ in attrs)
        for name, value in attrs:
            local = name.rpartition(":")[2]
            if local.startswith("on") or local in CODE:
                self._note(value or "", f"in the attribute '{name}', which is code")
            elif local in ADDRESSES or (is_order and name == "content"):
                self._note(value or "", f"in the attribute '{name}', which is an address")
            else:
                self._note(value or "")
        if tag in RAW:
            self.raw.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in RAW and tag not in ("script", "style"):
            self.raw.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.raw:
            del self.raw[self.raw.index(tag) :]

    def handle_data(self, data: str) -> None:
        self._note(data, f"in the element '{self.raw[-1]}'" if self.raw else "")

    def handle_comment(self, data: str) -> None:
        self._note(data, "in a comment")

    def handle_decl(self, decl: str) -> None:
        self._note(decl, "in a declaration")

    def unknown_decl(self, data: str) -> None:
        self._note(data, "in a declaration")

    def handle_pi(self, data: str) -> None:
        self._note(data, "in an instruction")


def _in_html(text: str, marks: Collection[str]) -> dict[str, str]:
    parser = _Html(marks)
    parser.feed(text)
    parser.close()
    return parser.bad | {mark: "where no text can be" for mark in marks if mark not in parser.seen}


def _in_xml(text: str, marks: Collection[str]) -> dict[str, str]:
    bad: dict[str, str] = {}
    inside: list[str] = []
    parser = expat.ParserCreate()

    def note(text: str, place: str) -> None:
        bad.update(_found(marks, text, place))

    def start(name: str, attributes: Mapping[str, str]) -> None:
        inside.append(name.rpartition(":")[2].lower())
        for each, value in attributes.items():
            local = each.rpartition(":")[2].lower()
            if local.startswith("on") or local == "style":
                note(value, f"in the attribute '{each}', which is code")
            elif local in ADDRESSES or each.startswith("xmlns"):
                note(value, f"in the attribute '{each}', which is an address")

    def data(text: str) -> None:
        if {"script", "style"} & set(inside):
            note(text, f"in the element '{inside[-1]}'")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: inside.pop()
    parser.CharacterDataHandler = data
    parser.CommentHandler = lambda text: note(text, "in a comment")
    parser.ProcessingInstructionHandler = lambda target, text: note(f"{target} {text}", "in an instruction")
    parser.buffer_text = True
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise Misplaced(f"this is no XML: {error}") from None
    for section in re.findall(r"<!\[CDATA\[.*?\]\]>|<!DOCTYPE[^>]*>", text, re.DOTALL):
        note(section, "in a section that is taken as it is")
    return bad


def _in_matches(pattern: re.Pattern[str], place: str) -> Callable[[str, Collection[str]], dict[str, str]]:
    def places(text: str, marks: Collection[str]) -> dict[str, str]:
        bad: dict[str, str] = {}
        for found in pattern.finditer(text):
            bad |= _found(marks, found[0], place)
        return bad

    return places


def _in_json(text: str, marks: Collection[str]) -> dict[str, str]:
    """A mark is a whole string, or there is no JSON at all."""
    quoted = re.sub("|".join(map(re.escape, marks)), lambda mark: json.dumps(mark[0]), text) if marks else text
    try:
        whole = set(_strings(json.loads(quoted)))
    except (ValueError, RecursionError) as error:
        raise Misplaced(f"this is no JSON with a whole string for each slot: {error}") from None
    return {mark: "in a part of a string" for mark in marks if mark not in whole}


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    for each in value if isinstance(value, list) else (*value, *value.values()) if isinstance(value, dict) else ():
        yield from _strings(each)


def _in_desktop(text: str, marks: Collection[str]) -> dict[str, str]:
    rest = DESKTOP_TEXT.sub("", text)
    return _found(marks, rest, "in a line that is not Name, GenericName or Comment")


_PLACES: Mapping[TextKind, Callable[[str, Collection[str]], dict[str, str]]] = MappingProxyType({
    TextKind.HTML: _in_html,
    TextKind.XML: _in_xml,
    TextKind.CSS: _in_matches(CSS_CLOSED, "in a string, a comment or an address"),
    TextKind.JSON: _in_json,
    TextKind.MARKDOWN: _in_matches(MARKDOWN_ADDRESS, "in an address or a tag"),
    TextKind.DESKTOP: _in_desktop,
    TextKind.PLAIN: lambda _text, _marks: {},
})  # fmt: skip
