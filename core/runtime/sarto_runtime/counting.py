"""Counting, in the process that runs, how often features are called and reached for, and writing it down."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Protocol

from .build import Build
from .state import State
from .usage import Days, add_usage, today

__all__ = ["Counts", "Recorder", "Tally", "reached", "recording"]

SECONDS = 60.0
"""How often what was counted is written down, beside at the end of the process."""

PATIENCE = 1.0
"""Seconds for which the end of a process waits for a thread that writes."""

CALLS, REACHED = "calls", "reached"


class Tally:
    """A number that any thread may raise by calling ``tick``, at the cost of one call into C."""

    __slots__ = ("_next", "tick")

    def __init__(self) -> None:
        self.tick: Callable[[], int] = count().__next__
        self._next = 0

    def take(self) -> int:
        """How often there was a tick since this was asked last."""
        now = self.tick()
        found, self._next = now - self._next, now + 1
        return found


class Counts(Protocol):
    """What variation points ask, where calls are counted."""

    def tick(self, feature: str) -> Callable[[], int] | None:
        """What a call of the feature's variants calls first; None where that is not counted."""
        ...

    def point(self, name: str, is_on: Callable[[str], bool]) -> Callable[[], object] | None:
        """What a call of a variation point calls first that is there for a feature; None where it is for none."""
        ...


class Recorder:
    """What is counted of one build in this process.

    Nothing that happens here reaches the product: what cannot be written is kept for the next time, and lost in the
    end.
    """

    def __init__(self, build: Build, seconds: float = SECONDS) -> None:
        self._build = build
        self._record = build.usage.record if build.usage else ()
        self._points: Mapping[str, str] = build.usage.points if build.usage else {}
        self._seconds = seconds
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._waiting: Days = {}
        self._begin()
        atexit.register(self.flush)
        self._listen()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._hold, after_in_parent=self._let_go, after_in_child=self._forked)

    def tick(self, feature: str) -> Callable[[], int] | None:
        """What a call of the feature's variants calls first; None where calls are not recorded."""
        return self._tally(feature, CALLS).tick if CALLS in self._record and feature in self._build.features else None

    def point(self, name: str, is_on: Callable[[str], bool]) -> Callable[[], object] | None:
        """What a call of a variation point calls first that is there for a feature; None where it is for none."""
        feature = self._points.get(name)
        if feature is None or REACHED not in self._record or feature not in self._build.features:
            return None
        tick = self._tally(feature, REACHED).tick
        return lambda: None if is_on(feature) else tick()

    def reach(self, feature: str) -> None:
        """Somebody has reached for a feature that is off."""
        if REACHED in self._record and feature in self._build.features:
            self._tally(feature, REACHED).tick()

    def command(self, state: State, words: Sequence[str]) -> None:
        """Note where the first word of a command line is for a feature that is off."""
        usage = self._build.usage
        feature = usage.commands.get(words[0], "") if usage and words else ""
        if feature and not state.is_on(feature):
            self.reach(feature)

    def flush(self, patience: float = -1) -> None:
        """Write down what was counted since; where another thread does that for longer than ``patience``, not here."""
        if not self._lock.acquire(timeout=patience):
            return
        try:
            day = self._waiting.setdefault(today(), {})
            for (feature, what), tally in [*self._tallies.items()]:
                numbers = day.setdefault(feature, {})
                number = tally.take()
                if what == CALLS or number:  # that there was no call tells something, too
                    numbers[what] = numbers.get(what, 0) + number
                if not numbers:
                    del day[feature]
            if any(self._waiting.values()) and add_usage(self._build, self._waiting):
                self._waiting.clear()
        finally:
            self._lock.release()

    def close(self) -> None:
        """Write down what was counted, and count for nobody any more."""
        self._ended.set()
        if signal.getsignal(signal.SIGTERM) == self._end and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        atexit.unregister(self.flush)
        self.flush()

    def _tally(self, feature: str, what: str) -> Tally:
        with self._lock:
            return self._tallies.setdefault((feature, what), Tally())

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._keep_writing, args=(self._ended,), name="sarto-usage", daemon=True).start()

    def _listen(self) -> None:
        """Write down before SIGTERM ends the process, as long as the product does nothing else with it."""
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._end)

    def _end(self, number: int, _frame: object) -> None:
        self.flush(PATIENCE)
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)

    def _keep_writing(self, ended: threading.Event) -> None:
        while not ended.wait(self._seconds):
            self.flush()

    def _hold(self) -> None:
        """Nothing is written while a process is forked, which would hold the file as long as it lives."""
        self._lock.acquire()

    def _let_go(self) -> None:
        self._lock.release()

    def _forked(self) -> None:
        """A process that was forked counts from nothing, for what was counted before it is its parent's."""
        self._waiting = {}
        for tally in self._tallies.values():
            tally.take()
        self._begin()
        if util := sys.modules.get("multiprocessing.util"):
            util.register_after_fork(self, _finish_later)


def _finish_later(recorder: Recorder) -> None:
    """A process of multiprocessing ends without what ``atexit`` has; it has its own list, empty when it is forked."""
    from multiprocessing.util import Finalize

    Finalize(None, recorder.flush, exitpriority=100)


_recorders: list[Recorder] = []


def recording(build: Build) -> Recorder:
    """The recorder of this process, made when it is first asked for."""
    if not _recorders:
        _recorders.append(Recorder(build))
    return _recorders[0]


def reached(build: Build, wanted: Mapping[str, bool], state: State, barred: Mapping[str, Any]) -> None:
    """Note which of the features that somebody wants on cannot be had: they are not the user's, or not licensed."""
    if build.usage is None:
        return
    for name, value in wanted.items():
        if value and not state.is_on(name) and (name not in build.open or name in barred):
            recording(build).reach(name)
