"""How much one asker may ask for: so many requests a second for long, more at once, and few guesses."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from time import monotonic

from .problems import Code, Problem

__all__ = ["Bucket"]

KEPT = 10_000


@dataclass(slots=True)
class _Level:
    left: float
    at: float


class Bucket:
    """For each asker a bucket of so many requests, which fills again at a rate (requests a second)."""

    def __init__(self, size: float, rate: float) -> None:
        self._size = size
        self._rate = rate
        self._levels: OrderedDict[str, _Level] = OrderedDict()

    def take(self, asker: str) -> None:
        """Take one. Raises a Problem that says when to come again where the bucket is empty."""
        self.check(asker)
        self._levels[asker].left -= 1

    def check(self, asker: str) -> None:
        """Take nothing, but raise the same Problem where the bucket is empty."""
        now = monotonic()
        level = self._levels.get(asker)
        if level is None:
            level = self._levels[asker] = _Level(self._size, now)
            if len(self._levels) > KEPT:
                self._levels.popitem(last=False)
        self._levels.move_to_end(asker)
        level.left = min(self._size, level.left + (now - level.at) * self._rate)
        level.at = now
        if level.left < 1:
            seconds = ceil((1 - level.left) / self._rate)
            raise Problem(
                429, Code.TOO_MANY_REQUESTS, "these are too many requests", hint=f"try again in {seconds} seconds",
                data={"seconds": seconds}, headers={"retry-after": str(seconds)},
            )  # fmt: skip
