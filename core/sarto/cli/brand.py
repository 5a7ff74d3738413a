"""``sarto brand``: what a customer's product looks like, slot by slot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .application import Application
from .declaring import PATH, declare, json_option
from .output import Cell, counted, print_json, print_table

if TYPE_CHECKING:
    from ..derive.brand_report import SlotFilled
    from ..model.brand_check import MissingText

__all__ = ["command", "missing_as_data"]


@declare("brand", "sarto brand selections/acme.toml", "sarto brand selections/acme.toml --json")
@click.argument("selection", type=PATH)
@json_option
@click.pass_obj
def command(application: Application, selection: Path, as_json: bool) -> None:
    """What fills each slot of a brand, and from where.

    Of each slot of the line's cosmetics: its type, what fills it, where that is said, how well a colour can be read,
    and the languages in which a text is missing. Every file and template is looked at as a build would; the first thing
    wrong does not hide the others.
    """
    from ..line import ProductLine

    line, wished = ProductLine.for_selection(selection, plugins=application.plugins)
    slots = line.brand(wished)
    if as_json:
        said = {"line": line.description.name, "customer": wished.customer}
        languages = list(line.description.languages)
        print_json({**said, "languages": languages, "slots": [_as_data(slot) for slot in slots]})
    else:
        _print(wished.customer, slots)


def missing_as_data(missing: MissingText) -> dict[str, str]:
    """A missing text as ``--json`` has it."""
    return {
        "slot": missing.slot, "language": missing.language, "instead": missing.instead, "where": str(missing.where)
    }  # fmt: skip


def _as_data(slot: SlotFilled) -> dict[str, Any]:
    picture = slot.picture
    return {
        "slot": slot.slot,
        "type": slot.type.value,
        "summary": slot.summary,
        "value": slot.value,
        "texts": dict(slot.texts),
        "filled_by": slot.source.value,
        "where": str(slot.where),
        "files": dict(slot.files),
        "picture": {"kind": picture.kind, "width": picture.width, "height": picture.height} if picture else None,
        "contrast": [{"on": each.on, "ratio": round(each.ratio, 2), "needed": each.needed} for each in slot.read_on],
        "missing": [each.language for each in slot.missing],
    }


def _print(customer: str, slots: Sequence[SlotFilled]) -> None:
    print_table(row for slot in slots for row in _rows(slot))
    empty = sum(slot.source == "nobody" for slot in slots)
    missing = sum(len(slot.missing) for slot in slots)
    more = f", {empty} empty" * bool(empty) + f", {counted(missing, 'text')} missing" * bool(missing)
    click.echo(f"\n{customer}: {counted(len(slots), 'slot')}{more}")


def _rows(slot: SlotFilled) -> Iterator[tuple[Cell | str, ...]]:
    by_nobody = slot.source == "nobody"
    where = "nobody fills it" if by_nobody else f"{slot.where}"
    yield Cell(slot.slot, bold=not by_nobody), slot.type.value, _value(slot), Cell(where, dim=True)
    for language, text in slot.texts.items():
        note = next((f"missing; this is the text in '{m.instead}'" for m in slot.missing if m.language == language), "")
        yield f"  {language}", "", text, Cell(note, colour="yellow")
    for path, size in slot.files.items():
        if path != slot.value:
            yield "", "", path, Cell(f"{size:,} bytes", dim=True)
    for each in slot.read_on:
        yield "", "", f"  {each.ratio:.2f}:1 on {each.on}", Cell(f"at least {each.needed:g}:1 is needed", dim=True)


def _value(slot: SlotFilled) -> str:
    picture = slot.picture
    size = f", {picture.width} x {picture.height}" if picture and picture.width else ""
    kind = f"{picture.kind}{size}, " if picture else ""
    bytes_ = f" ({kind}{slot.files[slot.value]:,} bytes)" if slot.value in slot.files else ""
    return f"{slot.value}{bytes_}" if slot.value and not slot.texts else ""
