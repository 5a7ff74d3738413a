"""What happens in a room, told to all who watch it: numbered events, the last of which can be had again."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from secrets import token_hex

__all__ = ["Event", "Feed"]

PAUSE = 5.0
"""After so many seconds without an event a comment is sent, so that a connection that broke is noticed."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event as the wire has it."""

    id: str
    name: str
    data: str

    def __str__(self) -> str:
        return f"id: {self.id}\nevent: {self.name}\ndata: {self.data}\n\n"


@dataclass(eq=False, slots=True)
class Listener:
    """One connection: who it is, and the event that it waits for."""

    name: str
    waiting: asyncio.Event = field(default_factory=asyncio.Event)


class Feed:
    """The events of one room. Its ids begin with a word of their own, so that those of an earlier run are known."""

    def __init__(self, most: int) -> None:
        self._run = token_hex(4)
        self._number = 0
        self._events: deque[Event] = deque(maxlen=most)
        self._listeners: set[Listener] = set()
        self.is_closed = False

    @property
    def people(self) -> list[str]:
        """Who watches, each once, by name."""
        return sorted({listener.name for listener in self._listeners})

    @property
    def size(self) -> int:
        """How many connections watch."""
        return len(self._listeners)

    def tell(self, name: str, data: object) -> None:
        """Send an event to all who watch."""
        self._number += 1
        self._events.append(Event(f"{self._run}-{self._number}", name, json.dumps(data, ensure_ascii=False)))
        self._wake()

    def close(self) -> None:
        """End all connections: the room is put away, or the server stops."""
        self.is_closed = True
        self._wake()

    async def watch(self, who: str, after: str) -> AsyncIterator[str]:
        """The events from here on, or from ``after`` on, the id of the last one that was received.

        Where some since then are no longer kept, one ``reset`` says that the room is to be read anew.
        """
        listener = Listener(who)
        self._listeners.add(listener)
        try:
            number = self._place_of(after)
            self._tell_people()
            yield "retry: 2000\n\n"
            if number is None:
                yield str(Event(f"{self._run}-{self._number}", "reset", "{}"))
                number = self._number
            while not self.is_closed:
                listener.waiting.clear()
                oldest = self._number - len(self._events)
                if number < oldest:  # it reads more slowly than things happen
                    yield str(Event(f"{self._run}-{self._number}", "reset", "{}"))
                    number = self._number
                for event in list(self._events)[number - oldest :]:
                    number += 1
                    yield str(event)
                if number == self._number and not self.is_closed:
                    try:
                        await asyncio.wait_for(listener.waiting.wait(), PAUSE)
                    except TimeoutError:
                        yield ": \n\n"
        finally:
            self._listeners.discard(listener)
            self._tell_people()

    def _place_of(self, after: str) -> int | None:
        """The number of the last event that was received; None where events since then are lost."""
        if not after:
            return self._number
        run, _, number = after.partition("-")
        if run != self._run or not number.isascii() or not number.isdecimal() or len(number) > 15:
            return None
        oldest = self._number - len(self._events)
        return int(number) if oldest <= int(number) <= self._number else None

    def _tell_people(self) -> None:
        self.tell("people", {"people": self.people})

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.waiting.set()
