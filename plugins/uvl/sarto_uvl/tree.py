"""The features section of a file: its lines, by their indentation, to features and groups."""

from __future__ import annotations

import re

from sarto.errors import Place, SartoError
from sarto.model.feature import Feature, GroupKind
from sarto.model.notation import shortened

from .cursor import Cursor
from .document import Document, OpenGroup
from .faults import Faults
from .feature_line import plain_name, read_feature, read_simple_feature
from .source import Source
from .spelling import read_cardinality

__all__ = ["read_tree"]

_KINDS = {kind.value: kind for kind in GroupKind if kind is not GroupKind.CARDINALITY}
_FIRST_WORD = re.compile(r"\[[^\]]*\]|\w+")


def read_tree(source: Source, start: int, document: Document, faults: Faults) -> int:
    """Read the lines from index ``start`` into the document; gives the index of the line behind the section."""
    return _TreeReader(source, document, faults).read(start)


class _TreeReader:
    """The path from the root to the line in hand, names of features and groups in turn, with their indentations."""

    def __init__(self, source: Source, document: Document, faults: Faults) -> None:
        self.source = source
        self.document = document
        self.faults = faults
        self.roots = OpenGroup(None, GroupKind.MANDATORY, Place(document.file))
        self.path: list[OpenGroup | str] = [self.roots]
        self.depths = [0]

    def read(self, start: int) -> int:
        """Read line by line; a line with nothing but a name is all that this loop itself understands."""
        lines, file = self.source.lines, self.document.file
        index = start
        while index < len(lines):
            line = lines[index]
            content = line.strip(" \t")
            if not content:
                index += 1
                continue
            column = line.index(content[0])
            if not column:
                break
            depth = self.source.width(line[:column])
            if depth <= self.depths[-1]:
                self._step_out(depth, self.source.place(index, column + 1))
            above = self.path[-1]
            index += 1
            if type(above) is OpenGroup and (name := plain_name(content)):
                self._add(Feature(name=name, where=Place(file, "", index, column + 1)), above)
            else:
                index = self._line(index - 1, column, content)
            self.depths.append(depth)
        self._finish()
        return index

    def _step_out(self, depth: int, where: Place) -> None:
        """Leave the features and groups that are indented as far as this line, or further."""
        while self.depths[-1] >= depth:
            last = self.depths.pop()
            self.path.pop()
        if last != depth:
            hint = "begin it where a line above begins that it goes with"
            self.faults.error("this line is indented like none of the lines above it", where, hint)

    def _line(self, index: int, column: int, content: str) -> int:
        """Read any other line, and put what it opens on the path; gives the index of the line behind it."""
        above = self.path[-1]
        where = self.source.place(index, column + 1)
        word = _FIRST_WORD.match(content)
        if word and (word[0] in _KINDS or content[0] == "["):
            self._open_group(word[0], content, where)
            return index + 1
        if isinstance(above, str):
            what = f"'{shortened(content)}' stands directly below the feature '{shortened(above)}', not in a group"
            hint = "put mandatory, optional, or, alternative or [n..m] between the two"
            self.faults.error(what, where, hint)
        group = above if isinstance(above, OpenGroup) else None
        feature = read_simple_feature(content, where, self.faults)
        if feature is not None:
            self._add(feature, group)
            return index + 1
        end = self.source.end_of(index)
        cursor = Cursor(self.source.statement(index, end), self.document.file, index + 1, column)
        self._add(read_feature(cursor, where, self.document, self.faults), group)
        return end

    def _add(self, feature: Feature, group: OpenGroup | None) -> None:
        self.path.append(feature.name)
        if not feature.name:  # its line could not be read, which is reported
            if group is not None:
                group.is_spoilt = True
            return
        if group is not None:
            group.members.append(feature.name)
        if feature.name not in self.document.features:
            self.document.features[feature.name] = feature
        else:
            first = self.document.features[feature.name].where
            what = f"the feature '{shortened(feature.name)}' is there twice"
            self.faults.error(what, feature.where, hint=f"give one of the two another name; the first is {first}")

    def _open_group(self, word: str, content: str, where: Place) -> None:
        above = self.path[-1]
        parent = above if isinstance(above, str) else None
        group = OpenGroup(parent, _KINDS.get(word, GroupKind.CARDINALITY), where)
        self.path.append(group)
        self.document.groups.append(group)
        if isinstance(above, OpenGroup):
            above.is_spoilt = True
            what = f"'{shortened(word)}' stands where a feature is expected"
            hint = "indent a group below its feature"
            hint += "" if word[0] == "[" else "; a name like this needs double quotes"
            self.faults.error(what, where, hint)
        try:
            if group.kind is GroupKind.CARDINALITY:
                group.low, group.high = read_cardinality(word, where, self.faults)
            if content != word:
                cursor = Cursor(content, where.file, where.line or 1, len(word), where.column or 1)
                cursor.take_end()
        except SartoError as error:
            self.faults.add(error)
            group.low, group.high = 0, None

    def _finish(self) -> None:
        for group in self.document.groups:
            if not group.members and not group.is_spoilt and group.parent is not None:
                what = f"this group of '{shortened(group.parent)}' has no features"
                self.faults.error(what, group.where, hint="indent its features below it")
        first, *others = self.roots.members or [""]
        self.document.root = first
        for name in others:
            what = f"'{shortened(name)}' stands beside the root feature '{shortened(first)}'"
            where = self.document.features[name].where
            self.faults.error(what, where, hint="a model has one root; indent the other below it")
