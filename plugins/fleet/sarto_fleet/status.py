"""How each customer stands: built, out of date and why, never built, broken, or built without a selection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sarto.derive.files import refusals
from sarto.errors import SartoError

from .held import Held, held_build, held_names
from .inputs import Wanted, changed
from .orders import Order, Refusal
from .records import recorded_inputs

__all__ = ["Standing", "State", "standings"]

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


def standings(orders: Iterable[Order | Refusal], builds: Path) -> Iterator[Standing]:
    """Each order's standing, in their order; then the builds in the folder that nobody orders any more.

    Nothing is built or fetched. One that cannot be read is broken and stops no other.
    """
    seen: set[str] = set()
    for order in orders:
        if isinstance(order, Refusal):
            yield Standing(str(order.file), "", State.BROKEN, (order.error.what,))
        else:
            seen.add(order.name)
            yield _standing(order, builds)
    for name in held_names(builds):
        held = held_build(builds, name) if name not in seen else None
        if held is not None:
            customer = str(held.said["customer"]) if held.said else ""
            yield Standing(name, customer, State.ORPHAN, (held.fault,) if held.fault else (), _readable(held))


def _standing(order: Order, builds: Path) -> Standing:
    held = held_build(builds, order.name)
    name, customer = order.name, order.selection.customer
    try:
        with refusals(f"looking at the build for '{customer}'"):
            known = recorded_inputs(builds, name) if held else None
            now = Wanted(order).inputs(known)
    except SartoError as error:
        return Standing(name, customer, State.BROKEN, (error.what,), _readable(held))
    if held is None:
        return Standing(name, customer, State.NEW)
    if held.fault:
        return Standing(name, customer, State.BROKEN, (held.fault,), _readable(held))
    if known is None:
        return Standing(name, customer, State.STALE, ("it was not made by 'sarto fleet'",), held)
    because = tuple(WORDS[kind] for kind in changed(known, now))
    return Standing(name, customer, State.STALE if because else State.BUILT, because, held)


def _readable(held: Held | None) -> Held | None:
    return held if held is not None and held.said else None
