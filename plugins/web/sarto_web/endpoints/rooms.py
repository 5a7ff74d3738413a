"""Rooms: opening one, what is in it, and what happens there."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sarto.errors import SartoError
from sarto.solve.conflict import Conflict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ..asking import body_of, query_of
from ..desk import Desk
from ..mending import conflict_data
from ..problems import Code, Problem, error_data, refused
from ..room import Room, Said
from ..rooms import OpenRoom, new_id, now
from ..who import Visitor

__all__ = ["new_room", "routes"]


def routes(desk: Desk) -> list[Route]:
    """The routes of rooms."""

    async def open_room(request: Request) -> Response:
        visitor = desk.visitor(request)
        fields = await body_of(request, "customer", "selection", "order")
        if fields.has("order"):
            opened = await _room_of_order(desk, visitor, fields.text("order", 200))
            return JSONResponse(await desk.seen(opened, visitor), 201)
        if desk.booking.is_there and visitor.customer:
            customer = visitor.customer
        else:
            customer = fields.line("customer", 200, default="")
        text = fields.text("selection", desk.limits.body, default="")
        opened = await new_room(desk, visitor, customer, text)
        visitor = desk.sessions.admit(visitor, opened.room.id)
        return JSONResponse(await desk.seen(opened, visitor), 201)

    async def room(request: Request) -> Response:
        query_of(request)
        opened = await desk.room(request)
        return JSONResponse(await desk.seen(opened, desk.visitor(request)))

    async def events(request: Request) -> Response:
        query_of(request)
        opened, visitor = await desk.room(request), desk.visitor(request)
        if desk.rooms.streams >= desk.limits.streams or opened.feed.size >= desk.limits.people:
            raise Problem(
                503, Code.TOO_MANY_WATCHING, "too many are watching", hint="try again later",
                headers={"retry-after": "30"},
            )  # fmt: skip
        after = request.headers.get("last-event-id", "")[:60]
        return StreamingResponse(_watch(opened, visitor, after), media_type="text/event-stream")

    return [
        Route("/api/rooms", open_room, methods=["POST"]),
        Route("/api/rooms/{room}", room, methods=["GET"]),
        Route("/api/rooms/{room}/events", events, methods=["GET"]),
    ]


async def new_room(
    desk: Desk, visitor: Visitor, customer: str, text: str, order: str = "", version: int = 0
) -> OpenRoom:
    """A new room, perhaps with what a selection says. Raises a Problem where that does not fit or is impossible."""
    said = Said()
    if text:
        try:
            named, said = await desk.work.quick(lambda: desk.selections.said(text, visitor))
        except SartoError as error:
            told = [error_data(each) for each in error.errors[:20]]
            raise refused(422, error, more={"errors": told}) from None
        customer = customer or named
    if not order:
        desk.deciding.allow(visitor, [*said.wishes, *said.open])
    room = Room(
        id=new_id(), customer=customer, created=now(), said=said, began=text, order=order, order_version=version
    )
    try:
        choice = await desk.work.long(lambda: desk.line.choices.choice(room.said.wishes))
    except Conflict as conflict:
        more = {"conflict": conflict_data(conflict, ""), "version": 0}
        what = "no product is as this selection wants it"
        raise Problem(409, Code.IMPOSSIBLE_SELECTION, what, more=more) from None
    opened = await desk.rooms.add(room, choice)
    desk.counting.later(opened)
    return opened


async def _room_of_order(desk: Desk, visitor: Visitor, id: str) -> OpenRoom:
    """The room of an order, which says what the order says."""
    order = await desk.booking.order(visitor, id)
    if order.line != desk.line.line.description.name:
        what = "the order is for another line"
        raise Problem(409, Code.OTHER_LINE, what, hint="open it where that line is served")
    opened = await desk.rooms.of_order(order.id)
    if opened is not None and (opened.room.order_version == order.version or desk.booking.says(opened.room, order)):
        return opened
    if opened is not None:
        desk.rooms.leave_order(order.id)
    return await new_room(desk, visitor, order.customer, order.selection, order.id, order.version)


async def _watch(opened: OpenRoom, visitor: Visitor, after: str) -> AsyncIterator[str]:
    async for text in opened.feed.watch(visitor.name, after):
        yield text
