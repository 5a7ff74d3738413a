"""Whether a brand fits its line: slots, texts, languages and how well its colours can be read on each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..errors import Place, SartoError, did_you_mean
from .colours import contrast_ratio, is_colour, nearest_shade, shown_ratio
from .cosmetics import BrandValue, Contrast, Cosmetic, CosmeticType, languages_in_order, missing_languages, text_in
from .line import LineDescription
from .selection import Selection
from .toml_cosmetics import NAME, cosmetic_fault, texts_faults

__all__ = [
    "MissingText",
    "brand_faults",
    "brand_texts",
    "contrast_faults",
    "filling",
    "missing_texts",
    "slot_faults",
    "slots_of",
]


@dataclass(frozen=True, slots=True)
class MissingText:
    """A language of the line in which a slot has no text of its own; it shows the one in ``instead``."""

    slot: str
    language: str
    instead: str
    where: Place

    @property
    def sentence(self) -> str:
        """It as a sentence."""
        return f"'{self.slot}' has no text in '{self.language}', and shows the one in '{self.instead}'"


def slots_of(line: LineDescription) -> Mapping[str, Cosmetic]:
    """All slots of the line, the product's name first where the line does not place it."""
    return line.cosmetics if NAME in line.cosmetics else {NAME: Cosmetic(NAME), **line.cosmetics}


def filling(line: LineDescription, selection: Selection, slot: str) -> tuple[BrandValue, Place]:
    """What fills a slot, and where that is said: in the selection, else as the line's default.

    An empty text fills a slot, too: with nothing. Only the product's name is never empty, and then the line's.
    """
    if slot in selection.brand and (selection.brand[slot] or slot != NAME):
        return selection.brand[slot], selection.place_of(f"brand.{slot}")
    if slot in line.cosmetics and (line.cosmetics[slot].default or slot != NAME):
        return line.cosmetics[slot].default, default_place(line, slot)
    return line.name, Place(line.file, "line.name")


def brand_texts(line: LineDescription, selection: Selection, language: str = "") -> dict[str, str]:
    """What fills each slot, as one text: that in the language, else in the line's first. The name is always there."""
    texts = {slot: text_in(filling(line, selection, slot)[0], language, line.languages) for slot in slots_of(line)}
    return texts | {NAME: texts[NAME] or line.name}


def default_place(line: LineDescription, slot: str) -> Place:
    """Where the line says what fills a slot by default."""
    return Place(line.file, f"cosmetics.{slot}.default")


def brand_faults(selection: Selection, line: LineDescription) -> Iterator[SartoError]:
    """Everything in the selection's brand that does not fit the line."""
    faults = [fault for slot in selection.brand for fault in slot_faults(selection, line, slot)]
    yield from faults
    if not faults:
        yield from contrast_faults(line, selection)


def slot_faults(selection: Selection, line: LineDescription, name: str) -> Iterator[SartoError]:
    """What is wrong with that which fills one slot, looked at by itself."""
    slots, value, where = slots_of(line), selection.brand[name], selection.place_of(f"brand.{name}")
    slot = slots.get(name)
    if slot is None:
        hint = did_you_mean(name, slots) or f"the slots are {', '.join(slots)}"
        yield SartoError(f"the line '{line.name}' has no cosmetic '{name}'", where=where, hint=hint)
    elif slot.type is CosmeticType.TEMPLATE:
        hint = "fill the slots that it names"
        yield SartoError(f"'{name}' is made from a template of the line", where=where, hint=hint)
    elif not isinstance(value, str):
        for error in texts_faults(slot, value, line.languages):
            yield SartoError(error.what, where=where.at(str(error.where or "")), hint=error.hint)
    elif value and (fault := cosmetic_fault(slot, value)):
        yield SartoError(fault[0], where=where, hint=fault[1])


def contrast_faults(line: LineDescription, selection: Selection | None = None) -> Iterator[SartoError]:
    """Each two colours, the selection's or by default, that are harder to read on each other than the line asks.

    A slot that is empty has no colour to be read. What is wrong is said where the selection fills one of the two.
    """
    asked = selection or Selection(line=line.file, customer="")
    for slot in line.cosmetics.values():
        if not slot.contrast:
            continue
        needs = [(need, _colour(line, asked, need.on)) for need in slot.contrast]
        colour = _colour(line, asked, slot.name)
        present = [(need, other) for need, other in needs if other]
        if not is_colour(colour):
            continue
        for need, other in present:
            if contrast_ratio(colour, other) < need.ratio:
                yield _too_close(line, asked, slot, need, colour, other, [(each, n.ratio) for n, each in present])


def _colour(line: LineDescription, selection: Selection, on: str) -> str:
    value = on if on.startswith("#") else filling(line, selection, on)[0]
    return value if isinstance(value, str) and is_colour(value) else ""


def _too_close(
    line: LineDescription, selection: Selection, slot: Cosmetic, need: Contrast, colour: str, other: str,
    needs: Sequence[tuple[str, float]],
) -> SartoError:  # fmt: skip
    """The fault is that of the colour that the selection fills: of the other one where it fills that alone."""
    on = f"'{need.on}' ({other})" if need.on != other else other
    ratio = shown_ratio(contrast_ratio(colour, other))
    is_of_other = slot.name not in selection.brand and need.on in selection.brand
    name = need.on if is_of_other else slot.name
    shade = nearest_shade(other, [(colour, need.ratio)]) if is_of_other else nearest_shade(colour, needs)
    return SartoError(
        f"'{slot.name}' ({colour}) on {on} has a contrast of {ratio}, and at least {shown_ratio(need.ratio)} is needed",
        where=filling(line, selection, name)[1],
        hint=f"the nearest shade of '{name}' that would do is {shade}" if shade else
             f"no shade of '{name}' would do: change '{slot.name if is_of_other else need.on}'",
    )  # fmt: skip


def missing_texts(line: LineDescription, selection: Selection | None = None) -> Iterator[MissingText]:
    """The texts that are missing: in the selection and the defaults that it keeps, or in all defaults of the line."""
    asked = selection or Selection(line=line.file, customer="")
    for name in line.cosmetics:
        value, where = filling(line, asked, name)
        for language in missing_languages(value, line.languages):
            order = languages_in_order(language, line.languages)
            instead = next((each for each in order if each in value), "")
            yield MissingText(name, language, instead, where)
