"""How long work says what it is doing now: one short line at a time."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

__all__ = ["Progress", "one_at_a_time", "quiet"]

Progress = Callable[[str], None]


def quiet(message: str) -> None:
    """Say nothing of what is happening."""
    del message


def one_at_a_time(progress: Progress) -> Progress:
    """The same, for work in several threads: it is never called by two of them at once."""
    lock = Lock()

    def say(message: str) -> None:
        with lock:
            progress(message)

    return say
