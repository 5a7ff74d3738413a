"""Building a fleet: each customer whose inputs have changed, and none stops the others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sarto.derive.bundle import bundle_sums
from sarto.derive.files import refusals
from sarto.derive.store import PartStore
from sarto.derive.store_use import using
from sarto.derive.sums import SUMS, read_sums, sums_text
from sarto.derive.vouching import NOTHING, PROVENANCES, Vouching
from sarto.errors import SartoError

from .held import held_build
from .inputs import Inputs, Wanted, changed
from .orders import Order, Refusal
from .records import recorded_inputs, write_record
from .vouched import is_vouched, vouching_for

__all__ = ["Done", "bring_up_to_date", "rebuild"]


@dataclass(frozen=True, slots=True)
class Done:
    """A customer whose build is up to date; ``was_built`` where it was made just now."""

    file: Path
    customer: str
    name: str
    was_built: bool


def bring_up_to_date(order: Order | Refusal, builds: Path, vouching: Vouching = NOTHING) -> Done | Refusal:
    """Build what is ordered, unless the build that is there was made from the same inputs and is so vouched for."""
    if isinstance(order, Refusal):
        return order
    try:
        with refusals(f"building for '{order.selection.customer}'"):
            known = recorded_inputs(builds, order.name)
            now = Wanted(order).inputs(known)
            stale = known is None or bool(changed(known, now)) or not is_vouched(builds / order.name, vouching)
            if stale:
                _build(order, builds, vouching)
                write_record(builds, order.name, now)
    except SartoError as error:
        return Refusal(order.file, error)
    return Done(order.file, order.selection.customer, order.name, stale)


def rebuild(order: Order | Refusal, builds: Path, vouching: Vouching = NOTHING, *, all: bool) -> Done | Refusal:
    """Build what is ordered, unless every byte of the build that is there is as it would be made now.

    Where it is, what it was made from is recorded anew. With ``all`` it is built in any case.
    """
    if isinstance(order, Refusal):
        return order
    selection = order.selection
    try:
        with refusals(f"building for '{selection.customer}'"):
            now = Wanted(order).inputs()
            vouched = is_vouched(builds / order.name, vouching)
            stale = all or not vouched or not _is_as_it_would_be(order, builds, now)
            if stale:
                _build(order, builds, vouching)
            if stale or recorded_inputs(builds, order.name) != now:
                write_record(builds, order.name, now)
    except SartoError as error:
        return Refusal(order.file, error)
    return Done(order.file, selection.customer, order.name, stale)


def _build(order: Order, builds: Path, asked: Vouching) -> None:
    vouching = vouching_for(builds / order.name, asked)
    order.line.build(order.selection, builds, key=vouching.key, provenance=vouching.provenance)


def _is_as_it_would_be(order: Order, builds: Path, now: Inputs) -> bool:
    """Whether the sums of the build are those that it would get; that its files are as its sums say is taken for true.

    Of the parts at least the sizes are looked at. A provenance names the files of line and selection: it is as it
    would be where the inputs are.
    """
    held = held_build(builds, order.name)
    if held is None or held.fault:
        return False
    with using(PartStore.default()):
        plan = order.line.plan(order.selection)
        sums = bundle_sums(plan, order.line.plugins.build_files(plan))
    there = read_sums(held.folder / SUMS)
    own = {name: digest for name, digest in there.items() if name not in PROVENANCES}
    return sums_text(own) == sums and (own == there or recorded_inputs(builds, order.name) == now)
