"""The line: what it is, its tree, what a search finds, and the description of the API."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..asking import query_of
from ..desk import Desk

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
    parent = query_of(request, "parent").text("parent", desk.limits.text, default=desk.line.model.root)
    desk.line.known(parent)
    return JSONResponse(desk.line.level(parent))


async def search(desk: Desk, request: Request) -> Response:
    fields = query_of(request, "q", "limit", numbers=["limit"])
    wanted, limit = fields.text("q", desk.limits.text), fields.number("limit", 1, 500, default=50)
    return JSONResponse(await desk.work.quick(lambda: desk.line.search(wanted, limit)))


async def description(request: Request) -> Response:
    query_of(request)
    return Response(_description(), media_type="application/json")


@cache
def _description() -> bytes:
    return (files("sarto_web") / "openapi.json").read_bytes()
