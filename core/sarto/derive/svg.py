"""SVG that may be handed out: nothing in it runs, and nothing in it comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.parsers import expat

__all__ = ["SvgFault", "read_svg"]

SVG = "http://www.w3.org/2000/svg"
ALL = " "
"""Stands for the whole picture among the names of its elements, which have no spaces."""
XHTML = "http://www.w3.org/1999/xhtml"
BETWEEN = "\n"
"""Stands between a namespace and a name in what the parser tells: in neither of the two it can."""
RUNNING = frozenset(
    {"script", "foreignobject", "handler", "listener", "iframe", "embed", "object", "audio", "video", "canvas"}
)
"""Elements that run something, or show something that is no picture."""
HARMLESS = re.compile(r"#|data:image/(png|jpeg|gif|webp);base64,")
CALLS = re.compile(r"(?<![\w-])(url|src|image|image-set|-webkit-image-set|cross-fade|expression)\(", re.IGNORECASE)
"""Functions of CSS that fetch something, or once ran something."""
OWN = re.compile(r"""url\(\s*(['"]?)#[\w.-]+\1\s*\)""", re.IGNORECASE)
MOST_NESTED = 500
MOST_COPIES = 10_000
"""So often may elements be drawn again by others that use them: copies of copies multiply."""


class SvgFault(Exception):
    """Why a text is no SVG to hand out, with its line in ``what``; ``is_no_svg`` where it is none at all."""

    def __init__(self, what: str, hint: str = "", *, is_no_svg: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.is_no_svg = is_no_svg


def read_svg(content: bytes) -> tuple[int, int]:
    """The width and height, 0 where it tells none in pixels. Raises :class:`SvgFault`.

    Refused are scripts and what else runs, event handlers, references out of the file (in attributes, in CSS, by
    processing instructions), documents of another kind in it, and declarations of entities.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(content.decode("utf-8-sig").encode(), True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise SvgFault(f"this is no XML: {error}", is_no_svg=reader.root != f"{SVG}{BETWEEN}svg") from None
    if _copies(reader.uses) > MOST_COPIES:
        what = f"this SVG draws elements again more than {MOST_COPIES:,} times, as copies of copies do"
        raise SvgFault(what, "draw each thing once")
    return reader.size


def _copies(uses: Mapping[str, Sequence[str]]) -> int:
    """How many copies are drawn in all; more than may be where an element is in a copy of itself, or they go deep."""
    known: dict[str, int] = {}

    def within(element: str, above: frozenset[str]) -> int:
        if element in above or len(above) > MOST_NESTED:
            return MOST_COPIES + 1
        if element not in known:
            counts = (1 + within(used, above | {element}) for used in uses.get(element, ()))
            known[element] = min(sum(counts), MOST_COPIES + 1)
        return known[element]

    return within(ALL, frozenset())


class _Reader:
    """Hears what the parser tells, and raises at the first thing that may not be handed out."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=BETWEEN)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.XmlDeclHandler = self._declaration
        self.parser.ProcessingInstructionHandler = self._instruction
        self.root = ""
        self.size = (0, 0)
        self.open: list[str] = []
        self.style: list[str] = []
        self.named: list[str] = [ALL]
        self.uses: dict[str, list[str]] = {ALL: []}

    def _refuse(self, what: str, hint: str) -> SvgFault:
        return SvgFault(f"this SVG has {what} (line {self.parser.CurrentLineNumber})", hint)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, local = name.rpartition(BETWEEN)
        if not self.root:
            self.root = name
            if name != f"{SVG}{BETWEEN}svg":
                raise SvgFault("this is no SVG", is_no_svg=True)
            self.size = _size(attributes)
        if namespace == XHTML:
            raise self._refuse(f"an element of HTML, '{local}'", "keep to SVG: a brand's picture is only looked at")
        if local.lower() in RUNNING:
            raise self._refuse(f"an element '{local}'", "save it without: a brand's picture is only looked at")
        if len(self.open) >= MOST_NESTED:
            raise self._refuse(f"more than {MOST_NESTED} elements in one another", "")
        self.open.append(local)
        self.named.append(attributes.get("id", ""))
        used = next((value.strip() for each, value in attributes.items() if _local(each) == "href"), "")
        if local == "use" and used:
            for element in filter(None, self.named):
                self.uses.setdefault(element, []).append(used.removeprefix("#"))
        for each, value in attributes.items():
            self._attribute(_local(each), value)

    def _attribute(self, name: str, value: str) -> None:
        plain, value = name.lower(), value.strip()
        if plain.startswith("on"):
            raise self._refuse(f"an event handler, '{name}'", "save it without: a brand's picture is only looked at")
        if plain in ("href", "src") and value and not HARMLESS.match(value):
            raise self._refuse(f"a reference to '{value[:60]}'", "put what it needs into the file itself")
        if plain == "base":
            raise self._refuse(f"a base for its references, '{value[:60]}'", "leave it out")
        if plain == "attributename" and (value.lower().rpartition(":")[2] == "href" or value.lower().startswith("on")):
            raise self._refuse(f"an animation of '{value}'", "leave it out")
        self._css(value, is_style=plain == "style")

    def _css(self, text: str, *, is_style: bool) -> None:
        """In an attribute, too: those that say how something looks are CSS."""
        if "\\" in text and (is_style or "(" in text):
            raise self._refuse("a backslash in its style", "write the style plainly")
        if is_style and "@import" in text.lower():
            raise self._refuse("an import in its style", "put what it needs into the file itself")
        if found := CALLS.search(OWN.sub("", text)):
            raise self._refuse(f"{found[1]}(…) with something from elsewhere", "put what it needs into the file itself")

    def _text(self, text: str) -> None:
        if self.open and self.open[-1].lower() == "style":
            self.style.append(text)

    def _end(self, _name: str) -> None:
        self.named.pop()
        if self.open.pop().lower() == "style":
            self._css("".join(self.style), is_style=True)
            self.style.clear()

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
        if has_internal_subset:
            raise self._refuse(
                "declarations in its DOCTYPE, as of entities", "save it without: they can make it grow or run"
            )

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            raise self._refuse(f"the encoding {encoding}", "save it as UTF-8")

    def _instruction(self, target: str, _data: str) -> None:
        raise self._refuse(f"an instruction '{target}'", "save it without: it can fetch a style from elsewhere")


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(BETWEEN)[2]


def _size(attributes: Mapping[str, str]) -> tuple[int, int]:
    width, height = (_pixels(attributes.get(key, "")) for key in ("width", "height"))
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    if not (width and height) and len(box) == 4:
        width, height = _pixels(box[2]), _pixels(box[3])
    return (width, height) if width and height else (0, 0)


def _pixels(text: str) -> int:
    found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d+)?)(?:px)?\s*", text)
    return max(1, round(float(found[1]))) if found else 0
