"""One change after another, whichever threads ask for it, and in a process that is forked meanwhile, too."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .errors import ProductError

__all__ = ["Turn"]

PATIENCE = 5.0
"""Seconds that a fork waits for the change of another thread, so that the new process has all of it or nothing."""


class Turn:
    """The turn to change something; ``nested`` says why a change cannot be made within another one.

    A process that is forked has only the thread that forked it. Where another one does not end its change in time, it
    is nobody's turn there.
    """

    def __init__(self, nested: str) -> None:
        self.lock = threading.RLock()
        self._nested = nested
        self._is_taken = False
        self._waiting: list[Callable[[], None]] = []
        _turns.add(self)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn of this thread, and have it. Raises :class:`ProductError` where it has it already."""
        try:
            with self.lock:
                if self._is_taken:
                    raise ProductError(self._nested)
                self._is_taken = True
                try:
                    yield
                finally:
                    self._is_taken = False
        finally:
            self._catch_up()

    def soon(self, work: Callable[[], None]) -> None:
        """Do it at once or, where somebody has the turn just now, at the end of that: nobody waits for anything."""
        self._waiting.append(work)
        self._catch_up()

    def _catch_up(self) -> None:
        """Do what was left; whoever leaves something while another has the turn is seen by that one in the end."""
        while self._waiting:
            with self._offered() as is_ours:
                if not is_ours:
                    return
                while self._waiting:
                    self._waiting.pop(0)()

    @contextmanager
    def _offered(self) -> Iterator[bool]:
        """Have the turn, if nobody has it just now; whether that is so."""
        is_free = self.lock.acquire(blocking=False)
        try:
            if not is_free or self._is_taken:
                yield False
                return
            self._is_taken = True
            try:
                yield True
            finally:
                self._is_taken = False
        finally:
            if is_free:
                self.lock.release()

    def renew(self) -> None:
        """Forget whose turn it is."""
        self.lock = threading.RLock()
        self._is_taken = False


# What a fork has to know is known to nobody but the process.
_turns: weakref.WeakSet[Turn] = weakref.WeakSet()
_held: list[tuple[Turn, bool]] = []


def _before() -> None:
    _held[:] = [(turn, turn.lock.acquire(timeout=PATIENCE)) for turn in [*_turns]]


def _after() -> None:
    while _held:
        turn, is_held = _held.pop()
        if is_held:
            turn.lock.release()


def _after_in_child() -> None:
    for turn, is_held in _held:
        if not is_held:
            turn.renew()
    _after()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after, after_in_child=_after_in_child)
