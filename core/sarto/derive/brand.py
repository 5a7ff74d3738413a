"""The brand of a build: every slot of the line's cosmetics, filled by the selection or by default."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import Place, SartoError, raise_all
from ..model.brand_check import default_place, filling, slots_of
from ..model.cosmetics import Cosmetic, CosmeticType, text_in
from ..model.line import LineDescription
from ..model.selection import Selection
from ..model.toml_cosmetics import KINDS, NAME
from .icons import sized_icons
from .pictures import Picture, PictureFault, picture_of
from .templates import LANGUAGE, Filling, Template, read_template, svg_fault

__all__ = ["BRAND_FOLDER", "Brand", "brand_of", "look_of"]

BRAND_FOLDER = "brand"
LARGEST_KB = {CosmeticType.IMAGE: 1024, CosmeticType.ICON: 1024, CosmeticType.TEMPLATE: 1024, CosmeticType.FILE: 16384}
"""How many times 1024 bytes a file of each type has at most, where the slot says nothing else."""


@dataclass(frozen=True, slots=True)
class Brand:
    """What fills each slot, a text in the line's first language; a file's slot has its path in the build.

    ``files`` has the contents of files by their paths. ``texts`` has those slots that are filled by language, each with
    a text for every language of the line. ``variants`` has the paths of further files of a slot: of an icon by size
    (``"32"``), of what is made from a template by language. ``pictures`` are the images and icons, as they were read.
    """

    slots: dict[str, str]
    files: dict[str, bytes]
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    variants: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)


def brand_of(line: LineDescription, folder: Path, selection: Selection) -> Brand:
    """The brand of the selection. ``name`` is always there: the product's name, by default the line's.

    A file named in the selection is relative to it, the line's own to the line's ``folder``. It gets the slot's
    name in the build, whatever its own is. Raises :class:`SartoError` with everything that is wrong: a file that is not
    there, is too large, or is no picture where one has to be; a selection, which may be somebody else's, that names one
    which is neither below its own folder nor below the line's; a template that names what there is not.
    """
    brand = Brand({NAME: ""}, {})
    errors: list[SartoError] = []
    for name, slot in slots_of(line).items():
        value, where = filling(line, selection, name)
        brand.slots[name] = text_in(value, "", line.languages)
        if not isinstance(value, str):
            brand.texts[name] = {language: text_in(value, language, line.languages) for language in line.languages}
        if slot.type.is_file and slot.type is not CosmeticType.TEMPLATE and brand.slots[name]:
            try:
                _add_file(brand, slot, _file(str(value), where, slot, folder, selection), where)
            except SartoError as error:
                errors.append(error)
    for name, value in selection.brand.items():
        if name not in brand.slots and isinstance(value, str):
            brand.slots[name] = value
    errors += _add_templates(brand, line, folder)
    raise_all(errors)
    return brand


def look_of(line: LineDescription, brand: Brand) -> dict[str, Any]:
    """What ``build.json`` says of the line's cosmetics beside what fills them; empty where there are none."""
    if not line.cosmetics:
        return {}
    return {
        "languages": list(line.languages),
        "types": {name: slot.type.value for name, slot in slots_of(line).items()},
        "texts": brand.texts,
        "variants": brand.variants,
    }


def _file(written: str, where: Place, slot: Cosmetic, folder: Path, selection: Selection) -> Path:
    is_wished = slot.name in selection.brand
    base = Path(selection.file).parent if is_wished else folder
    path = base / written
    if not path.is_file():
        raise SartoError(f"there is no file '{written}'", where=where, hint=f"it would be '{path}'")
    if is_wished and not any(path.resolve().is_relative_to(each.resolve()) for each in (base, folder)):
        what = f"the file '{written}' is neither in the folder of the selection nor in that of its line"
        raise SartoError(what, where=where, hint="copy it beside the selection: it is handed out with the build")
    return path


def _content(path: Path, slot: Cosmetic, where: Place) -> bytes:
    most = slot.largest_kb or LARGEST_KB[slot.type]
    size = path.stat().st_size
    if size > most * 1024:
        what = f"the file '{path.name}' has {size:,} bytes, and '{slot.name}' takes at most {most:,} KB"
        raise SartoError(what, where=where, hint="take a smaller one: it goes into every build")
    return path.read_bytes()


