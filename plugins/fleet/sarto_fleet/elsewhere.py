"""Work on orders by other machines: a few at a time, named by their files, for lines and plugins do not travel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from sarto.hooks import Executor, PluginManager

from .building import Done, bring_up_to_date
from .orders import Order, Refusal, read_files
from .status import Standing, standing

__all__ = ["build_elsewhere", "standings_elsewhere"]

BATCH = 16
"""So many orders share the opening of their line."""

R = TypeVar("R")


def build_elsewhere(
    orders: Iterable[Order | Refusal], builds: Path, executor: Executor, address: str
) -> Iterator[Done | Refusal]:
    """What became of each order, in their order; one that was begun by a machine that failed is done again."""
    return _spread(orders, partial(_build_all, builds=builds.resolve()), executor, address, _named)


def standings_elsewhere(
    orders: Iterable[Order | Refusal], builds: Path, executor: Executor, address: str
) -> Iterator[Standing]:
    """How each order stands, in their order."""
    work = partial(_stand_all, builds=builds.resolve())
    return _spread(orders, work, executor, address, lambda order, found: found or standing(order, builds))


def _spread(
    orders: Iterable[Order | Refusal],
    work: Callable[[tuple[Path, ...]], list[R]],
    executor: Executor,
    address: str,
    said: Callable[[Order | Refusal, R | None], R],
) -> Iterator[R]:
    """Refusals need no machine; ``said`` makes of an order, and of what came back for it, what is said here."""
    known = list(orders)
    files = [order.file.absolute() for order in known if isinstance(order, Order)]
    batches = [tuple(files[start : start + BATCH]) for start in range(0, len(files), BATCH)]
    results = (each for batch in executor.run(address, work, batches) for each in batch)
    for order in known:
        yield said(order, None if isinstance(order, Refusal) else next(results))


def _named(order: Order | Refusal, found: Done | Refusal | None) -> Done | Refusal:
    """With the path of the selection by which this machine knows it."""
    if isinstance(order, Refusal):
        return order
    assert found is not None  # there is a result for each order
    return replace(found, file=order.file)


def _build_all(files: tuple[Path, ...], builds: Path) -> list[Done | Refusal]:
    orders = read_files(files, PluginManager.discover())
    return [bring_up_to_date(order, builds) for order in orders]


def _stand_all(files: tuple[Path, ...], builds: Path) -> list[Standing]:
    return [standing(order, builds) for order in read_files(files, PluginManager.discover())]
