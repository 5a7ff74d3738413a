"""Reading ``[cosmetics]``, the slots of a product's appearance, and what may fill one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from ..errors import SartoError, did_you_mean
from .colours import is_colour
from .cosmetics import BrandValue, Contrast, Cosmetic, CosmeticType
from .names import RESERVED, is_plain_text
from .toml_table import Table
from .values import is_number, shown

__all__ = ["NAME", "cosmetic_fault", "language_fault", "read_cosmetics", "read_languages", "texts_faults"]

NAME = "name"
"""The slot that every line has: the product's name."""
LONGEST_TEXT = 1000
LONGEST_COMMAND = 60
KEYS = ("type", "default", "summary")
KEYS_OF = {
    CosmeticType.TEXT: ("shortest", "longest"),
    CosmeticType.COLOUR: ("contrast",),
    CosmeticType.IMAGE: ("kinds", "largest_kb"),
    CosmeticType.ICON: ("kinds", "largest_kb", "sizes"),
    CosmeticType.FILE: ("largest_kb",),
    CosmeticType.TEMPLATE: (),
    CosmeticType.COMMAND: (),
}
KINDS = {
    CosmeticType.IMAGE: ("svg", "png", "jpeg", "webp"),
    CosmeticType.ICON: ("svg", "png"),
}
"""What pictures of each type can be."""
BIGGEST_ICON = 512
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What makes the letters after it run the other way: also those of whoever puts the text into a sentence."""


def read_languages(line: Table) -> tuple[str, ...]:
    """The languages of the line's texts, the first one first."""
    return line.texts("languages", check=language_fault)


def language_fault(tag: str) -> tuple[str, str] | None:
    """Why the text is no language tag of BCP 47, as ``en``, ``pt-BR`` or ``zh-Hant``."""
    if re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", tag):
        return None
    return f"{shown(tag)} is not a language", 'write it as "en", "pt-BR" or "zh-Hant"'


def read_cosmetics(cosmetics: Table, languages: Sequence[str]) -> Mapping[str, Cosmetic]:
    """The slots of the product's appearance; how colours go together is for :mod:`.brand_check` to say."""
    found = {name: _read_slot(cosmetics, name, languages) for name in cosmetics}
    for slot in found.values():
        for index, contrast in enumerate(slot.contrast):
            if fault := _contrast_fault(slot, contrast, found):
                cosmetics.fault(fault[0], cosmetics.at(slot.name).at(f"contrast[{index}].on"), hint=fault[1])
    commands = [slot.name for slot in found.values() if slot.type is CosmeticType.COMMAND]
    for name in commands[1:]:
        what = f"'{commands[0]}' gives the name of the command already"
        cosmetics.fault(what, cosmetics.at(name), hint="keep one of the two")
    return found


def _read_slot(cosmetics: Table, name: str, languages: Sequence[str]) -> Cosmetic:
    table = cosmetics.table(name)
    if not re.fullmatch(r"\w[\w -]*", name):
        cosmetics.fault(f"{shown(name)} cannot name a slot", name, hint="use letters, digits, '-' and '_'")
    kind = table.choice("type", CosmeticType, CosmeticType.TEXT)
    if name == NAME and kind is not CosmeticType.TEXT:
        table.fault("the slot 'name' is the product's name, a text", "type")
    _refuse_strange_keys(table, kind)
    shortest, longest = (table.integer(key) for key in ("shortest", "longest"))
    if shortest is not None and shortest > (LONGEST_TEXT if longest is None else longest):
        table.fault(f"no text has at least {shortest} and at most {longest or LONGEST_TEXT} characters", "shortest")
    if longest is not None and not 1 <= longest <= LONGEST_TEXT:
        table.fault(f"a text has at most from 1 to {LONGEST_TEXT} characters, not {longest}", "longest")
    slot = Cosmetic(
        name, kind, summary=table.text("summary"), shortest=shortest or 0, longest=longest,
        contrast=_read_contrast(table), kinds=_read_kinds(table, kind), largest_kb=_read_largest(table),
        sizes=_read_sizes(table),
    )  # fmt: skip
    if kind is CosmeticType.TEMPLATE and not table.content.get("default"):
        table.missing("default", 'the template, a file of the line: default = "templates/welcome.html"')
    return Cosmetic(
        name, kind, _read_default(table, slot, languages), slot.summary, slot.shortest, slot.longest, slot.contrast,
        slot.kinds, slot.largest_kb, slot.sizes,
    )  # fmt: skip


def _refuse_strange_keys(table: Table, kind: CosmeticType) -> None:
    known = (*KEYS, *KEYS_OF[kind])
    for key in table:
        others = [other.value for other, keys in KEYS_OF.items() if key in keys]
        if key not in known and others:
            hint = f"it is for slots of the type {' or '.join(others)}"
            article = "an" if kind.value[0] in "aeiou" else "a"
            table.fault(f"{article} {kind.value} has no '{key}'", key, hint=hint)
        elif key not in known:
            hint = did_you_mean(key, known) or f"the keys here are {', '.join(known)}"
            table.fault(f"unknown key '{key}'", key, hint=hint)


def _read_default(table: Table, slot: Cosmetic, languages: Sequence[str]) -> BrandValue:
    if isinstance(table.content.get("default"), dict):
        texts = table.table("default")
        found = {language: texts.text(language) for language in texts}
        for error in texts_faults(slot, found, languages):
            texts.fault(error.what, texts.where.at(str(error.where or "")), hint=error.hint)
        return found
    return table.text("default", check=lambda text: cosmetic_fault(slot, text))


