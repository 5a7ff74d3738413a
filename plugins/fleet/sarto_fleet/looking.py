"""Looking at the builds of all orders: here, or by other machines, as long as these see the same builds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from sarto.hooks import PluginManager
from sarto.orders import Order, Refusal

from .made_elsewhere import sums_of

__all__ = ["look"]

R = TypeVar("R")
Look = Callable[[Order | Refusal, Path], R]


def look(
    work: Look[R], orders: Iterable[Order | Refusal], builds: Path, plugins: PluginManager, address: str
) -> Iterator[tuple[Order | Refusal, R]]:
    """Each order with what the work finds of its build, as the machines behind the address find it, where there is one.

    Where such a machine had another build before it than the one that is here, its folder is another one, or the build
    was made again meanwhile: then the work is done here.
    """
    if not address:
        yield from ((order, work(order, builds)) for order in orders)
        return
    from sarto.elsewhere import elsewhere

    known = list(orders)
    seen = partial(_seen, work=work, builds=builds.resolve())
    found = elsewhere(seen, known, plugins.executor(address), address)
    for order, (result, sums) in zip(known, found, strict=True):
        is_same = isinstance(order, Refusal) or sums == sums_of(builds, order.name)
        yield order, result if is_same else work(order, builds)


def _seen(order: Order | Refusal, work: Look[R], builds: Path) -> tuple[R, bytes]:
    """What the work finds, and the sums of the build of which it is told."""
    sums = b"" if isinstance(order, Refusal) else sums_of(builds, order.name)
    return work(order, builds), sums
