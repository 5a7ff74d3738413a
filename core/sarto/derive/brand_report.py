"""What a brand comes to: each slot with what fills it, from where, and what is missing; and a line's own findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..errors import Place, SartoError
from ..model.brand_check import MissingText, filling, missing_texts, slots_of
from ..model.colours import contrast_ratio
from ..model.cosmetics import CosmeticType
from ..model.line import LineDescription
from ..model.selection import Selection
from ..solve.soundness import Finding, Severity
from .brand import Brand, brand_of
from .pictures import Picture

__all__ = ["ReadOn", "SlotFilled", "Source", "brand_findings", "brand_report"]


class Source(StrEnum):
    """Who fills a slot: the selection or a profile of it, the line by default, or nobody."""

    SELECTION = "selection"
    PROFILE = "profile"
    LINE = "line"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class ReadOn:
    """How well a colour can be read on another slot's or a fixed one, and how well it has to be."""

    on: str
    ratio: float
    needed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFilled:
    """One slot: what fills it, who does and where that is said.

    ``value`` is the text in the line's first language, the colour, or the path in the build; ``texts`` has it by
    language. ``files`` are all that the slot has in the build, with their bytes' number.
    """

    slot: str
    type: CosmeticType
    summary: str
    value: str
    texts: Mapping[str, str]
    source: Source
    where: Place
    files: Mapping[str, int]
    picture: Picture | None
    read_on: tuple[ReadOn, ...]
    missing: tuple[MissingText, ...]


def brand_report(line: LineDescription, folder: Path, selection: Selection) -> tuple[SlotFilled, ...]:
    """Every slot of the line in ``folder``, as the selection leaves it. Raises SartoError as :func:`.brand_of` does."""
    brand = brand_of(line, folder, selection)
    missing = tuple(missing_texts(line, selection))
    return tuple(_slot(line, selection, brand, name, missing) for name in slots_of(line))


def _slot(
    line: LineDescription, selection: Selection, brand: Brand, name: str, missing: tuple[MissingText, ...]
) -> SlotFilled:
    slot, (value, where) = slots_of(line)[name], filling(line, selection, name)
    own = {brand.slots[name], *brand.variants.get(name, {}).values()}
    source = Source.LINE if value else Source.NOBODY
    if name in selection.brand and where == selection.place_of(f"brand.{name}"):
        source = Source.SELECTION if where.file in ("", selection.file) else Source.PROFILE
    return SlotFilled(
        slot=name, type=slot.type, summary=slot.summary, value=brand.slots[name], texts=brand.texts.get(name, {}),
        source=source, where=where, files={path: len(brand.files[path]) for path in brand.files if path in own},
        picture=brand.pictures.get(name), read_on=tuple(_read_on(line, brand, name)),
        missing=tuple(each for each in missing if each.slot == name),
    )  # fmt: skip


def _read_on(line: LineDescription, brand: Brand, name: str) -> Iterator[ReadOn]:
    for need in slots_of(line)[name].contrast:
        colour, other = brand.slots[name], need.on if need.on.startswith("#") else brand.slots[need.on]
        if colour and other:
            yield ReadOn(need.on, contrast_ratio(colour, other), need.ratio)


def brand_findings(line: LineDescription, folder: Path) -> Iterator[Finding]:
    """What is wrong with the line's own cosmetics: files and templates (errors), and missing texts (warnings)."""
    if not line.cosmetics:
        return
    try:
        brand_of(line, folder, Selection(line=line.file, customer=""))
    except SartoError as error:
        for single in error.errors:
            where = single.where if isinstance(single.where, Place) else Place(single.where or "")
            yield Finding(Severity.ERROR, "cosmetic", single.what, where, hint=single.hint)
    for missing in missing_texts(line):
        hint = f"add a text in '{missing.language}'"
        yield Finding(Severity.WARNING, "missing-text", missing.sentence, missing.where, hint=hint)
