"""The brand of a build: every slot of the line's cosmetics, filled by the selection or by default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import Place, SartoError
from ..model.line import Cosmetic, CosmeticType, LineDescription
from ..model.selection import Selection

__all__ = ["BRAND_FOLDER", "Brand", "brand_of"]

BRAND_FOLDER = "brand"
NAME = "name"


@dataclass(frozen=True, slots=True)
class Brand:
    """What fills each slot; a file's slot has its path in the build, and ``files`` its content by that path."""

    slots: dict[str, str]
    files: dict[str, bytes]


def brand_of(line: LineDescription, folder: Path, selection: Selection) -> Brand:
    """The brand of the selection. ``name`` is always there: the product's name, by default the line's.

    A file named in the selection is relative to it, the line's own to the line's ``folder``. It gets the slot's
    name in the build, whatever its own is. Raises :class:`SartoError` where it is not there, and where a selection,
    which may be somebody else's, names one that is neither below its own folder nor below the line's.
    """
    slots: dict[str, str] = {NAME: line.name}
    files: dict[str, bytes] = {}
    for name, slot in line.cosmetics.items():
        slots[name] = selection.brand.get(name, slot.default) or (line.name if name == NAME else "")
        if slot.type is CosmeticType.FILE and slots[name]:
            source = _file(slot, line, folder, selection)
            slots[name] = f"{BRAND_FOLDER}/{name}{source.suffix.lower()}"
            files[slots[name]] = source.read_bytes()
    slots |= {name: value for name, value in selection.brand.items() if name not in line.cosmetics}
    return Brand(slots, files)


def _file(slot: Cosmetic, line: LineDescription, folder: Path, selection: Selection) -> Path:
    is_wished = slot.name in selection.brand
    if is_wished:
        place, base = Place(selection.file, f"brand.{slot.name}"), Path(selection.file).parent
        written = selection.brand[slot.name]
    else:
        place, base, written = Place(line.file, f"cosmetics.{slot.name}.default"), folder, slot.default
    path = base / written
    if not path.is_file():
        raise SartoError(f"there is no file '{written}'", where=place, hint=f"it would be '{path}'")
    if is_wished and not any(path.resolve().is_relative_to(each.resolve()) for each in (base, folder)):
        what = f"the file '{written}' is neither in the folder of the selection nor in that of its line"
        raise SartoError(what, where=place, hint="copy it beside the selection: it is handed out with the build")
    return path
