"""What the store lacks for open orders, and what lies in it for nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sarto.derive.fetch import fetch
from sarto.derive.inventory import Stored, count_users, stored_parts
from sarto.derive.lockfile import LockedWheel
from sarto.derive.progress import Progress, quiet
from sarto.derive.store import PartStore
from sarto.derive.store_use import using
from sarto.hooks import Executor

from .demand import Demand

__all__ = ["Lacking", "fetch_elsewhere", "fetch_lacking", "idle", "is_stored", "lacking", "weighed"]

BATCH = 6
"""So many wheels one machine is given at a time, which is as many as it fetches at a time."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A wheel that the store lacks, and the names of the builds that wait for it."""

    wheel: LockedWheel
    waiting: tuple[str, ...]


def lacking(orders: Iterable[Demand], store: PartStore) -> tuple[Lacking, ...]:
    """The wheels that open orders need and the store lacks, by file name."""
    waiting: dict[str, tuple[LockedWheel, list[str]]] = {}
    for order in orders:
        for wheel in order.wheels if order.is_open else ():
            if not is_stored(wheel, store):
                waiting.setdefault(wheel.filename, (wheel, []))[1].append(order.name)
    return tuple(Lacking(wheel, tuple(names)) for _, (wheel, names) in sorted(waiting.items()))


def is_stored(wheel: LockedWheel, store: PartStore) -> bool:
    """Whether the wheel lies in the store; that it is whole is looked at when it is used."""
    return bool(wheel.sha256) and store.place(wheel.sha256, wheel.filename).is_file()


def fetch_lacking(parts: Sequence[Lacking], store: PartStore, progress: Progress = quiet) -> None:
    """Bring the wheels into the store, several at a time, each checked against the lock.

    Raises the first SartoError; what was fetched stays.
    """
    with using(store):
        fetch([each.wheel for each in parts], store, progress)


def weighed(parts: Iterable[Lacking], store: PartStore) -> tuple[Lacking, ...]:
    """The same with the sizes that the wheels have in the store, for not every index says them."""
    return tuple(Lacking(_weighed(each.wheel, store), each.waiting) for each in parts)


def _weighed(wheel: LockedWheel, store: PartStore) -> LockedWheel:
    if not is_stored(wheel, store):
        return wheel
    return replace(wheel, size=store.place(wheel.sha256, wheel.filename).stat().st_size)


def fetch_elsewhere(parts: Sequence[Lacking], store: PartStore, executor: Executor, address: str) -> None:
    """The same by other machines, into the store that they share with this one; what it lacks then is fetched here."""
    wheels = [each.wheel for each in parts]
    batches = [tuple(wheels[start : start + BATCH]) for start in range(0, len(wheels), BATCH)]
    for _ in executor.run(address, _fetch, batches):
        pass
    fetch_lacking([each for each in parts if not is_stored(each.wheel, store)], store)


def _fetch(wheels: tuple[LockedWheel, ...]) -> None:
    store = PartStore.default()
    with using(store):
        fetch(wheels, store, quiet)


def idle(orders: Iterable[Demand], builds: Path, store: PartStore) -> tuple[Stored, ...]:
    """The wheels in the store that no order, open or not, and no build in the folder needs, by file name."""
    needed = {wheel.sha256 for order in orders for wheel in order.wheels}
    held = count_users([builds]) if builds.is_dir() else {}
    return tuple(part for part in stored_parts(store) if part.sha256 not in needed and part.sha256 not in held)
