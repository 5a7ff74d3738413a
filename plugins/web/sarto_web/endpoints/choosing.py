"""Deciding in a room, and asking what a decision would mean."""

from __future__ import annotations

import json
from functools import partial

from sarto.model.expression import Value
from sarto.model.feature import ValueType
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..asking import body_of, query_of
from ..desk import Desk
from ..looking import compared, range_of, why
from ..problems import Code, Problem

__all__ = ["routes"]


def routes(desk: Desk) -> list[Route]:
    """The routes of decisions."""
    return [*_changing(desk), *_asking(desk)]


def _changing(desk: Desk) -> list[Route]:
    return [
        Route("/api/rooms/{room}/decisions/{feature:path}", partial(decide, desk), methods=["PUT"]),
        Route("/api/rooms/{room}/decisions/{feature:path}", partial(take_back, desk), methods=["DELETE"]),
        Route("/api/rooms/{room}/open/{feature:path}", partial(leave_open, desk), methods=["PUT"]),
        Route("/api/rooms/{room}/undo", partial(undo, desk), methods=["POST"]),
        Route("/api/rooms/{room}/redo", partial(redo, desk), methods=["POST"]),
        Route("/api/rooms/{room}/repairs", partial(repair, desk), methods=["POST"]),
        Route("/api/rooms/{room}/complete", partial(complete, desk), methods=["POST"]),
    ]


def _asking(desk: Desk) -> list[Route]:
    return [
        Route("/api/rooms/{room}/why/{feature:path}", partial(explain, desk), methods=["GET"]),
        Route("/api/rooms/{room}/preview/{feature:path}", partial(preview, desk), methods=["GET"]),
        Route("/api/rooms/{room}/range/{feature:path}", partial(range, desk), methods=["GET"]),
        Route("/api/rooms/{room}/compare", partial(compare, desk), methods=["GET"]),
    ]


async def decide(desk: Desk, request: Request) -> Response:
    opened, visitor, feature = await desk.at(request)
    fields = await body_of(request, "value", "version")
    value, version = fields.value("value", desk.limits.text), fields.version()
    return JSONResponse(await desk.deciding.decide(opened, visitor, feature, value, version))


async def take_back(desk: Desk, request: Request) -> Response:
    opened, visitor, feature = await desk.at(request)
    version = query_of(request, "version", numbers=["version"]).version()
    return JSONResponse(await desk.deciding.take_back(opened, visitor, feature, version))


async def leave_open(desk: Desk, request: Request) -> Response:
    opened, visitor, feature = await desk.at(request)
    version = (await body_of(request, "version")).version()
    return JSONResponse(await desk.deciding.leave_open(opened, visitor, feature, version))


async def undo(desk: Desk, request: Request) -> Response:
    opened, visitor = await desk.room(request), desk.visitor(request)
    version = (await body_of(request, "version")).version()
    return JSONResponse(await desk.deciding.undo(opened, visitor, version))


async def redo(desk: Desk, request: Request) -> Response:
    opened, visitor = await desk.room(request), desk.visitor(request)
    version = (await body_of(request, "version")).version()
    return JSONResponse(await desk.deciding.redo(opened, visitor, version))


async def repair(desk: Desk, request: Request) -> Response:
    opened, visitor = await desk.room(request), desk.visitor(request)
    fields = await body_of(request, "feature", "value", "repair", "version")
    feature, value = fields.text("feature", desk.limits.text), fields.value("value", desk.limits.text)
    opened.line.known(feature)
    id, version = fields.text("repair", 40), fields.version()
    return JSONResponse(await desk.deciding.repair(opened, visitor, feature, value, id, version))


async def complete(desk: Desk, request: Request) -> Response:
    opened, visitor = await desk.room(request), desk.visitor(request)
    is_dry = query_of(request, "dry", numbers=["dry"]).number("dry", 0, 1, default=0) == 1
    fields = await body_of(request, "to", "version")
    to, version = fields.one_of("to", ("recommended", "cheapest")), fields.version()
    return JSONResponse(await desk.deciding.complete(opened, visitor, to, version, is_dry=is_dry))


async def explain(desk: Desk, request: Request) -> Response:
    query_of(request)
    opened, _, feature = await desk.at(request)
    return JSONResponse(await desk.work.long(lambda: why(opened.line, opened, feature)))


async def preview(desk: Desk, request: Request) -> Response:
    opened, _, feature = await desk.at(request)
    text = query_of(request, "value").text("value", desk.limits.text, default="true")
    value = _value(text, opened.line.known(feature).type)
    return JSONResponse(await desk.deciding.preview(opened, feature, value))


async def range(desk: Desk, request: Request) -> Response:
    query_of(request)
    opened, _, feature = await desk.at(request)
    return JSONResponse(await desk.work.quick(lambda: range_of(opened.line, opened.choice, feature)))


async def compare(desk: Desk, request: Request) -> Response:
    here = await desk.room(request)
    other = query_of(request, "with").text("with", 100)
    there = await desk.enter(desk.visitor(request), other)
    return JSONResponse(compared(here.line, here, there))


def _value(text: str, kind: ValueType | None) -> Value:
    """A value in a query, as JSON has it; what is no JSON is a text."""
    try:
        value = json.loads(text) if len(text) < 400 or text.startswith('"') else text
    except (ValueError, RecursionError):
        value = text
    if kind is ValueType.STRING and not isinstance(value, bool | str):
        return text
    if not isinstance(value, bool | int | float | str):
        raise Problem(422, Code.BAD_FIELD, "'value' is neither true, false, a number nor a text", "value")
    return value
