"""Deciding in a room, and asking what a decision would mean."""

from __future__ import annotations

import json

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
    deciding = desk.deciding

    async def decide(request: Request) -> Response:
        opened, visitor, feature = await desk.room(request), desk.visitor(request), desk.feature(request)
        fields = await body_of(request, "value", "version")
        value, version = fields.value("value", desk.limits.text), fields.version()
        return JSONResponse(await deciding.decide(opened, visitor, feature, value, version))

    async def take_back(request: Request) -> Response:
        opened, visitor, feature = await desk.room(request), desk.visitor(request), desk.feature(request)
        version = query_of(request, "version", numbers=["version"]).version()
        return JSONResponse(await deciding.take_back(opened, visitor, feature, version))

    async def leave_open(request: Request) -> Response:
        opened, visitor, feature = await desk.room(request), desk.visitor(request), desk.feature(request)
        version = (await body_of(request, "version")).version()
        return JSONResponse(await deciding.leave_open(opened, visitor, feature, version))

    async def undo(request: Request) -> Response:
        opened, visitor = await desk.room(request), desk.visitor(request)
        version = (await body_of(request, "version")).version()
        return JSONResponse(await deciding.undo(opened, visitor, version))

    async def redo(request: Request) -> Response:
        opened, visitor = await desk.room(request), desk.visitor(request)
        version = (await body_of(request, "version")).version()
        return JSONResponse(await deciding.redo(opened, visitor, version))

    async def repair(request: Request) -> Response:
        opened, visitor = await desk.room(request), desk.visitor(request)
        fields = await body_of(request, "feature", "value", "repair", "version")
        feature, value = fields.text("feature", desk.limits.text), fields.value("value", desk.limits.text)
        desk.line.known(feature)
        id, version = fields.text("repair", 40), fields.version()
        return JSONResponse(await deciding.repair(opened, visitor, feature, value, id, version))

    async def complete(request: Request) -> Response:
        opened, visitor = await desk.room(request), desk.visitor(request)
        is_dry = query_of(request, "dry", numbers=["dry"]).number("dry", 0, 1, default=0) == 1
        fields = await body_of(request, "to", "version")
        to, version = fields.one_of("to", ("recommended", "cheapest")), fields.version()
        return JSONResponse(await deciding.complete(opened, visitor, to, version, is_dry=is_dry))

    return [
        Route("/api/rooms/{room}/decisions/{feature:path}", decide, methods=["PUT"]),
        Route("/api/rooms/{room}/decisions/{feature:path}", take_back, methods=["DELETE"]),
        Route("/api/rooms/{room}/open/{feature:path}", leave_open, methods=["PUT"]),
        Route("/api/rooms/{room}/undo", undo, methods=["POST"]),
        Route("/api/rooms/{room}/redo", redo, methods=["POST"]),
        Route("/api/rooms/{room}/repairs", repair, methods=["POST"]),
        Route("/api/rooms/{room}/complete", complete, methods=["POST"]),
    ]


def _asking(desk: Desk) -> list[Route]:
    async def explain(request: Request) -> Response:
        query_of(request)
        opened, feature = await desk.room(request), desk.feature(request)
        return JSONResponse(await desk.work.long(lambda: why(desk.line, opened, feature)))

    async def preview(request: Request) -> Response:
        opened, feature = await desk.room(request), desk.feature(request)
        text = query_of(request, "value").text("value", desk.limits.text, default="true")
        value = _value(text, desk.line.known(feature).type)
        return JSONResponse(await desk.deciding.preview(opened, feature, value))

    async def range(request: Request) -> Response:
        query_of(request)
        opened, feature = await desk.room(request), desk.feature(request)
        return JSONResponse(await desk.work.quick(lambda: range_of(desk.line, opened.choice, feature)))

    async def compare(request: Request) -> Response:
        here = await desk.room(request)
        other = query_of(request, "with").text("with", 100)
        there = await desk.enter(desk.visitor(request), other)
        return JSONResponse(compared(desk.line, here, there))

    return [
        Route("/api/rooms/{room}/why/{feature:path}", explain, methods=["GET"]),
        Route("/api/rooms/{room}/preview/{feature:path}", preview, methods=["GET"]),
        Route("/api/rooms/{room}/range/{feature:path}", range, methods=["GET"]),
        Route("/api/rooms/{room}/compare", compare, methods=["GET"]),
    ]


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
