"""Building a fleet: each customer whose inputs have changed, and none stops the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sarto.derive.bundle import bundle_sums
from sarto.derive.files import refusals
from sarto.derive.provenance import statement
from sarto.derive.round import Round
from sarto.derive.store import PartStore
from sarto.derive.store_use import using
from sarto.derive.sums import SUMS, read_sums, sums_text
from sarto.derive.vouching import NOTHING, PROVENANCES, Vouching
from sarto.errors import SartoError
from sarto.orders import Order, Refusal

from .formats import BUNDLE, formats_for
from .held import file_fault, held_build
from .inputs import Inputs, Wanted, changed
from .records import Record, output_fault, read_record, recorded_inputs, write_record
from .vouched import is_vouched, provenance_of, vouching_for

__all__ = ["Done", "bring_up_to_date", "prepare", "rebuild"]


@dataclass(frozen=True, slots=True)
class Done:
    """A customer whose build is up to date; ``was_built`` where it was made just now."""

    file: Path
    customer: str
    name: str
    was_built: bool


def bring_up_to_date(
    order: Order | Refusal, builds: Path, vouching: Vouching = NOTHING, formats: Sequence[str] = (),
    during: Round | None = None,
) -> Done | Refusal:  # fmt: skip
    """Build what is ordered, unless the build that is there was made from the same inputs and is so vouched for.

    Nor is it left where something that was handed out shows to be lost or changed, or a format is new. ``formats`` are
    those beside the bundle; one in which the build was handed out before is kept up. ``during`` a round of builds, each
    takes less.
    """
    if isinstance(order, Refusal):
        return order
    try:
        with refusals(f"building for '{order.selection.customer}'"):
            record = read_record(builds, order.name)
            known = record.inputs
            wanted = Wanted(order)
            now = wanted.inputs(known)
            stale = known is None or bool(changed(known, now)) or not is_vouched(builds / order.name, vouching)
            if stale or not _is_all_there(builds, order.name, formats, record):
                stale = True
                write_record(builds, order.name, now, _build(wanted, builds, vouching, formats, during))
    except SartoError as error:
        return Refusal(order.file, error)
    return Done(order.file, order.selection.customer, order.name, stale)


def prepare(order: Order | Refusal, builds: Path) -> None:
    """Bring what a build for the order lacks into the store, unless it is up to date; what is wrong, the build says."""
    if isinstance(order, Refusal):
        return
    with suppress(SartoError), refusals("preparing"), using(PartStore.default()):
        known = recorded_inputs(builds, order.name)
        if known is None or changed(known, Wanted(order).inputs(known)):
            order.line.plan(order.selection)


def rebuild(
    order: Order | Refusal, builds: Path, vouching: Vouching = NOTHING, formats: Sequence[str] = (),
    during: Round | None = None, *, all: bool,
) -> Done | Refusal:  # fmt: skip
    """Build what is ordered, unless every byte of the build that is there is as it would be made now.

    Where it is, what it was made from is recorded anew. With ``all`` it is built in any case.
    """
    if isinstance(order, Refusal):
        return order
    selection = order.selection
    try:
        with refusals(f"building for '{selection.customer}'"):
            wanted = Wanted(order)
            now = wanted.inputs()
            vouched = is_vouched(builds / order.name, vouching)
            stale = all or not vouched or not _is_as_it_would_be(wanted, builds, now, formats)
            outputs = _build(wanted, builds, vouching, formats, during) if stale else None
            if stale or recorded_inputs(builds, order.name) != now:
                write_record(builds, order.name, now, outputs)
    except SartoError as error:
        return Refusal(order.file, error)
    return Done(order.file, selection.customer, order.name, stale)


def _build(
    wanted: Wanted, builds: Path, asked: Vouching, formats: Sequence[str], during: Round | None
) -> Mapping[str, Path]:
    """Build in all formats at once; what was made beside the bundle."""
    order = wanted.order
    vouching = vouching_for(builds / order.name, asked)
    made = order.line.build(
        order.selection, builds, (BUNDLE, *formats_for(builds, order.name, formats)),
        key=vouching.key, provenance=vouching.provenance, resolution=wanted.resolution,
        brand=wanted.brand, during=during,
    )  # fmt: skip
    return {format: path for format, path in made.outputs.items() if format != BUNDLE}


def _is_all_there(builds: Path, name: str, formats: Sequence[str], record: Record) -> bool:
    """Whether the build is there in all these formats, and in those in which it was before, and shows no fault.

    The record is of the very build: its sums are those with which it was made.
    """
    if file_fault(builds / name, record.sums) or output_fault(builds, record):
        return False
    return record.outputs.keys() >= set(formats)


def _is_as_it_would_be(wanted: Wanted, builds: Path, now: Inputs, formats: Sequence[str]) -> bool:
    """Whether the sums of the build are those that it would get; that its files are as its sums say is taken for true.

    Of the parts at least the sizes are looked at, and of a provenance what it states. What is handed out beside the
    bundle is made from it and by the plugins: it is as it would be where it was made along with this very bundle, and
    by the same ones.
    """
    order = wanted.order
    held = held_build(builds, order.name)
    record = read_record(builds, order.name)
    known = record.inputs
    if held is None or held.fault or output_fault(builds, record) or not record.outputs.keys() >= set(formats):
        return False
    if formats_for(builds, order.name, formats) and (known is None or known.get("sarto") != now["sarto"]):
        return False
    with using(PartStore.default()):
        plan = order.line.plan(order.selection, resolution=wanted.resolution, brand=wanted.brand)
        sums = bundle_sums(plan, order.line.plugins.build_files(plan))
    there = read_sums(held.folder / SUMS)
    own = {name: digest for name, digest in there.items() if name not in PROVENANCES}
    return sums_text(own) == sums and (own == there or provenance_of(held.folder) == statement(plan, own))
