"""How each customer stands: built, out of date and why, never built, broken, or built without a selection."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sarto.derive.files import refusals
from sarto.errors import SartoError
from sarto.orders import Order, Refusal

from .held import Held, held_build, held_names, is_another_form
from .inputs import Wanted, changed
from .records import output_fault, read_record

__all__ = ["Standing", "State", "orphans", "standing"]

WORDS = {
    "line": "the line's files have changed",
    "selection": "its selection has changed",
    "brand": "its brand has changed",
    "parts": "parts have changed",
    "sarto": "Sarto or its plugins have changed",
}


class State(Enum):
    """What can be said of a customer's build."""

    BUILT = "built"
    STALE = "out of date"
    NEW = "never built"
    BROKEN = "broken"
    ORPHAN = "no selection"


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer, how the build stands and why; ``held`` is the build, where it can be read."""

    name: str
    customer: str
    state: State
    because: tuple[str, ...] = ()
    held: Held | None = None


def orphans(ordered: Container[str], builds: Path) -> Iterator[Standing]:
    """The builds in the folder that nobody orders any more: those whose names are not among the ``ordered``.

    What was handed out in another format belongs to its bundle, or, where that is lost, to the one that is ordered.
    """
    names = held_names(builds)
    for name in names:
        held = held_build(builds, name) if name not in ordered else None
        if held is None:
            continue
        bundle = str(held.said.get("name"))
        if not is_another_form(held.folder, held.said) or not (bundle in ordered or bundle in names):
            customer = str(held.said["customer"]) if held.said else ""
            yield Standing(name, customer, State.ORPHAN, (held.fault,) if held.fault else (), _readable(held))


def standing(order: Order | Refusal, builds: Path) -> Standing:
    """How an order stands. Nothing is built or fetched; one that cannot be read is broken."""
    if isinstance(order, Refusal):
        return Standing(str(order.file), "", State.BROKEN, (order.error.what,))
    held = held_build(builds, order.name)
    name, customer = order.name, order.selection.customer
    try:
        with refusals(f"looking at the build for '{customer}'"):
            record = read_record(builds, name)
            known = record.inputs if held else None
            now = Wanted(order).inputs(known)
    except SartoError as error:
        return Standing(name, customer, State.BROKEN, (error.what,), _readable(held))
    if held is None:
        return Standing(name, customer, State.NEW)
    if fault := held.fault or output_fault(builds, record):
        return Standing(name, customer, State.BROKEN, (fault,), _readable(held))
    if known is None:
        return Standing(name, customer, State.STALE, ("it was not made by 'sarto fleet'",), held)
    because = tuple(WORDS[kind] for kind in changed(known, now))
    return Standing(name, customer, State.STALE if because else State.BUILT, because, held)


def _readable(held: Held | None) -> Held | None:
    return held if held is not None and held.said else None
