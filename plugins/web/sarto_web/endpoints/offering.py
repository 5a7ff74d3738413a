"""The line: what it is, its tree, what a search finds, and the description of the API."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..asking import Fields, query_of
from ..desk import Desk
from ..line import OfferedLine

__all__ = ["routes"]


def routes(desk: Desk) -> list[Route]:
    """The routes of the line."""
    return [
        Route("/api/line", partial(line, desk), methods=["GET"]),
        Route("/api/tree", partial(tree, desk), methods=["GET"]),
        Route("/api/search", partial(search, desk), methods=["GET"]),
        Route("/api/openapi.json", description, methods=["GET"]),
    ]


async def line(desk: Desk, request: Request) -> Response:
    query_of(request)
    return JSONResponse(desk.line.summary())


async def tree(desk: Desk, request: Request) -> Response:
    fields = query_of(request, "parent", "room")
    parent = fields.text("parent", desk.limits.text, default=desk.line.model.root)
    line = await _line(desk, request, fields)
    line.known(parent)
    return JSONResponse(line.level(parent))


async def search(desk: Desk, request: Request) -> Response:
    fields = query_of(request, "q", "limit", "room", numbers=["limit"])
    wanted, limit = fields.text("q", desk.limits.text), fields.number("limit", 1, 500, default=50)
    line = await _line(desk, request, fields)
    return JSONResponse(await desk.work.quick(lambda: line.search(wanted, limit)))


async def description(request: Request) -> Response:
    query_of(request)
    return Response(_description(), media_type="application/json")


async def _line(desk: Desk, request: Request, fields: Fields) -> OfferedLine:
    """The line with the instances that there are in the room that is named, if one is."""
    room = fields.text("room", 100, default="")
    return (await desk.enter(desk.visitor(request), room)).line if room else desk.line


@cache
def _description() -> bytes:
    return (files("sarto_web") / "openapi.json").read_bytes()
