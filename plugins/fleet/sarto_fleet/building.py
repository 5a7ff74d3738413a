"""Building a fleet: each customer whose inputs have changed, and none stops the others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sarto.derive.bundle import bundle_sums
from sarto.derive.files import refusals
from sarto.derive.store import PartStore
from sarto.derive.store_use import using
from sarto.derive.sums import SUMS
from sarto.errors import SartoError

from .held import held_build
from .inputs import Wanted, changed
from .orders import Order, Refusal
from .records import recorded_inputs, write_record

__all__ = ["Done", "bring_up_to_date", "rebuild"]


@dataclass(frozen=True, slots=True)
class Done:
    """A customer whose build is up to date; ``was_built`` where it was made just now."""

    file: Path
    customer: str
    name: str
    was_built: bool


def bring_up_to_date(order: Order | Refusal, builds: Path) -> Done | Refusal:
    """Build what is ordered, unless the build that is there was made from the same inputs."""
    if isinstance(order, Refusal):
        return order
    try:
        with refusals(f"building for '{order.selection.customer}'"):
            known = recorded_inputs(builds, order.name)
            now = Wanted(order).inputs(known)
            stale = known is None or bool(changed(known, now))
            if stale:
                order.line.build(order.selection, builds)
                write_record(builds, order.name, now)
    except SartoError as error:
        return Refusal(order.file, error)
    return Done(order.file, order.selection.customer, order.name, stale)


def rebuild(order: Order | Refusal, builds: Path, *, all: bool) -> Done | Refusal:
    """Build what is ordered, unless every byte of the build that is there is as it would be made now.

    Where it is, what it was made from is recorded anew. With ``all`` it is built in any case.
    """
    if isinstance(order, Refusal):
        return order
    line, selection = order.line, order.selection
    try:
        with refusals(f"building for '{selection.customer}'"):
            now = Wanted(order).inputs()
            stale = all or not _is_as_it_would_be(order, builds)
            if stale:
                line.build(selection, builds)
            if stale or recorded_inputs(builds, order.name) != now:
                write_record(builds, order.name, now)
    except SartoError as error:
        return Refusal(order.file, error)
    return Done(order.file, selection.customer, order.name, stale)


def _is_as_it_would_be(order: Order, builds: Path) -> bool:
    """Whether the sums of the build are those that it would get; that its files are as its sums say is taken for true.

    Of the parts at least the sizes are looked at.
    """
    held = held_build(builds, order.name)
    if held is None or held.fault:
        return False
    with using(PartStore.default()):
        plan = order.line.plan(order.selection)
        sums = bundle_sums(plan, order.line.plugins.build_files(plan))
    return (held.folder / SUMS).read_bytes() == sums
