"""One UVL file as lines: decoded, its comments blanked out, and which of its lines belong together."""

from __future__ import annotations

import codecs
import re

from sarto.errors import Place, SartoError

from .faults import Faults
from .spelling import NAME

__all__ = ["Source", "read_source"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COMMENT = re.compile(rf"""(?P<kept>"[^"\n]*"|'[^'\n]*'|{NAME})|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)""")
_VISIBLE = re.compile(r"[^\n]")
_GOES_ON = "\x0b"  # at the end of a line that ends inside a comment, with more of its statement behind that
_COMMENTED_LINES = re.compile(rf"(?:{_GOES_ON}\n[ \t]*)+")
_NESTING = re.compile(rf"""(?:"[^"]*"|'[^']*'|{NAME})|(?P<open>[\[({{])|(?P<close>[\])}}])""")
_QUOTED = re.compile(r'"[^"]*"')
_STARTS = frozenset({"mandatory", "optional", "or", "alternative", "include", "imports", "features", "constraints"})
_MOST_UNCLOSED = 3


class Source:
    """The lines of one file, without their comments. Indices count from 0, line numbers in places from 1."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.split("\n")
        self._is_mixed = bool(re.search(r"(?m)^\t* ", text) and re.search(r"(?m)^ *\t", text))
        self._unclosed = 0

    def place(self, index: int, column: int = 1) -> Place:
        """A column of a line."""
        return Place(self.file, "", index + 1, column)

    def width(self, indentation: str) -> int:
        """How far an indentation reaches; where a file has tabs and blanks, a tab goes to the next multiple of 8."""
        return len(indentation.expandtabs(8)) if self._is_mixed else len(indentation)

    def end_of(self, index: int) -> int:
        """The index behind the statement that begins in a line: it goes on while a bracket or a comment is open.

        A bracket that is never closed ends with its line; after some of those, all brackets do, so that a
        file full of them still takes time in proportion to its length.
        """
        line = self.lines[index]
        depth = _nesting(line) if "(" in line or "{" in line or "[" in line else 0
        if (depth <= 0 or self._unclosed == _MOST_UNCLOSED) and not line.endswith(_GOES_ON):
            return index + 1
        for end in range(index + 1, len(self.lines)):
            line = self.lines[end]
            if line.strip() in _STARTS:
                break
            depth += _nesting(line)
            if depth <= 0 and not line.endswith(_GOES_ON):
                return end + 1
        self._unclosed += 1
        return index + 1

    def statement(self, index: int, end: int) -> str:
        """The lines from ``index`` to before ``end`` as one text."""
        return self.lines[index] if end == index + 1 else "\n".join(self.lines[index:end])


def _nesting(line: str) -> int:
    """How many more brackets a line opens than it closes."""

    bare = _QUOTED.sub("", line) if '"' in line else line
    if "'" not in bare and '"' not in bare:
        return sum(bare.count(bracket) for bracket in "([{") - sum(bare.count(bracket) for bracket in ")]}")
    found = [match.lastgroup for match in _NESTING.finditer(line)]
    return found.count("open") - found.count("close")


def read_source(data: bytes, file: str, faults: Faults) -> Source:
    """The text of a file. Raises SartoError where it is no UTF-8 text."""
    text = _decoded(data, file)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := _CONTROL.search(text):
        character = f"U+{ord(control[0]):04X}"
        what = f"the control character {character} does not belong in a text"
        raise SartoError(what, where=_place(text, control.start(), file), hint="is this a UVL file?")
    if "//" in text or "/*" in text:
        text = _without_comments(text, file, faults)
    return Source(file, text)


def _decoded(data: bytes, file: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SartoError("the file is in UTF-16", where=Place(file, "", 1, 1), hint="save it as UTF-8")
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        before = data.removeprefix(codecs.BOM_UTF8)[: error.start].decode()
        what = f"the byte 0x{error.object[error.start]:02x} is not UTF-8"
        raise SartoError(what, where=_place(before, len(before), file), hint="save the file as UTF-8") from None


def _place(text: str, position: int, file: str) -> Place:
    return Place(file, "", text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position))


def _without_comments(text: str, file: str, faults: Faults) -> str:
    """The text with blanks for its comments, so that everything else stays in its line, and mostly in its column."""

    def joined(match: re.Match[str]) -> str:
        is_at_end = match.end() == len(match.string) or match.string[match.end()] == "\n"
        return match[0].replace(_GOES_ON, "") if is_at_end else match[0]

    def blank(match: re.Match[str]) -> str:
        if match["kept"] is not None:
            return match[0]
        if match[0].startswith("/*") and (len(match[0]) < 4 or not match[0].endswith("*/")):
            faults.error("this comment is never closed", _place(text, match.start(), file), hint="end it with */")
        breaks = match[0].count("\n")
        if breaks and not (before := text[text.rfind("\n", 0, match.start()) + 1 : match.start()]).strip(" \t"):
            return "\n" * breaks + before  # what comes behind it is indented like the comment
        return _VISIBLE.sub(" ", match[0]).replace("\n", f"{_GOES_ON}\n")

    return _COMMENTED_LINES.sub(joined, _COMMENT.sub(blank, text))
