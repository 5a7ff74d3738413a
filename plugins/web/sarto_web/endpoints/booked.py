"""Sessions and orders, where there is an order book."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sarto.order_book import BookedOrder, HistoryEntry, OrderState, next_states
from sarto.order_steps import check_as_quoted, quote_text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..asking import body_of, query_of
from ..booking import user_of
from ..desk import Desk
from ..guard import COOKIE, cookie_response
from ..problems import Code, Problem, not_found
from ..room import Room
from ..rooms import new_id
from ..who import Visitor
from .rooms import new_room

__all__ = ["routes"]


def routes(desk: Desk) -> list[Route]:
    """The routes of sessions and orders."""
    return [*_sessions(desk), *_orders(desk)]


def _sessions(desk: Desk) -> list[Route]:
    async def log_in(request: Request) -> Response:
        fields = await body_of(request, "name", "password")
        name, password = fields.line("name", 200), fields.text("password", 1000)
        token = await desk.booking.log_in(name, password)
        if token is None:
            raise Problem(401, Code.WRONG_PASSWORD, "the name or the password is wrong")
        user = await desk.booking.user(token)
        answer = JSONResponse({"name": name, "role": user.role.value if user else "", "csrf": desk.keys.csrf(token)})
        return cookie_response(answer, token, request.scope)

    async def log_out(request: Request) -> Response:
        query_of(request)
        visitor = desk.visitor(request)
        if desk.booking.is_there:
            await desk.booking.log_out(request.state.cookie)
        desk.sessions.end(visitor)
        answer = Response(status_code=204)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return [
        Route("/api/session", log_in, methods=["POST"]),
        Route("/api/session", log_out, methods=["DELETE"]),
    ]


def _orders(desk: Desk) -> list[Route]:
    booking = desk.booking

    async def orders(request: Request) -> Response:
        visitor = desk.visitor(request)
        fields = query_of(request, "search", "state")
        state = fields.one_of("state", ("", *OrderState), default="")
        wanted = OrderState(state) if state else None
        found = await booking.orders(visitor, fields.text("search", 200, default=""), wanted)
        return JSONResponse({"orders": [_order(each, visitor) for each in found]})

    async def create(request: Request) -> Response:
        visitor = desk.visitor(request)
        fields = await body_of(request, "customer", "selection")
        user = user_of(visitor)
        customer = fields.line("customer", 200, default=user.customer)
        if not customer:
            what = "'customer' is missing, where a text is needed"
            raise Problem(422, Code.EMPTY, what, "customer", "say whose order it is")
        text = fields.text("selection", desk.limits.body, default="")
        if text:
            opened = await new_room(desk, visitor, customer, text)
            room = opened.room
        else:
            room = Room(id=new_id(), customer=customer)
        selection = desk.selections.text(room)
        made = await booking.create(visitor, customer, desk.line.line.description.name, selection)
        return JSONResponse(_order(made, visitor), 201)

    async def order(request: Request) -> Response:
        query_of(request)
        visitor = desk.visitor(request)
        found = await booking.order(visitor, request.path_params["order"])
        return JSONResponse({**_order(found, visitor), "selection": found.selection, "quote": _data(found.quote)})

    async def history(request: Request) -> Response:
        query_of(request)
        visitor = desk.visitor(request)
        found = await booking.history(visitor, request.path_params["order"])
        return JSONResponse({"history": [_entry(each) for each in found]})

    async def advance(request: Request) -> Response:
        visitor = desk.visitor(request)
        fields = await body_of(request, "to", "version", "job")
        to, version = OrderState(fields.one_of("to", tuple(OrderState))), fields.version()
        id = request.path_params["order"]
        found = await booking.order(visitor, id)
        quote = lock = build = ""
        if to is OrderState.QUOTED:
            today = datetime.now(UTC).date().isoformat()
            quote = await desk.work.long(lambda: quote_text(found, desk.line.line, date=today))
        if to is OrderState.BUILT:
            lock, build = await _build(desk, visitor, fields.text("job", 200), found)
        made = await booking.advance(visitor, id, version, to, quote=quote, lock=lock, build=build)
        return JSONResponse(_order(made, visitor))

    return [
        Route("/api/orders", orders, methods=["GET"]),
        Route("/api/orders", create, methods=["POST"]),
        Route("/api/orders/{order}", order, methods=["GET"]),
        Route("/api/orders/{order}/history", history, methods=["GET"]),
        Route("/api/orders/{order}/advance", advance, methods=["POST"]),
    ]


async def _build(desk: Desk, visitor: Visitor, id: str, order: BookedOrder) -> tuple[str, str]:
    """The lock and the build that a job has made for an order."""
    job = desk.jobs.get(id)
    opened = await desk.enter(visitor, job.room)
    if opened.room.order != order.id or opened.room.version != job.version:
        raise not_found("there is no such job", Code.NO_JOB)
    await desk.work.long(lambda: check_as_quoted(order, desk.line.line))
    return await desk.work.long(lambda: desk.jobs.keep(job))


def _order(order: BookedOrder, visitor: Visitor) -> dict[str, Any]:
    return {
        "id": order.id,
        "number": order.number,
        "customer": order.customer,
        "line": order.line,
        "state": order.state.value,
        "next": [state.value for state in next_states(order.state, user_of(visitor).role)],
        "version": order.version,
        "created": order.created.isoformat(),
        "changed": order.changed.isoformat(),
    }


def _entry(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "user": entry.user,
        "what": entry.what,
        "version": entry.version,
        "before": _data(entry.before),
        "after": _data(entry.after),
    }


def _data(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
