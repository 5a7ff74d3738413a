"""The sections of a file: its header lines, and what stands under namespace, include, imports and constraints."""

from __future__ import annotations

from pathlib import Path

from sarto.errors import SartoError, did_you_mean
from sarto.model.notation import shortened

from .cursor import Cursor
from .document import Document, Import, Rule
from .faults import Faults
from .levels import LEVELS
from .source import Source
from .tree import read_tree

__all__ = ["read_document"]

_SECTIONS = ("namespace", "include", "imports", "features", "constraints")


def read_document(source: Source, path: Path, faults: Faults) -> Document:
    """The content of one file; what is wrong with it goes into ``faults``."""
    return _SectionReader(source, Document(path, source.file), faults).read()


class _SectionReader:
    """Goes through the lines of a file from section to section."""

    def __init__(self, source: Source, document: Document, faults: Faults) -> None:
        self.source = source
        self.document = document
        self.faults = faults
        self.seen: list[str] = []

    def read(self) -> Document:
        index = 0
        while index < len(self.source.lines):
            line = self.source.lines[index]
            if not line.strip(" \t"):
                index += 1
            elif line[0] in " \t":
                column = len(line) - len(line.lstrip(" \t")) + 1
                what = "this line is indented, but no section begins above it"
                hint = f"a section begins with one of {', '.join(_SECTIONS)} at the start of a line"
                self.faults.error(what, self.source.place(index, column), hint)
                index = self._behind_body(index)
            else:
                index = self._section(index)
        if not self.document.root:
            self._no_features()
        return self.document

    def _section(self, index: int) -> int:
        cursor = Cursor(self.source.lines[index], self.source.file, index + 1)
        token = cursor.take()
        if token.text not in _SECTIONS and self.faults.is_full:
            self.faults.error("", self.source.place(index))
            return self._behind_body(index + 1)
        if token.text not in _SECTIONS:
            hint = did_you_mean(token.text, _SECTIONS) or f"a section is one of {', '.join(_SECTIONS)}"
            self.faults.add(cursor.expected("a section of UVL", token, hint))
            return self._behind_body(index + 1)
        if token.text in self.seen:
            what = f"there is a second section '{token.text}'"
            self.faults.error(what, self.source.place(index), hint="put the two together")
            return self._behind_body(index + 1)
        self._check_order(token.text, index)
        return self._body(token.text, cursor, index)

    def _check_order(self, section: str, index: int) -> None:
        late = [other for other in self.seen if _SECTIONS.index(other) > _SECTIONS.index(section)]
        if late:
            what = f"'{section}' stands behind '{late[0]}'"
            self.faults.oddity("order", what, self.source.place(index), hint=f"the order is {', '.join(_SECTIONS)}")
        self.seen.append(section)

    def _body(self, section: str, cursor: Cursor, index: int) -> int:
        try:
            if section == "namespace":
                cursor.take_reference("the name of the namespace", self.faults)
            cursor.take_end()
        except SartoError as error:
            self.faults.add(error)
        match section:
            case "features":
                return read_tree(self.source, index + 1, self.document, self.faults)
            case "constraints":
                return self._constraints(index + 1)
            case "include":
                self.document.levels = {}
        return self._lines(section, index + 1)

    def _lines(self, section: str, start: int) -> int:
        end = self._behind_body(start)
        for index in range(start, end):
            cursor = Cursor(self.source.lines[index], self.source.file, index + 1)
            if cursor.peek().kind == "end":
                continue
            try:
                if section == "imports":
                    self._import(cursor)
                elif section == "include":
                    self._level(cursor)
                else:
                    cursor.take_end(hint="a namespace is one line")
            except SartoError as error:
                self.faults.add(error)
        return end

    def _import(self, cursor: Cursor) -> None:
        where = cursor.place(cursor.peek())
        path = cursor.take_reference("the name of a file", self.faults)
        prefix = ".".join(path)
        if cursor.peek().text == "as":
            cursor.take()
            prefix = ".".join(cursor.take_reference("a name behind 'as'", self.faults))
        cursor.take_end(hint="a name of other characters than a-z, 0-9 and _ needs double quotes; write: file as name")
        if first := next((known for known in self.document.imports if known.prefix == prefix), None):
            what = f"something is imported as '{shortened(prefix)}' already"
            self.faults.error(what, where, hint=f"give one of the two another name; the first is {first.where}")
            return
        self.document.imports.append(Import(path, prefix, where))

    def _level(self, cursor: Cursor) -> None:
        token = cursor.take()
        where = cursor.place(token)
        level = cursor.text[token.position :].strip(" \t")
        if level in LEVELS and self.document.levels is not None:
            self.document.levels[level] = where
            return
        hint = did_you_mean(level, LEVELS) or f"the levels are {', '.join(LEVELS)}"
        self.faults.oddity("level", f"'{shortened(level)}' is not a language level of UVL", where, hint)

    def _constraints(self, start: int) -> int:
        lines, index = self.source.lines, start
        while index < len(lines):
            content = lines[index].strip(" \t")
            if content and lines[index][0] not in " \t":
                break
            end = index + 1
            if content:
                end = self.source.end_of(index)
                column = lines[index].index(content[0])
                text = content if end == index + 1 else self.source.statement(index, end)[column:].rstrip(" \t")
                self.document.rules.append(Rule(text, self.source.place(index, column + 1)))
            index = end
        return index

    def _behind_body(self, index: int) -> int:
        """The index of the next line that is neither indented nor blank, or that behind the last."""
        lines = self.source.lines
        return next(
            (i for i in range(index, len(lines)) if lines[i].strip(" \t") and lines[i][0] not in " \t"), len(lines)
        )

    def _no_features(self) -> None:
        if self.faults.count:
            return
        if not any(line.strip(" \t") for line in self.source.lines):
            self.faults.error("the file is empty", self.source.place(0))
        elif "features" not in self.seen:
            last = max(index for index, line in enumerate(self.source.lines) if line.strip(" \t"))
            self.faults.error("the file has no section 'features'", self.source.place(last))
        else:
            index = next(i for i, line in enumerate(self.source.lines) if line.startswith("features"))
            self.faults.error("there is no feature in this section", self.source.place(index))
