"""Rooms: opening one, what is in it, and what happens there."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import partial
from time import monotonic

from sarto.errors import SartoError
from sarto.solve.choices import Choice
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ..asking import body_of, query_of
from ..deciding import allow
from ..desk import Desk
from ..following import followed
from ..line import OfferedLine
from ..problems import Code, Problem, error_data, refused
from ..room import Room, Said
from ..rooms import OpenRoom, new_id, now
from ..selections import Read
from ..who import Visitor

__all__ = ["begun", "new_room", "routes"]


def routes(desk: Desk) -> list[Route]:
    """The routes of rooms."""
    return [
        Route("/api/rooms", partial(open_room, desk), methods=["POST"]),
        Route("/api/rooms/{room}", partial(room, desk), methods=["GET"]),
        Route("/api/rooms/{room}/events", partial(events, desk), methods=["GET"]),
    ]


async def open_room(desk: Desk, request: Request) -> Response:
    visitor = desk.visitor(request)
    fields = await body_of(request, "customer", "selection", "order")
    if fields.has("order"):
        opened = await desk.following.room_of(visitor, fields.text("order", 200))
        return JSONResponse(await desk.seen(opened, visitor), 201)
    if desk.booking.is_there and visitor.customer:
        customer = visitor.customer
    else:
        customer = fields.line("customer", 200, default="")
    text = fields.text("selection", desk.limits.body, default="")
    opened = await new_room(desk, visitor, customer, text)
    visitor = desk.sessions.admit(visitor, opened.room.id)
    return JSONResponse(await desk.seen(opened, visitor), 201)


async def room(desk: Desk, request: Request) -> Response:
    query_of(request)
    opened = await desk.room(request)
    return JSONResponse(await desk.seen(opened, desk.visitor(request)))


async def events(desk: Desk, request: Request) -> Response:
    query_of(request)
    opened, visitor = await desk.room(request), desk.visitor(request)
    if desk.rooms.streams >= desk.limits.streams or opened.feed.size >= desk.limits.people:
        raise Problem(
            503, Code.TOO_MANY_WATCHING, "too many are watching", hint="try again later",
            headers={"retry-after": "30"},
        )  # fmt: skip
    after = request.headers.get("last-event-id", "")[:60]
    return StreamingResponse(_watch(desk, opened, visitor, request.state.cookie, after), media_type="text/event-stream")


async def new_room(desk: Desk, visitor: Visitor, customer: str, text: str) -> OpenRoom:
    """A new room, perhaps with what a selection says. Raises a Problem where that does not fit or is impossible."""
    room, line, choice = await begun(desk, visitor, customer, text)
    opened = await desk.rooms.add(room, line, choice)
    desk.counting.later(opened)
    return opened


async def begun(desk: Desk, visitor: Visitor, customer: str, text: str) -> tuple[Room, OfferedLine, Choice]:
    """What a new room would have in it, and what follows from that, as :func:`new_room` has it."""
    read = Read(desk.line, "", Said())
    if text:
        try:
            read = await desk.work.long(lambda: desk.selections.sent(text, visitor))
        except SartoError as error:
            told = [error_data(each) for each in error.errors[:20]]
            raise refused(422, error, more={"errors": told}) from None
    said = read.said
    allow(read.line, visitor, [*said.wishes, *said.open])
    choice = await followed(desk.work, read.line, said)
    return (
        Room(id=new_id(), customer=customer or read.customer, created=now(), said=said, began=text),
        read.line,
        choice,
    )


async def _watch(desk: Desk, opened: OpenRoom, visitor: Visitor, cookie: str, after: str) -> AsyncIterator[str]:
    """The events of a room, as long as their reader is logged in; its order is looked after meanwhile."""
    seen = monotonic()
    async for text in opened.feed.watch(visitor.name, after):
        if monotonic() - seen > desk.limits.looking:
            seen = monotonic()
            if not await _may_go_on(desk, opened, visitor, cookie):
                return
        yield text


async def _may_go_on(desk: Desk, opened: OpenRoom, visitor: Visitor, cookie: str) -> bool:
    if visitor.user is None:
        return True
    with contextlib.suppress(Problem):  # a book that is away ends nothing, and says nothing new
        if await desk.booking.user(cookie) != visitor.user:
            return False
        await desk.following.look(opened, visitor)
    return True
