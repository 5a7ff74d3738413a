"""Several orders at a time: in processes that inherit the lines as they stand open, or in threads."""

from __future__ import annotations

import gc
import multiprocessing
import os
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
from pathlib import Path
from typing import TypeVar

from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.model.selection import Selection
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
Sent = tuple[int, Path, str, Selection, str, str]
"""An order as it is sent to a process: the place of its line among those that it knows, and the rest of it."""


def for_all(work: Work, orders: Iterable[Order | Refusal], jobs: int) -> Iterator[Done | Refusal]:
    """What the work makes of each order, in their order, by so many processes where the system has what it takes.

    The first order of each line is worked on here, so that what its builds share is ready for all. Raises
    :class:`SartoError` where a process is ended from outside; what it has built stays.
    """
    if jobs == 1 or sys.platform not in ("linux", "freebsd") or threading.active_count() > 1:
        yield from side_by_side(work, orders, jobs)
        return
    crew = _Crew(work, jobs)
    source = iter(orders)
    held = list(islice(source, FIRST))
    try:
        while held:
            ahead: list[Order | Refusal] = []
            here: dict[int, Done | Refusal] = {}
            for place, order in enumerate(held):
                if isinstance(order, Refusal):
                    here[place] = order
                elif crew.learns(order.line):
                    here[place] = work(order)
            others = [order for place, order in enumerate(held) if place not in here and isinstance(order, Order)]
            read_on = partial(_read_on, source, ahead)
            results = crew.results(others, read_on) if len(others) > FEW else (work(order) for order in others)
            with closing(results):  # an error's traceback would keep them, and their processes, beyond this
                for place in range(len(held)):
                    yield here[place] if place in here else next(results)
            held = [*ahead, *islice(source, HELD - len(ahead))]
    finally:
        crew.dismiss()


def _read_on(source: Iterator[Order | Refusal], ahead: list[Order | Refusal]) -> bool:
    """Read one more order while others are worked on; False where there is none, or enough are read."""
    found = next(source, None) if len(ahead) < HELD else None
    if found is not None:
        ahead.append(found)
    return found is not None


class _Crew:
    """Processes that inherit the lines, which cannot be sent to them; they begin anew where there is a further line."""

    def __init__(self, work: Work, jobs: int) -> None:
        self.work = work
        self.jobs = jobs
        self.lines: list[ProductLine] = []
        self._places: dict[int, int] = {}
        self._pool: ProcessPoolExecutor | None = None

    def learns(self, line: ProductLine) -> bool:
        """Whether the line is a new one, which only processes that begin from now on know."""
        if id(line) in self._places:
            return False
        self._places[id(line)] = len(self.lines)
        self.lines.append(line)
        self.dismiss()
        return True

    def results(self, orders: Sequence[Order], meanwhile: Callable[[], bool]) -> Generator[Done | Refusal, None, None]:
        """What comes of the orders; ``meanwhile`` does a bit of other work, and says whether there was any."""
        with _interruptions() as interrupted:
            try:
                pool = self._begun()
                sent = list(map(self._sent, orders))
                begun = [pool.submit(_work_on, sent[start : start + BATCH]) for start in range(0, len(sent), BATCH)]
                for future in begun:
                    while not interrupted and not future.done():
                        if not meanwhile():
                            wait([future], timeout=PATIENCE)
                    if interrupted:
                        self.dismiss()
                        raise KeyboardInterrupt
                    yield from future.result()
            except BrokenProcessPool as error:
                hint = "run it again: what was built stays, and the rest is built then"
                raise SartoError("a process that built was ended from outside", hint=hint) from error

    def _begun(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("fork")
            self._pool = ProcessPoolExecutor(
                self.jobs, context, initializer=_begin, initargs=(self.work, tuple(self.lines))
            )
        return self._pool

    def _sent(self, order: Order) -> Sent:
        place = self._places[id(order.line)]
        return place, order.file, order.name, order.selection, order.line_digest, order.selection_digest

    def dismiss(self) -> None:
        """End the processes, when what they have begun is done."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


@contextmanager
def _interruptions() -> Iterator[list[int]]:
    """What came of Ctrl-C in the meantime: a pool that is left in the middle of its own steps may wait for ever."""
    found: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: found.append(number))
    try:
        yield found
    finally:
        signal.signal(signal.SIGINT, before)


_given: list[tuple[Work, Sequence[ProductLine]]] = []
"""In a process that was begun: the work and all lines, which it inherited."""


def _begin(work: Work, lines: Sequence[ProductLine]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption ends the process that waits: what is begun is done
    gc.freeze()  # what was inherited is not looked through again, which would copy its pages
    threading.Thread(target=_end_with_the_one_that_began_it, daemon=True).start()
    _given.append((work, lines))


def _end_with_the_one_that_began_it() -> None:
    """What that one was killed without ending would wait for work for ever, and hold the store all the time."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work_on(batch: Sequence[Sent]) -> list[Done | Refusal]:
    work, lines = _given[-1]
    return [
        work(Order(file, name, lines[place], selection, line_digest, selection_digest))
        for place, file, name, selection, line_digest, selection_digest in batch
    ]


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