def _read_contrast(table: Table) -> tuple[Contrast, ...]:
    """The contrasts, of one table or a list of them."""
    content = table.content.get("contrast", [])
    if isinstance(content, dict):
        table = Table({"contrast": [content]}, table.where, table.errors)
    found = []
    for each in table.tables("contrast", ("on", "ratio")):
        on, ratio = each.text("on", needed='on = "paper", or on = "#ffffff"'), each.number("ratio", 4.5)
        if ratio is not None and not 1 <= ratio <= 21:
            each.fault(f"a contrast is from 1 to 21, not {shown(ratio)}", "ratio")
        elif on and ratio is not None:
            found.append(Contrast(on, float(ratio)))
    return tuple(found)


def _contrast_fault(slot: Cosmetic, contrast: Contrast, slots: Mapping[str, Cosmetic]) -> tuple[str, str] | None:
    on = contrast.on
    if on.startswith("#"):
        return None if is_colour(on) else (f"{shown(on)} is not a colour", 'write it as "#1e90ff"')
    if on == slot.name:
        return f"'{on}' is this slot itself", "name another one, or a colour such as #ffffff"
    if on not in slots or slots[on].type is not CosmeticType.COLOUR:
        colours = [name for name, other in slots.items() if other.type is CosmeticType.COLOUR and name != slot.name]
        return f"there is no colour '{on}'", did_you_mean(on, colours) or 'or write it as "#1e90ff"'
    return None


def _read_kinds(table: Table, kind: CosmeticType) -> tuple[str, ...]:
    known = KINDS.get(kind, ())

    def check(word: str) -> tuple[str, str] | None:
        if word in known:
            return None
        return f"{shown(word)} is no kind of {kind.value}", did_you_mean(word, known) or f"one of {', '.join(known)}"

    return table.texts("kinds", check=check, or_one=True) if known else ()


def _read_largest(table: Table) -> int | None:
    largest = table.integer("largest_kb")
    if largest is not None and not 1 <= largest <= 16 * 1024:
        table.fault(f"a file of a brand has at most from 1 to {16 * 1024} KB, not {largest}", "largest_kb")
        return None
    return largest


def _read_sizes(table: Table) -> tuple[int, ...]:
    sizes = table.content.get("sizes", [])
    if not isinstance(sizes, list):
        table.fault(f"expected a list of numbers, but found {shown(sizes)}", "sizes", hint="write sizes = [16, 32]")
        return ()
    found: dict[int, None] = {}
    for index, size in enumerate(sizes):
        where = table.at("sizes").at(f"[{index}]")
        if not is_number(size) or not isinstance(size, int) or not 1 <= size <= BIGGEST_ICON:
            table.fault(f"{shown(size)} is not a size", where, hint=f"a number of pixels from 1 to {BIGGEST_ICON}")
        else:
            found[size] = None
    return tuple(found)


def texts_faults(slot: Cosmetic, texts: Mapping[str, str], languages: Collection[str]) -> list[SartoError]:
    """What is wrong with the texts of a slot by language; the place of each fault is the language."""
    if slot.type is not CosmeticType.TEXT:
        return [SartoError(f"a {slot.type.value} is the same in every language", hint="write one text")]
    if slot.name == NAME:
        return [SartoError("a product has one name in every language", hint="write one text")]
    faults = [] if texts else [SartoError("there is no text in any language", hint='write one as in { en = "text" }')]
    for language, text in texts.items():
        if language not in languages:
            known = f"the line's languages are {', '.join(languages)}" if languages else "the line names no languages"
            hint = did_you_mean(language, languages) or known
            faults.append(SartoError(f"the line has no texts in '{language}'", where=language, hint=hint))
        elif text and (fault := cosmetic_fault(slot, text)):
            faults.append(SartoError(fault[0], where=language, hint=fault[1]))
    return faults


def cosmetic_fault(slot: Cosmetic, text: str) -> tuple[str, str] | None:
    """Why the text, which is not empty, does not fit the slot."""
    if not is_plain_text(text):
        return f"the slot '{slot.name}' takes one line without control characters", "write it on one line"
    if any(character in text for character in TURNING):
        what = f"the slot '{slot.name}' takes no characters that turn the direction of what follows them"
        return what, "leave them out: letters bring their own direction"
    match slot.type:
        case CosmeticType.TEXT:
            return _length_fault(slot, text)
        case CosmeticType.COLOUR if not is_colour(text):
            return f"{shown(text)} is not a colour", 'write it as "#1e90ff"'
        case CosmeticType.COMMAND:
            return _command_fault(text)
    return None


def _length_fault(slot: Cosmetic, text: str) -> tuple[str, str] | None:
    longest = slot.longest or LONGEST_TEXT
    if len(text) > longest:
        return f"the slot '{slot.name}' takes at most {longest} characters, and these are {len(text)}", "shorten it"
    if len(text) < slot.shortest:
        return f"the slot '{slot.name}' takes at least {slot.shortest} characters, and these are {len(text)}", ""
    return None


def _command_fault(text: str) -> tuple[str, str] | None:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?", text) or len(text) > LONGEST_COMMAND:
        hint = f"use at most {LONGEST_COMMAND} of a to z, 0 to 9, '-' and '_', as in \"acme-data\""
        return f"{shown(text)} cannot name a command", hint
    return (f"'{text}' is a device on Windows", f'write "{text}-app"') if text in RESERVED else None
