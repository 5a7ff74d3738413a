"""From the bytes of an XML file to its elements, each with its place; nothing outside the file is ever read."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from sarto.errors import Place, SartoError
from sarto.model.notation import shortened

__all__ = ["Element", "scan"]


@dataclass(slots=True)
class Element:
    """An element: its attributes, the elements in it and the text directly in it."""

    tag: str
    attributes: dict[str, str]
    where: Place
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly in the element."""
        return "".join(self.texts)


def scan(content: bytes, file: str) -> Element:
    """The outermost element of an XML document.

    Raises SartoError, with line and column, at the first place where it is not well formed, and where it
    declares entities or leads to other files.
    """
    return _Scanner(file).scan(content)


class _Scanner:
    """The elements that are open while expat reads on."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.open: list[Element] = []
        self.outermost: list[Element] = []
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._refuse_entity
        parser.ExternalEntityRefHandler = self._refuse_entity
        parser.SkippedEntityHandler = self._refuse_entity

    def scan(self, content: bytes) -> Element:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            where = Place(self.file, line=error.lineno, column=error.offset + 1)
            raise SartoError(f"this is not XML: {expat.ErrorString(error.code)}", where=where) from None
        except (LookupError, ValueError):
            where = Place(self.file, line=1, column=1)
            raise SartoError("the encoding that this file names is unknown", where=where, hint="use UTF-8") from None
        return self.outermost[0]

    def _where(self) -> Place:
        return Place(self.file, line=self.parser.CurrentLineNumber, column=self.parser.CurrentColumnNumber + 1)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, self._where())
        (self.open[-1].children if self.open else self.outermost).append(element)
        self.open.append(element)

    def _end(self, _tag: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].texts.append(text)

    def _refuse_entity(self, name: str | None, *_details: object) -> int:
        what = f"the entity '{shortened(name or '')}' is refused: a feature model has no need of entities"
        raise SartoError(what, where=self._where(), hint="write its text out")
