"""All rooms: the one place where something changes, one change at a time in each room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_urlsafe
from time import monotonic

from sarto.model.expression import Value
from sarto.model.values import misfit
from sarto.solve.choices import Choice, Choices

from .feed import Feed
from .limits import Limits
from .problems import Code, Problem, not_found
from .records import Records
from .room import Room
from .work import Work

__all__ = ["OpenRoom", "Rooms", "now"]


def now() -> str:
    """This moment as rooms write it down."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(eq=False, slots=True)
class OpenRoom:
    """A room in memory: what is in it, what follows from that, and who watches. Changed under ``lock`` only."""

    room: Room
    choice: Choice
    feed: Feed
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    used: float = 0.0


class Rooms:
    """Rooms in memory, and the ones put away in files, from which they come back when somebody asks for them."""

    def __init__(self, choices: Choices, records: Records, limits: Limits, work: Work) -> None:
        self._choices = choices
        self._records = records
        self._limits = limits
        self._work = work
        self._open: dict[str, OpenRoom] = {}
        self._known = set(records.ids())
        self._of_order: dict[str, str] = {}
        self._coming = asyncio.Lock()

    @property
    def streams(self) -> int:
        """How many connections watch rooms."""
        return sum(each.feed.size for each in self._open.values())

    def close(self) -> None:
        """End all connections; what is in the rooms is kept already."""
        for each in self._open.values():
            each.feed.close()

    async def add(self, room: Room, choice: Choice) -> OpenRoom:
        """A new room, under an id that nobody can guess."""
        if len(self._known) >= self._limits.rooms:
            in_use = {id for id, each in self._open.items() if each.feed.size}
            for id in await self._work.long(lambda: self._records.clear(in_use)):
                self._known.discard(id)
                self._open.pop(id, None)
        if len(self._known) >= self._limits.rooms:
            what = f"there are {self._limits.rooms:,} rooms already"
            raise Problem(503, Code.TOO_MANY_ROOMS, what, hint="ask for an old one instead")
        await self._keep(room)
        self._known.add(room.id)
        if room.order:
            self._of_order[room.order] = room.id
        opened = self._enter(room, choice)
        self._put_away(opened)
        return opened

    async def get(self, id: str) -> OpenRoom:
        """A room by its id. Raises a Problem where there is none."""
        found = self._open.get(id)
        if found is None and id in self._known:
            async with self._coming:  # two who ask for it at once get the same
                found = self._open.get(id) or await self._come_back(id)
            self._put_away(found)
        if found is None:
            raise not_found("there is no such room", Code.NO_ROOM)
        found.used = monotonic()
        return found

    @asynccontextmanager
    async def changing(self, opened: OpenRoom, version: int | None = None) -> AsyncIterator[Room]:
        """Alone in the room. Raises a Problem where it is no longer of the ``version`` that the asker has seen."""
        async with opened.lock:
            room = opened.room
            if version is not None and version != room.version:
                raise Problem(
                    412, Code.STALE, "somebody else was faster: the room has changed", hint="look again, then decide",
                    more={"version": room.version},
                )  # fmt: skip
            yield room

    async def put(self, opened: OpenRoom, room: Room, choice: Choice | None = None) -> None:
        """What is in the room from now on, kept before anybody hears of it; to be called where one is alone in it."""
        await self._keep(room)
        opened.room = room
        if choice is not None:
            opened.choice = choice

    async def of_order(self, order: str) -> OpenRoom | None:
        """The room of an order, if there is one."""
        id = self._of_order.get(order)
        return None if id is None else await self.get(id)

    def leave_order(self, order: str) -> None:
        """The order has another room from now on."""
        self._of_order.pop(order, None)

    async def _keep(self, room: Room) -> None:
        await self._work.file(lambda: self._records.write(room))

    async def _come_back(self, id: str) -> OpenRoom | None:
        room = await self._work.file(lambda: self._records.read(id))
        if room is None:
            self._known.discard(id)
            return None
        wishes = room.said.wishes
        if not all(self._fits(name, wishes.get(name, False)) for name in (*wishes, *room.said.open)):
            return None  # the line has changed
        choice = await self._work.quick(lambda: self._choices.attempt(wishes))
        return None if choice is None else self._enter(room, choice)

    def _fits(self, name: str, value: Value) -> bool:
        feature = self._choices.model.features.get(name)
        return feature is not None and (not misfit(feature, value) or (feature.type is not None and value is True))

    def _enter(self, room: Room, choice: Choice) -> OpenRoom:
        opened = OpenRoom(room, choice, Feed(self._limits.events), used=monotonic())
        self._open[room.id] = opened
        return opened

    def _put_away(self, but: OpenRoom | None) -> None:
        """Forget rooms that nobody is in, the ones longest idle first, where more are in memory than should be."""
        idle = [
            each for each in self._open.values() if each is not but and not each.feed.size and not each.lock.locked()
        ]
        for each in sorted(idle, key=lambda each: each.used)[: max(0, len(self._open) - self._limits.in_memory)]:
            each.feed.close()
            del self._open[each.room.id]


def new_id() -> str:
    """An id that nobody can guess: 144 random bits."""
    return token_urlsafe(18)
