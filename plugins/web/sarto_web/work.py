"""Work that takes the processor, away from the loop that answers: quick questions, and a few long ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from .problems import Code, Problem

__all__ = ["Work"]

T = TypeVar("T")

QUICK, LONG = 4, 2


class Work:
    """Threads for what requests need; ``seconds`` is how long an answer may take.

    A question that takes longer keeps its thread until it is done, so that no more than these are ever at work. Where
    quick questions take less than handing them to a thread does, ``is_inline`` has them answered at once.
    """

    is_inline = False

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._quick = ThreadPoolExecutor(QUICK, "quick")
        self._long = ThreadPoolExecutor(LONG, "long")

    async def quick(self, question: Callable[[], T]) -> T:
        """The answer to what takes milliseconds."""
        if self.is_inline:
            return question()
        return await self._ask(question, self._quick)

    async def file(self, question: Callable[[], T]) -> T:
        """The answer to what waits for a disk."""
        return await self._ask(question, self._quick)

    async def long(self, question: Callable[[], T]) -> T:
        """The answer to what may take seconds, a few at a time, so that the quick ones never wait for it."""
        return await self._ask(question, self._long)

    def close(self) -> None:
        """Take no more work."""
        for pool in (self._quick, self._long):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, question: Callable[[], T], pool: ThreadPoolExecutor) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.get_running_loop().run_in_executor(pool, question)
        except TimeoutError:
            raise Problem(503, Code.TOO_SLOW, "this takes too long to answer", hint="try again later") from None
