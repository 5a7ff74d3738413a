"""The rooms of orders: each says what its order says, whoever changes it, and nothing that was said there is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from secrets import token_urlsafe

from sarto.errors import SartoError
from sarto.order_book import BookedOrder, HistoryEntry, StaleOrder
from sarto.solve.choices import Choice
from sarto.solve.conflict import Conflict

from .booking import Booking
from .counting import Counting
from .limits import Limits
from .line import OfferedLine
from .mending import conflict_data
from .problems import Code, Problem, error_data, refused
from .room import Outcome, Proposal, Room, Said
from .rooms import OpenRoom, Rooms, line_for, now, outdated
from .selections import Read, Selections
from .sessions import Keys
from .showing import Shown, proposal
from .who import Visitor
from .work import Work

__all__ = ["Following", "followed"]

TRIES = 3
"""So often a change is saved anew where the order went on without another selection: quoted, say."""


class Following:
    """Keeps rooms and their orders together. There is one room for each order, with the same id over restarts."""

    def __init__(
        self, line: OfferedLine, booking: Booking, selections: Selections, rooms: Rooms, counting: Counting,
        keys: Keys, limits: Limits, work: Work,
    ) -> None:  # fmt: skip
        self._line = line
        self._booking = booking
        self._selections = selections
        self._rooms = rooms
        self._counting = counting
        self._keys = keys
        self._limits = limits
        self._work = work
        self._opening = asyncio.Lock()

    async def room_of(self, visitor: Visitor, id: str) -> OpenRoom:
        """The room of an order, saying what the order says."""
        order = await self._booking.order(visitor, id)
        if order.line != self._line.line.description.name:
            what = "the order is for another line"
            raise Problem(409, Code.OTHER_LINE, what, hint="open it where that line is served")
        async with self._opening:  # two who come at once get the same
            opened = await self._rooms.find(self._keys.room(order.id))
            if opened is None:
                opened = await self._open(visitor, order)
        await self._look(opened, visitor, order)
        return opened

    async def look(self, opened: OpenRoom, visitor: Visitor) -> None:
        """Let a room say what its order says by now."""
        if opened.room.order and visitor.user is not None:
            await self._look(opened, visitor, await self._booking.order(visitor, opened.room.order))

    async def save(self, opened: OpenRoom, after: Room, visitor: Visitor) -> Room:
        """The room after a change, saved into its order before anybody sees it; to be called alone in the room.

        Raises a Problem where the order is frozen, or was changed elsewhere: the room then says what the order says.
        """
        if not after.order:
            return after
        text = self._selections.text(after)
        for _ in range(TRIES):
            try:
                saved = await self._booking.save(visitor, after.order, opened.room.order_version, text)
                return replace(after, order_version=saved.version)
            except StaleOrder as error:
                if error.current.selection == text:  # it was saved before, and nobody heard of it
                    return replace(after, order_version=error.current.version)
                if await self._catch_up(opened, visitor, error.current):
                    break
        raise outdated(opened.room, after.version - 1)

    async def _look(self, opened: OpenRoom, visitor: Visitor, order: BookedOrder) -> None:
        if order.version > opened.room.order_version:
            async with self._rooms.changing(opened):
                await self._catch_up(opened, visitor, order)

    async def _open(self, visitor: Visitor, order: BookedOrder) -> OpenRoom:
        _, read = await self._read(visitor, order, 0)
        choice = await followed(self._work, read.line, read.said)
        before = await self._rooms.kept(self._keys.room(order.id))  # of a line that has changed since
        room = Room(
            id=self._keys.room(order.id), customer=order.customer, created=now(), said=read.said,
            began=order.selection, order=order.id, order_version=order.version,
            comments=before.comments if before else (),
        )  # fmt: skip
        opened = await self._rooms.add(room, read.line, choice)
        self._counting.later(opened)
        return opened

    async def _catch_up(self, opened: OpenRoom, visitor: Visitor, order: BookedOrder) -> bool:
        """Let the room say what the order says; whether that is something else than it said. Alone in the room."""
        room, before = opened.room, opened.choice
        if order.version <= room.order_version:
            return False
        by, read = await self._read(visitor, order, room.order_version)
        said = read.said.as_told_by(room.said)
        there = replace(room, said=said, began=order.selection, order_version=order.version)
        if self._selections.text(there) == self._selections.text(room):
            await self._rooms.put(opened, replace(room, order_version=order.version))
            return False
        kept = self._kept(room, said, by)
        after = replace(
            room.saying(said, self._limits.undo), began=order.selection, order_version=order.version,
            proposals=(*room.proposals, *kept), elsewhere=by,
        )  # fmt: skip
        line = await self._work.long(lambda: line_for(self._line, after))
        choice = await followed(self._work, line, said)
        await self._rooms.put(opened, replace(after, elsewhere_version=after.version), choice, line)
        self._tell(opened, by, before, kept)
        return True

    def _kept(self, room: Room, said: Said, by: str) -> list[Proposal]:
        """What people had said in the room and the order does not say any more, as proposals of theirs."""
        lost = [each for each in room.said.decisions if not said.says(each)]
        asked = {(each.feature, each.value) for each in room.proposals if each.outcome is Outcome.PENDING}
        text, space = f"it was so until {by} changed the order elsewhere", self._limits.proposals - len(room.proposals)
        return [
            Proposal(token_urlsafe(9), each.feature, each.value, text, each.by, each.role, now())
            for each in lost[: max(0, space)]
            if (each.feature, each.value) not in asked
        ]

    def _tell(self, opened: OpenRoom, by: str, before: Choice, kept: list[Proposal]) -> None:
        choice = opened.choice
        if choice.order is before.order:
            known = self._counting.known(opened.line, choice)
            shown = Shown(opened.line).change("elsewhere", by, None, opened.room, choice, before, known)
            opened.feed.tell("change", shown)
        else:  # it has other instances now
            opened.feed.tell("reset", {})
        for each in kept:
            opened.feed.tell("proposal", proposal(each))
        self._counting.later(opened)

    async def _read(self, visitor: Visitor, order: BookedOrder, since: int) -> tuple[str, Read]:
        """Who has changed what an order says since a version of it, and what it says."""
        by = _writer(await self._booking.history(visitor, order.id), since)
        try:
            return by, await self._work.long(lambda: self._selections.ordered(order.selection, by))
        except SartoError as error:
            told = [error_data(each) for each in error.errors[:20]]
            raise refused(422, error, more={"errors": told}) from None


async def followed(work: Work, line: OfferedLine, said: Said) -> Choice:
    """What follows from what a selection says. Raises a Problem where that is impossible."""
    try:
        return await work.long(lambda: line.choices.choice(said.wishes))
    except Conflict as conflict:
        more = {"conflict": conflict_data(conflict, ""), "version": 0}
        what = "no product is as this selection wants it"
        raise Problem(409, Code.IMPOSSIBLE_SELECTION, what, more=more) from None


def _writer(history: Sequence[HistoryEntry], since: int) -> str:
    """Who was the last to write a selection."""
    written = [each for each in history if each.version > since and "selection" in json.loads(each.after)]
    return written[-1].user if written else history[-1].user
