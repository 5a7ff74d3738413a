"""How many products are left: at once where that is quick, later where it takes long, null where it is not known."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from time import monotonic
from typing import Any

from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.solve.choices import Choice

from .line import OfferedLine
from .rooms import OpenRoom
from .work import Work

__all__ = ["Counting"]

QUICK = 0.03
"""A line whose products are counted in less is counted with every change."""
AT_ONCE, LATER = 0.05, 2.0
QUIET = 0.7
"""So many seconds after the last change it is counted."""
KEPT = 5000

Key = tuple[tuple[tuple[str, int], ...], bytes, tuple[tuple[str, type, object], ...]]


class Counting:
    """Numbers of products, which all rooms share: the same states leave the same products, whoever said what."""

    def __init__(self, line: ProductLine, work: Work) -> None:
        counters = line.plugins.counters()
        self._counter = counters[0].count if counters else None
        self._work = work
        self._kept: OrderedDict[Key, int | None] = OrderedDict()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_quick = True

    def try_out(self, line: OfferedLine, choice: Choice) -> None:
        """Find out whether counting is quick here; takes up to a second."""
        begun = monotonic()
        self._kept[_key(line, choice)] = self._count(line, choice, 1.0)
        self.is_quick = monotonic() - begun < QUICK

    def forget(self) -> None:
        """Take nothing for known or quick."""
        self._kept.clear()
        self.is_quick = False

    def known(self, line: OfferedLine, choice: Choice) -> dict[str, Any]:
        """The number as far as it is known; ``pending`` where it may come later."""
        key = _key(line, choice)
        if key not in self._kept and self.is_quick:
            found = self._count(line, choice, AT_ONCE)
            if found is not None:
                self._keep(key, found)
        count = self._kept.get(key)
        return {"count": None if count is None else str(count), "pending": key not in self._kept}

    def later(self, opened: OpenRoom) -> None:
        """Count in the background what is not known of a room, and tell it to who is there."""
        if _key(opened.line, opened.choice) not in self._kept:
            task = asyncio.get_running_loop().create_task(self._tell(opened, opened.choice))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Count no more."""
        for task in self._tasks:
            task.cancel()

    async def _tell(self, opened: OpenRoom, choice: Choice) -> None:
        await asyncio.sleep(QUIET)  # whoever goes on clicking does not wait for a number that nobody reads
        async with self._turn:
            if opened.choice is not choice:  # somebody has gone on
                return
            key = _key(opened.line, choice)
            if key not in self._kept:
                self._keep(key, await self._work.long(lambda: self._count(opened.line, choice, LATER)))
        if opened.choice is choice:
            known = self.known(opened.line, choice)
            opened.feed.tell("remaining", {"version": opened.room.version, "remaining": known})

    def _count(self, line: OfferedLine, choice: Choice, seconds: float) -> int | None:
        try:
            return line.choices.count(choice, self._counter, seconds)
        except SartoError:  # arithmetic that cannot be counted
            return None

    def _keep(self, key: Key, count: int | None) -> None:
        self._kept[key] = count
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _key(line: OfferedLine, choice: Choice) -> Key:
    values = ((name, type(value), value) for name, value in choice.wishes.items() if not isinstance(value, bool))
    return line.width, choice.states, tuple(sorted(values, key=lambda each: each[0]))
