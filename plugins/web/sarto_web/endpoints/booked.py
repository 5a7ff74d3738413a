"""Sessions and orders, where there is an order book."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sarto.line import Built
from sarto.order_book import BookedOrder, HistoryEntry, NotAllowed, OrderState, StaleOrder, check_step, next_states
from sarto.order_steps import check_as_quoted, files_for_order, quote_text, upgrade_order
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from ..asking import body_of, query_of
from ..booking import stale, user_of
from ..desk import Desk
from ..guard import COOKIE, cookie_response
from ..jobs import Job
from ..problems import Code, Problem, not_found, refused
from ..who import Visitor
from .rooms import begun

__all__ = ["routes"]


def routes(desk: Desk) -> list[Route]:
    """The routes of sessions and orders."""
    return [*_sessions(desk), *_orders(desk)]


def _sessions(desk: Desk) -> list[Route]:
    return [
        Route("/api/session", partial(log_in, desk), methods=["POST"]),
        Route("/api/session", partial(log_out, desk), methods=["DELETE"]),
    ]


def _orders(desk: Desk) -> list[Route]:
    return [
        Route("/api/orders", partial(orders, desk), methods=["GET"]),
        Route("/api/orders", partial(create, desk), methods=["POST"]),
        Route("/api/orders/{order}", partial(order, desk), methods=["GET"]),
        Route("/api/orders/{order}/history", partial(history, desk), methods=["GET"]),
        Route("/api/orders/{order}/build", partial(product, desk), methods=["GET"]),
        Route("/api/orders/{order}/advance", partial(advance, desk), methods=["POST"]),
    ]


async def log_in(desk: Desk, request: Request) -> Response:
    fields = await body_of(request, "name", "password")
    name, password = fields.line("name", 200), fields.text("password", 1000)
    token = await desk.booking.log_in(name, password)
    if token is None:
        raise Problem(401, Code.WRONG_PASSWORD, "the name or the password is wrong")
    user = await desk.booking.user(token)
    answer = JSONResponse({"name": name, "role": user.role.value if user else "", "csrf": desk.keys.csrf(token)})
    return cookie_response(answer, token, request.scope)


async def log_out(desk: Desk, request: Request) -> Response:
    query_of(request)
    visitor = desk.visitor(request)
    if desk.booking.is_there:
        await desk.booking.log_out(request.state.cookie)
    desk.sessions.end(visitor)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/")
    return answer


async def orders(desk: Desk, request: Request) -> Response:
    visitor = desk.visitor(request)
    fields = query_of(request, "search", "state")
    state = fields.one_of("state", ("", *OrderState), default="")
    wanted = OrderState(state) if state else None
    found = await desk.booking.orders(visitor, fields.text("search", 200, default=""), wanted)
    return JSONResponse({"orders": [_order(each, visitor) for each in found]})


async def create(desk: Desk, request: Request) -> Response:
    visitor = desk.visitor(request)
    fields = await body_of(request, "customer", "selection")
    user = user_of(visitor)
    customer = fields.line("customer", 200, default=user.customer)
    if not customer:
        what = "'customer' is missing, where a text is needed"
        raise Problem(422, Code.EMPTY, what, "customer", "say whose order it is")
    text = fields.text("selection", desk.limits.body, default="")
    room, _, _ = await begun(desk, visitor, customer, text)
    line, chosen = desk.line.line, await desk.work.quick(lambda: desk.selections.selection(room))
    files = await desk.work.long(lambda: files_for_order(chosen, line))
    selection = await desk.work.quick(lambda: desk.selections.text(room))
    made = await desk.booking.create(visitor, customer, line.description.name, selection, files)
    return JSONResponse(_order(made, visitor), 201)


async def order(desk: Desk, request: Request) -> Response:
    query_of(request)
    visitor = desk.visitor(request)
    found = await desk.booking.order(visitor, request.path_params["order"])
    return JSONResponse({**_order(found, visitor), "selection": found.selection, "quote": _data(found.quote)})


async def history(desk: Desk, request: Request) -> Response:
    query_of(request)
    visitor = desk.visitor(request)
    found = await desk.booking.history(visitor, request.path_params["order"])
    return JSONResponse({"history": [_entry(each) for each in found]})


async def advance(desk: Desk, request: Request) -> Response:
    visitor = desk.visitor(request)
    fields = await body_of(request, "to", "version", "job")
    to, version = OrderState(fields.one_of("to", tuple(OrderState))), fields.version()
    found = await desk.booking.order(visitor, request.path_params["order"])
    if found.version != version:
        raise stale(StaleOrder(found, version))
    try:
        check_step(found, user_of(visitor), to)
    except NotAllowed as error:
        raise refused(403, error, Code.NOT_ALLOWED) from None
    if to is OrderState.UPGRADED:
        return JSONResponse({"job": _upgrade(desk, visitor, found).id}, 202)
    quote = lock = build = ""
    if to is OrderState.QUOTED:
        today = datetime.now(UTC).date().isoformat()
        quote = await desk.work.long(lambda: quote_text(found, desk.line.line, date=today))
    if to is OrderState.BUILT:
        lock, build = await _build(desk, visitor, fields.text("job", 200), found)
    made = await desk.booking.advance(visitor, found.id, version, to, quote=quote, lock=lock, build=build)
    return JSONResponse(_order(made, visitor))


async def product(desk: Desk, request: Request) -> Response:
    query_of(request)
    found = await desk.booking.order(desk.visitor(request), request.path_params["order"])
    archive = await desk.work.long(lambda: desk.jobs.archive_of(found))
    return FileResponse(archive, media_type="application/zip", filename=archive.name)


async def _build(desk: Desk, visitor: Visitor, id: str, order: BookedOrder) -> tuple[str, str]:
    """The lock and the build that a job has made for an order."""
    job = desk.jobs.get(id)
    opened = await desk.enter(visitor, job.room)
    if opened.room.order != order.id:
        raise not_found("there is no such job", Code.NO_JOB)
    if opened.room.version != job.version:
        raise Problem(409, Code.ORDER_CHANGED, "the order was changed since this was built", hint="build it again")
    await desk.work.long(lambda: check_as_quoted(order, desk.line.line))
    return await desk.work.long(lambda: desk.jobs.keep(job))


def _upgrade(desk: Desk, visitor: Visitor, order: BookedOrder) -> Job:
    """The job that builds an order against the line as it is now, and writes that down in the book."""
    user, line = user_of(visitor), desk.line.line

    def made(folder: Path) -> Built:
        return desk.booking.for_job(lambda book: upgrade_order(book, user, order, line, folder).built)()

    return desk.jobs.upgrade(order.id, order.version, made)


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
