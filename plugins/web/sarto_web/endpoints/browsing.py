"""What a browser asks for: pages, and the files that they need."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from .. import pages
from ..desk import Desk
from ..guard import cookie_response
from ..problems import not_found
from ..rooms import OpenRoom
from ..who import Role, Visitor
from .rooms import new_room

__all__ = ["language_of", "routes"]


def routes(desk: Desk) -> list[Route]:
    """The routes of pages."""
    return [
        Route("/", partial(start, desk), methods=["GET"]),
        Route("/rooms/{room}", partial(room, desk), methods=["GET"]),
        Route("/embed", partial(embed, desk), methods=["GET"]),
        Route("/embed.js", embed_script, methods=["GET"]),
        Route("/static/{path:path}", static, methods=["GET"]),
        Route("/favicon.ico", no_icon, methods=["GET"]),
    ]


async def start(desk: Desk, request: Request) -> Response:
    return _page(desk, request, "start")


async def room(desk: Desk, request: Request) -> Response:
    opened = await desk.room(request)
    return _page(desk, request, "room", room=opened.room.id)


async def embed(desk: Desk, request: Request) -> Response:
    visitor: Visitor | None = request.state.visitor
    if desk.booking.is_there:
        return _page(desk, request, "start")
    if visitor is None:
        cookie = desk.sessions.begin(Role.CUSTOMER, frozenset())
        visitor = await _visitor(desk, cookie)
        opened = await _own_room(desk, visitor)
        request.state.csrf = desk.keys.csrf(cookie)
        return cookie_response(
            _page(desk, request, "embed", room=opened.room.id), cookie, request.scope, is_framed=True
        )
    opened = await _own_room(desk, visitor)
    return _page(desk, request, "embed", room=opened.room.id)


async def embed_script(_request: Request) -> Response:
    return _asset("scripts/embed.js")


async def static(request: Request) -> Response:
    return _asset(request.path_params["path"])


async def no_icon(_request: Request) -> Response:
    return Response(status_code=204)


async def _visitor(desk: Desk, cookie: str) -> Visitor:
    visitor = desk.sessions.visitor(cookie)
    assert visitor is not None
    return visitor


async def _own_room(desk: Desk, visitor: Visitor) -> OpenRoom:
    """The room that somebody has in a vendor's page; there is one for each."""
    if visitor.rooms:
        return await desk.enter(visitor, sorted(visitor.rooms)[0])
    opened = await new_room(desk, visitor, "", "")
    desk.sessions.admit(visitor, opened.room.id)
    return opened


def _page(desk: Desk, request: Request, name: str, **context: Any) -> Response:
    visitor: Visitor | None = request.state.visitor
    user = None if visitor is None or visitor.user is None else {"name": visitor.name, "role": visitor.role.value}
    line = desk.line.summary() if visitor or not desk.booking.is_there or name == "embed" else _cover(desk)
    return HTMLResponse(
        pages.page(
            name, csrf=request.state.csrf, line=line, orders=desk.booking.is_there, user=user,
            language=language_of(request), look=pages.look_of(desk.line.line.description), **context,
        )
    )  # fmt: skip


def language_of(request: Request) -> str:
    """The language that a browser likes best and there is a catalogue of."""
    return pages.language_of(request.headers.get("accept-language", ""))


def _cover(desk: Desk) -> dict[str, Any]:
    """What is shown of the line to somebody who is still to log in: its name."""
    return {**desk.line.summary(), "summary": "", "features": 0, "version": "", "root": ""}


def _asset(path: str) -> Response:
    asset = pages.assets().get(path)
    if asset is None:
        raise not_found()
    return Response(asset.body, media_type=asset.media_type, headers={"cache-control": "no-cache"})