def _add_file(brand: Brand, slot: Cosmetic, path: Path, where: Place) -> None:
    content, suffix = _content(path, slot, where), path.suffix.lower()
    if slot.type in KINDS:
        try:
            picture = brand.pictures[slot.name] = _picture(content, suffix, slot)
        except PictureFault as fault:
            raise SartoError(f"{path.name}: {fault.what}", where=where, hint=fault.hint) from None
    elif not re.fullmatch(r"(\.[a-z0-9_-]{1,12})?", suffix):
        raise SartoError(f"the suffix of '{path.name}' is no plain one", where=where, hint="rename the file")
    brand.slots[slot.name] = f"{BRAND_FOLDER}/{slot.name}{suffix}"
    brand.files[brand.slots[slot.name]] = content
    if slot.type is CosmeticType.ICON and slot.sizes and picture.kind == "png":
        for size, smaller in _sized(path.name, content, slot, where).items():
            variant = f"{BRAND_FOLDER}/{slot.name}.{size}.png"
            brand.variants.setdefault(slot.name, {})[str(size)] = variant
            brand.files[variant] = smaller


def _sized(name: str, content: bytes, slot: Cosmetic, where: Place) -> Mapping[int, bytes]:
    try:
        return sized_icons(content, slot.sizes)
    except PictureFault as fault:
        raise SartoError(f"{name}: {fault.what}", where=where, hint=fault.hint) from None


def _picture(content: bytes, suffix: str, slot: Cosmetic) -> Picture:
    picture, kinds = _read_picture(content, suffix), slot.kinds or KINDS[slot.type]
    if picture.kind not in kinds:
        raise PictureFault(f"'{slot.name}' takes no picture of the kind {picture.kind}", f"one of {', '.join(kinds)}")
    if slot.type is CosmeticType.ICON and picture.kind == "png":
        least = max(slot.sizes, default=1)
        if picture.width != picture.height or picture.width < least:
            size = f"{picture.width} x {picture.height} pixels"
            raise PictureFault(f"this icon has {size}", f"it has to be square, with at least {least} x {least} pixels")
    return picture


@lru_cache(maxsize=256)
def _read_picture(content: bytes, suffix: str) -> Picture:
    """The line's own are those of all customers."""
    return picture_of(content, suffix)


def _add_templates(brand: Brand, line: LineDescription, folder: Path) -> Iterator[SartoError]:
    """The files made from templates: one, or where the line has several languages, one for each."""
    types = tuple((name, slot.type) for name, slot in slots_of(line).items())
    for slot in line.cosmetics.values():
        if slot.type is CosmeticType.TEMPLATE:
            try:
                _add_template(brand, slot, _template(slot, line, folder, types), line)
            except SartoError as error:
                yield error


def _template(
    slot: Cosmetic, line: LineDescription, folder: Path, types: tuple[tuple[str, CosmeticType], ...]
) -> Template:
    where, path = default_place(line, slot.name), folder / str(slot.default)
    if not path.is_file():
        raise SartoError(f"there is no file '{slot.default}'", where=where, hint=f"it would be '{path}'")
    return _read_template(_content(path, slot, where), str(path), types)


@lru_cache(maxsize=256)
def _read_template(content: bytes, file: str, types: tuple[tuple[str, CosmeticType], ...]) -> Template:
    """One template is that of all customers, and to check it takes longer than to fill it."""
    return read_template(content, file, dict(types))


def _add_template(brand: Brand, slot: Cosmetic, template: Template, line: LineDescription) -> None:
    suffix = Path(template.file).suffix.lower()
    for index, language in enumerate(line.languages or ("",)):
        path = f"{BRAND_FOLDER}/{slot.name}{f'.{language}' if index else ''}{suffix}"
        content = template.filled(_fillings(brand, line, language))
        if suffix == ".svg" and (fault := svg_fault(content, template.file)):
            raise fault
        brand.files[path] = content
        brand.slots[slot.name] = brand.slots[slot.name] if index else path
        if language:
            brand.variants.setdefault(slot.name, {})[language] = path


def _fillings(brand: Brand, line: LineDescription, language: str) -> Mapping[str, Filling]:
    """What templates can name: every slot but templates, and the language."""
    found = {LANGUAGE: Filling(CosmeticType.COMMAND, language)}
    for name, slot in slots_of(line).items():
        value = brand.texts[name][language] if name in brand.texts else brand.slots[name]
        if slot.type.is_file:
            value = value.removeprefix(f"{BRAND_FOLDER}/")
        if slot.type is not CosmeticType.TEMPLATE:
            found[name] = Filling(slot.type, value)
    return found
