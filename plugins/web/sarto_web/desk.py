"""Everything that endpoints work with, made once for a server; and who asks for which room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sarto.line import ProductLine
from sarto.order_book import OrderBook
from starlette.requests import Request

from .booking import Booking
from .counting import Counting
from .deciding import Deciding
from .following import Following
from .jobs import Jobs
from .limits import Limits
from .line import OfferedLine
from .problems import Code, Problem, not_found
from .records import Records
from .room import Room
from .rooms import OpenRoom, Rooms
from .selections import Selections
from .sessions import Keys, Sessions
from .showing import Shown
from .talking import Talking
from .who import Role, Visitor
from .work import Work

__all__ = ["Desk"]


class Desk:
    """One line as it is served. ``state`` is the folder in which rooms are kept."""

    def __init__(self, line: ProductLine, state: Path, limits: Limits, book: OrderBook | None) -> None:
        self.limits = limits
        self.work = Work(limits.seconds)
        self.line = OfferedLine(line)
        records = Records(state / "rooms")
        self.keys = Keys(records.secret())
        self.sessions = Sessions(limits)
        self.selections = Selections(self.line)
        self.booking = Booking(book, self.work)
        self.rooms = Rooms(self.line, records, limits, self.work)
        self.counting = Counting(line, self.work)
        self.following = Following(
            self.line, self.booking, self.selections, self.rooms, self.counting, self.keys, limits, self.work
        )
        self.deciding = Deciding(self.rooms, limits, self.work, self.counting, self.following)
        self.talking = Talking(self.rooms, limits, self.deciding, self.counting)
        self.jobs = Jobs(line, state / "builds", limits)

    def close(self) -> None:
        """Stop whatever is under way."""
        self.rooms.close()
        self.counting.close()
        self.jobs.close()
        self.work.close()

    async def room(self, request: Request) -> OpenRoom:
        """The room that a request names, where its sender may enter it; else as if there were none."""
        return await self.enter(self.visitor(request), request.path_params["room"])

    async def enter(self, visitor: Visitor, id: str) -> OpenRoom:
        """A room by its id, where the visitor may enter it; else as if there were none."""
        if visitor.rooms is not None and id not in visitor.rooms:
            raise not_found("there is no such room", Code.NO_ROOM)
        opened = await self.rooms.get(id)
        is_theirs = (
            visitor.user is None or visitor.role is Role.VENDOR or opened.room.customer == visitor.customer != ""
        )
        if not is_theirs:
            raise not_found("there is no such room", Code.NO_ROOM)
        await self.following.look(opened, visitor)
        return opened

    def visitor(self, request: Request) -> Visitor:
        """Who asks."""
        visitor: Visitor | None = request.state.visitor
        if visitor is None:
            raise Problem(401, Code.LOGGED_OUT, "nobody is logged in here", hint="log in first")
        return visitor

    async def at(self, request: Request) -> tuple[OpenRoom, Visitor, str]:
        """The room that a request names, who asks, and the feature that it names in its path."""
        opened, name = await self.room(request), request.path_params["feature"]
        opened.line.known(name)
        return opened, self.visitor(request), name

    async def seen(self, opened: OpenRoom, visitor: Visitor) -> dict[str, Any]:
        """A room as somebody sees it."""
        people = sorted({*opened.feed.people, visitor.name})
        room, choice = opened.room, opened.choice
        line, known = opened.line, self.counting.known
        data = await self.work.quick(lambda: Shown(line).room(room, choice, known(line, choice), visitor, people))
        return {**data, "links": self._links(room, visitor)}

    def _links(self, room: Room, visitor: Visitor) -> dict[str, str]:
        """Links into the room, by role, that a visitor may hand on: nobody lets others do more than themselves."""
        if self.booking.is_there:
            return {}
        roles = {Role.BOTH: (Role.CUSTOMER, Role.VENDOR)}.get(visitor.role, (visitor.role,))
        return {role.value: f"/rooms/{room.id}?key={self.keys.link(room.id, role)}" for role in roles}
