"""A folder of selections, each resolved, priced and held against the lock: what a report is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sarto.derive.lockfile import LockedWheel
from sarto.derive.planning import delivered
from sarto.derive.progress import Progress, quiet
from sarto.derive.store import PartStore
from sarto.errors import SartoError, SartoErrors
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.prices import Quote
from sarto.model.selection import Selection
from sarto.orders import Order, Refusal, read_orders

__all__ = ["Customer", "Survey", "survey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One customer whose selection can be honoured.

    ``model`` has as many instances written out as this one needs; the features as written are in all of these models.
    ``configuration`` is as the product starts; ``asked`` are the features that the selection itself asks for, ``open``
    those that are left to the end user. ``quote`` is None where the prices come to nothing for it; ``parts`` are the
    files of the build's parts with their bytes, None where nobody says how many, and is empty where nobody looked.
    """

    name: str
    model: FeatureModel
    configuration: Mapping[str, Value]
    asked: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    quote: Quote | None = None
    parts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A line and its customers by the names of their files; ``refused`` are the selections that cannot be honoured,
    ``unpriced`` those whose prices come to nothing. ``has_parts`` says whether their parts were looked at.
    """

    line: ProductLine
    customers: tuple[Customer, ...]
    refused: tuple[Refusal, ...] = ()
    unpriced: tuple[Refusal, ...] = ()
    has_parts: bool = True


def survey(folder: Path, plugins: PluginManager, *, parts: bool = True, progress: Progress = quiet) -> Survey:
    """What the selections in the folder come to. Nothing is built, and of the parts only the line's lock is asked.

    Raises SartoError for a folder that is not there or has no selection, for selections of several lines, and where the
    parts of the line cannot be locked; SartoErrors with every fault where not one of them can be read.
    """
    customers: list[Customer] = []
    refused: list[Refusal] = []
    unpriced: list[Refusal] = []
    lines: dict[str, ProductLine] = {}
    for order in read_orders(folder, plugins):
        if isinstance(order, Refusal):
            refused.append(order)
            continue
        lines.setdefault(str(Path(order.line.written.file).resolve()), order.line)
        progress(order.name)
        try:
            customer, fault = _customer(order, parts=parts)
        except SartoError as error:
            refused.append(Refusal(order.file, error))
            continue
        customers.append(customer)
        if fault is not None:
            unpriced.append(Refusal(order.file, fault))
    line = _the_line(folder, list(lines.values()), refused)
    nobody = Selection(line=line.written.file, customer="")
    if parts and not customers:
        line.catalog(nobody)  # where there is no lock, that is the one thing to say
    return Survey(
        line=line.of(nobody),
        customers=tuple(customers),
        refused=tuple(refused),
        unpriced=tuple(unpriced),
        has_parts=parts,
    )


def _the_line(folder: Path, lines: list[ProductLine], refused: list[Refusal]) -> ProductLine:
    if len(lines) == 1:
        return lines[0]
    if lines:
        names = ", ".join(f"'{each.written.file}'" for each in lines)
        hint = "keep the selections of each line in a folder of their own"
        raise SartoError(f"these are selections of {len(lines)} lines: {names}", where=str(folder), hint=hint)
    if refused:
        errors = [single for each in refused for single in each.error.errors]
        raise SartoErrors({str(single): single for single in errors}.values())  # those of a line, once
    raise SartoError("there is no selection here", where=str(folder), hint="a report needs at least one customer")


def _customer(order: Order, *, parts: bool) -> tuple[Customer, SartoError | None]:
    """The customer, and what keeps its quote from being made."""
    line, selection = order.line, order.selection
    resolution = line.resolve(selection)
    quote, fault = None, None
    try:
        quote = line.quote(selection, resolution=resolution)
    except SartoError as error:
        fault = error
    wheels = line.catalog(selection).wheels(delivered(resolution)) if parts else ()
    customer = Customer(
        name=selection.customer,
        model=line.model,
        configuration=resolution.configuration,
        asked=frozenset(wish.feature for wish in selection.wishes.values() if wish.value is not False),
        open=frozenset(resolution.open),
        quote=quote,
        parts=_sizes(wheels),
    )
    return customer, fault


def _sizes(wheels: Iterable[LockedWheel]) -> dict[str, int | None]:
    store = PartStore.default()
    return {wheel.filename: _size(wheel, store) for wheel in wheels}


def _size(wheel: LockedWheel, store: PartStore) -> int | None:
    """As the index says; of a wheel that lies here, as it lies here."""
    if wheel.size is not None:
        return wheel.size
    places = [store.place(wheel.sha256, wheel.filename)] if wheel.sha256 else []
    for place in (*places, *([wheel.path] if wheel.path else [])):
        with suppress(OSError):
            return place.stat().st_size
    return None
