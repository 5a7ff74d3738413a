"""Files from a line's templates: ``$slot`` becomes what fills the slot, escaped for what the file is.

The notation is that of :class:`string.Template`. A template engine with loops and conditions would be one more
dependency of every Sarto, and could run what a customer wrote; a product that needs one has it in its own code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from ..errors import Place, SartoError, did_you_mean, raise_all
from ..model.cosmetics import CosmeticType
from .escaping import SUFFIXES, TextKind, escaped, kind_of
from .svg import SvgFault, read_svg
from .text_places import Misplaced, misplaced

__all__ = ["LANGUAGE", "Filling", "Template", "read_template"]

LANGUAGE = "language"
"""A template's name for the language that it is filled in."""
NAMED = re.compile(r"\$(?:(?P<dollar>\$)|(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[^{}\n]*)\}|(?P<lone>))")
LOWEST_MARK, MARKS = 0xE000, 0x1900
"""The private use area: characters that mean nothing anywhere."""
MOST_NAMED = 64 * 64


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills a slot: a text, a colour or a command; or the path of a file, as it is seen from the template's."""

    type: CosmeticType
    value: str

    def written(self, kind: TextKind) -> str:
        """It as it stands in a file of this kind."""
        value = quote(self.value) if self.type.is_file else self.value
        if kind is TextKind.JSON:
            return escaped(kind, value)
        if self.type.is_file and value and kind is TextKind.CSS:
            return f'url("{value}")'
        return escaped(kind, value) if self.type is CosmeticType.TEXT else value


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read: its text, and the kind of file that it makes."""

    file: str
    kind: TextKind
    text: str

    def filled(self, fillings: Mapping[str, Filling]) -> bytes:
        """The file. Every slot that it names is among the ``fillings``."""

        def fill(found: re.Match[str]) -> str:
            name = _name(found)
            return "$" if name is None else fillings[name].written(self.kind)

        return NAMED.sub(fill, self.text).encode()


def read_template(content: bytes, file: str, types: Mapping[str, CosmeticType]) -> Template:
    """The template in a file, checked: it names slots of the line, and texts only where they stay texts.

    Raises SartoErrors with everything that is wrong, with its place in the file.
    """
    suffix = PurePosixPath(file.replace("\\", "/")).suffix
    kind = kind_of(suffix)
    if kind is None:
        what = f"the brand's texts are not put into files named '*{suffix}'"
        raise SartoError(what, where=file, hint=f"a template is one of {', '.join(SUFFIXES)}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SartoError(f"this is not UTF-8, from byte {error.start} on", where=file) from None
    raise_all(_faults(text, file, kind, types))
    return Template(file, kind, text)


def _name(found: re.Match[str]) -> str | None:
    """The name of the slot; None where it is a dollar."""
    return None if found["dollar"] else found["plain"] or found["braced"] or ""


def _faults(text: str, file: str, kind: TextKind, types: Mapping[str, CosmeticType]) -> Iterator[SartoError]:
    known = {**types, LANGUAGE: types.get(LANGUAGE, CosmeticType.COMMAND)}
    found = [each for each in NAMED.finditer(text) if not each["dollar"]]
    if len(found) > MOST_NAMED:
        yield SartoError(f"this template names slots {len(found):,} times, and may {MOST_NAMED:,} times", where=file)
        return
    wrong = [(each, fault) for each in found if (fault := _name_fault(each, known))]
    for each, (what, hint) in wrong:
        yield SartoError(what, where=_place(text, file, each.start()), hint=hint)
    if not wrong:
        yield from _misplaced(text, file, kind, known)


def _name_fault(found: re.Match[str], known: Mapping[str, CosmeticType]) -> tuple[str, str] | None:
    name = _name(found)
    if not name:
        return "a '$' that names no slot", "write $$ for a dollar sign"
    if name not in known:
        return f"there is no slot '{name}'", did_you_mean(name, known) or f"the slots are {', '.join(known)}"
    if known[name] is CosmeticType.TEMPLATE:
        return f"'{name}' is a template, too", "a template names slots that are filled, or write the file's name"
    return None


def _misplaced(text: str, file: str, kind: TextKind, known: Mapping[str, CosmeticType]) -> Iterator[SartoError]:
    if any(LOWEST_MARK <= ord(each) < LOWEST_MARK + MARKS for each in text):
        yield SartoError("a template has no characters of the private use area", where=file)
        return
    marks: dict[str, re.Match[str]] = {}

    def mark(found: re.Match[str]) -> str:
        name = _name(found)
        if name is None:
            return "$"
        if not _is_kept_in_place(known[name], kind):
            return Filling(known[name], "").written(kind) or "x"
        signs = f"{chr(LOWEST_MARK + len(marks) // 64)}{chr(LOWEST_MARK + 64 + len(marks) % 64)}"
        marks[signs] = found
        return signs

    marked = NAMED.sub(mark, text)
    try:
        bad = misplaced(kind, marked, marks)
    except Misplaced as error:
        yield SartoError(str(error), where=file)
        return
    for signs, where in bad.items():
        what = f"'{_name(marks[signs])}' stands {where}: there it would not stay a text"
        yield SartoError(
            what, where=_place(text, file, marks[signs].start()), hint=_HINTS.get(kind, "put it elsewhere")
        )


def _is_kept_in_place(type: CosmeticType, kind: TextKind) -> bool:
    """Whether it matters where it stands: a colour and a command are letters and digits alone, and harmless anywhere.

    In CSS a file is an address with quotes, and in JSON everything is a string with them.
    """
    return type is CosmeticType.TEXT or kind is TextKind.JSON or (kind is TextKind.CSS and type.is_file)


_HINTS = {
    TextKind.HTML: "put it between tags, or into a quoted attribute that is neither code nor an address",
    TextKind.XML: "put it between tags, or into an attribute that is neither code nor an address",
    TextKind.CSS: "write the name alone: it becomes a whole string with its quotes, or an address",
    TextKind.JSON: "write the name alone: it becomes a whole string with its quotes",
}


def _place(text: str, file: str, position: int) -> Place:
    before = text[:position]
    return Place(file, line=before.count("\n") + 1, column=position - before.rfind("\n"))


def svg_fault(content: bytes, file: str) -> SartoError | None:
    """What keeps a filled SVG from being handed out."""
    try:
        read_svg(content)
    except SvgFault as fault:
        return SartoError(fault.what, where=file, hint=fault.hint)
    return None
