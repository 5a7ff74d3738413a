"""What a call needs to go on where a variant has failed: how far it had come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["AsyncProceeding", "Failed", "Proceeding"]

Failed = Callable[[BaseException], None]
"""What is told of each failure of a plugin."""


class Proceeding:
    """What a guarded variant proceeds with: it keeps what came of it, in case the variant then fails."""

    __slots__ = ("_inner", "error", "is_done", "result")

    def __init__(self, inner: Callable[..., Any]) -> None:
        self._inner = inner
        self.error: BaseException | None = None
        self.is_done = False
        self.result: Any = None

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Proceed."""
        self.error = None
        try:
            self.result = self._inner(*arguments, **named)
        except BaseException as error:
            self.error = error
            raise
        self.is_done = True
        return self.result


class AsyncProceeding(Proceeding):
    """The same where what is proceeded with is a coroutine function."""

    __slots__ = ()

    async def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Proceed."""
        self.error = None
        try:
            self.result = await self._inner(*arguments, **named)
        except BaseException as error:
            self.error = error
            raise
        self.is_done = True
        return self.result
