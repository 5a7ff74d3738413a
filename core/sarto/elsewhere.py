"""Work on orders by other machines: a few at a time, named by their files, for lines and plugins do not travel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from .hooks import Executor, PluginManager
from .orders import Order, Refusal, read_files

__all__ = ["elsewhere"]

BATCH = 16
"""So many orders share the opening of their line."""

R = TypeVar("R")


def elsewhere(
    work: Callable[[Order | Refusal], R], orders: Iterable[Order | Refusal], executor: Executor, address: str
) -> Iterator[R]:
    """What the work makes of each order, in their order; one that was begun by a machine that failed is done again.

    The work is a function of a module or a partial of one, with whole paths. A refusal needs no other machine.
    """
    known = list(orders)
    files = [order.file.absolute() for order in known if isinstance(order, Order)]
    batches = [tuple(files[start : start + BATCH]) for start in range(0, len(files), BATCH)]
    results = (each for batch in executor.run(address, partial(_work_on, work), batches) for each in batch)
    for order in known:
        yield work(order) if isinstance(order, Refusal) else next(results)


def _work_on(work: Callable[[Order | Refusal], R], files: tuple[Path, ...]) -> list[R]:
    return [work(order) for order in read_files(files, PluginManager.discover())]
