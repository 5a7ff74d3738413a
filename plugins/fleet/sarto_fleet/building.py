"""Building a fleet: each customer whose inputs have changed, several at a time, and none stops the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sarto.derive.files import refusals
from sarto.errors import SartoError

from .inputs import inputs_of
from .orders import Order, Refusal
from .records import recorded_inputs, write_record

__all__ = ["Done", "bring_up_to_date", "side_by_side"]

A = TypeVar("A")
B = TypeVar("B")


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
    line, said = order.line, (order.line_digest, order.selection_digest)
    try:
        with refusals(f"building for '{order.selection.customer}'"):
            known = recorded_inputs(builds, order.name)
            stale = known is None or known != inputs_of(line.plan(order.selection), *said, line.plugins)
            if stale:
                built = line.build(order.selection, builds)
                write_record(builds, order.name, inputs_of(built.plan, *said, line.plugins))
    except SartoError as error:
        return Refusal(order.file, error)
    return Done(order.file, order.selection.customer, order.name, stale)


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
