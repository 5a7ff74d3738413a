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
        self.selections = Selections(line)
        self.booking = Booking(book, self.selections, self.work)
        self.rooms = Rooms(self.line.choices, records, limits, self.work)
        self.counting = Counting(line, self.line.choices, self.work)
        self.deciding = Deciding(self.line, self.rooms, limits, self.work, self.counting, self.booking)
        self.talking = Talking(self.line, self.rooms, limits, self.deciding, self.counting)
        self.jobs = Jobs(line, state / "builds", limits)
        self.shown = Shown(self.line)

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
        return opened

    def visitor(self, request: Request) -> Visitor:
        """Who asks."""
        visitor: Visitor | None = request.state.visitor
        if visitor is None:
            raise Problem(401, Code.LOGGED_OUT, "nobody is logged in here", hint="log in first")
        return visitor

    def feature(self, request: Request) -> str:
        """The feature that a request names in its path."""
        name: str = request.path_params["feature"]
        self.line.known(name)
        return name

    async def seen(self, opened: OpenRoom, visitor: Visitor) -> dict[str, Any]:
        """A room as somebody sees it."""
        people = sorted({*opened.feed.people, visitor.name})
        room, choice = opened.room, opened.choice
        known = self.counting.known
        data = await self.work.quick(lambda: self.shown.room(room, choice, known(choice), visitor, people))
        return {**data, "links": self._links(room, visitor)}

    def _links(self, room: Room, visitor: Visitor) -> dict[str, str]:
        """Links into the room, by role, that a visitor may hand on: nobody lets others do more than themselves."""
        if self.booking.is_there:
            return {}
        roles = {Role.BOTH: (Role.CUSTOMER, Role.VENDOR)}.get(visitor.role, (visitor.role,))
        return {role.value: f"/rooms/{room.id}?key={self.keys.link(room.id, role)}" for role in roles}
