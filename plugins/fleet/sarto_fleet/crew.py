"""Several orders at a time: in processes that inherit the lines as they stand open, or in threads."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from typing import TypeVar

from sarto.errors import SartoError
from sarto.orders import Order, Refusal

from .building import Done

__all__ = ["for_all", "side_by_side"]

HELD = 512
"""So many orders are read and held at a time."""
FIRST = 64
"""So many are read before work begins; the next ones are read meanwhile."""
BATCH = 8
"""So many are done by a process before it says so: to say it takes a part of the time of a small build."""
FEW = 16
"""So few are done before processes would have begun."""

PATIENCE = 0.2
"""Seconds between two looks whether somebody has interrupted."""

A = TypeVar("A")
B = TypeVar("B")
Work = Callable[[Order | Refusal], Done | Refusal]


def for_all(work: Work, orders: Iterable[Order | Refusal], jobs: int) -> Iterator[Done | Refusal]:
    """What the work makes of each order, in their order, by so many processes where the system has what it takes.

    The first order of each line is worked on here, so that what its builds share is ready for all. Raises
    :class:`SartoError` where a process is ended from outside; what it has built stays.
    """
    if jobs == 1 or sys.platform not in ("linux", "freebsd") or threading.active_count() > 1:
        yield from side_by_side(work, orders, jobs)
        return
    lines: set[int] = set()
    source = iter(orders)
    held = list(islice(source, FIRST))
    while held:
        ahead: list[Order | Refusal] = []
        here: dict[int, Done | Refusal] = {}
        for place, order in enumerate(held):
            if isinstance(order, Refusal):
                here[place] = order
            elif id(order.line) not in lines:
                lines.add(id(order.line))
                here[place] = work(order)
        others = [order for place, order in enumerate(held) if place not in here]
        read_on = partial(_read_on, source, ahead)
        are_many = len(others) > FEW
        results = _in_processes(work, others, jobs, read_on) if are_many else (work(order) for order in others)
        with closing(results):  # an error's traceback would keep them, and their processes, beyond this
            for place in range(len(held)):
                yield here[place] if place in here else next(results)
        held = [*ahead, *islice(source, HELD - len(ahead))]


def _read_on(source: Iterator[Order | Refusal], ahead: list[Order | Refusal]) -> bool:
    """Read one more order while others are worked on; False where there is none, or enough are read."""
    found = next(source, None) if len(ahead) < HELD else None
    if found is not None:
        ahead.append(found)
    return found is not None


def _in_processes(
    work: Work, orders: Sequence[Order | Refusal], jobs: int, meanwhile: Callable[[], bool]
) -> Generator[Done | Refusal, None, None]:
    with _interruptions() as interrupted:
        pool = ProcessPoolExecutor(
            min(jobs, len(orders)), multiprocessing.get_context("fork"), initializer=_begin, initargs=(work, orders)
        )
        try:
            begun = [pool.submit(_work_on, start) for start in range(0, len(orders), BATCH)]
            for future in begun:
                while not interrupted and not future.done():
                    if not meanwhile():
                        wait([future], timeout=PATIENCE)
                if interrupted:
                    raise KeyboardInterrupt
                yield from future.result()
        except BrokenProcessPool as error:
            hint = "run it again: what was built stays, and the rest is built then"
            raise SartoError("a process that built was ended from outside", hint=hint) from error
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _interruptions() -> Iterator[list[int]]:
    """What came of Ctrl-C in the meantime: a pool that is left in the middle of its own steps may wait for ever."""
    found: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: found.append(number))
    try:
        yield found
    finally:
        signal.signal(signal.SIGINT, before)


_begun: list[tuple[Work, Sequence[Order | Refusal]]] = []
"""In a process that was begun: the work and all orders, which it inherited, for lines cannot be sent."""


def _begin(work: Work, orders: Sequence[Order | Refusal]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption ends the process that waits: what is begun is done
    gc.freeze()  # what was inherited is not looked through again, which would copy its pages
    _begun.append((work, orders))


def _work_on(start: int) -> list[Done | Refusal]:
    work, orders = _begun[-1]
    return [work(order) for order in orders[start : start + BATCH]]


def side_by_side(work: Callable[[A], B], given: Iterable[A], jobs: int) -> Iterator[B]:
    """What the work makes of each, in order; only a few are taken and held at a time, however many there are.

    An interruption waits for what has begun, not for the rest.
    """
    pool = ThreadPoolExecutor(jobs)
    begun: deque[Future[B]] = deque()
    try:
        for each in given:
            begun.append(pool.submit(work, each))
            if len(begun) > 2 * jobs:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
