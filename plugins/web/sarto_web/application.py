"""The application: the API, the pages, and what guards them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sarto.errors import SartoError
from sarto.line import ProductLine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from . import pages
from .api import Api
from .guard import Guard
from .limits import Limits
from .line import OfferedLine
from .problems import Problem, error_data, not_found, problem_response
from .records import Records
from .rooms import Rooms
from .sessions import Sessions
from .work import Work

__all__ = ["Served", "application"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What is served, and to whom: the line, where rooms are kept, the names by which the server may be called."""

    line: ProductLine
    state: Path
    hosts: frozenset[str]
    token: str
    limits: Limits = field(default_factory=Limits)


def application(served: Served) -> Starlette:
    """The application as uvicorn runs it."""
    limits = served.limits
    work = Work(limits.seconds)
    line = OfferedLine(served.line)
    rooms = Rooms(line.choices, Records(served.state / "rooms"), limits, work)
    sessions = Sessions(served.token, limits)
    api = Api(line, rooms, limits, work)

    def shown(name: str, request: Request, **context: object) -> Response:
        language = pages.language_of(request.headers.get("accept-language", ""))
        look = pages.look_of(served.line.description)
        context = {"csrf": request.state.csrf, "line": line.summary(), "look": look, "language": language, **context}
        return HTMLResponse(pages.page(name, **context))

    async def start(request: Request) -> Response:
        return shown("start", request)

    async def in_room(request: Request) -> Response:
        opened = await rooms.get(request.path_params["room"])
        return shown("room", request, room=opened.room.id)

    async def static(request: Request) -> Response:
        asset = pages.assets().get(request.path_params["path"])
        if asset is None:
            raise not_found()
        return Response(asset.body, media_type=asset.media_type)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        rooms.close()
        work.close()

    routes = [
        *api.routes,
        Route("/", start, methods=["GET"]),
        Route("/rooms/{room}", in_room, methods=["GET"]),
        Route("/static/{path:path}", static, methods=["GET"]),
    ]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, hosts=served.hosts, sessions=sessions, limits=limits)],
        exception_handlers={Problem: _problem, SartoError: _sarto_error, HTTPException: _http},
    )


async def _problem(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return problem_response(problem)


async def _sarto_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, SartoError)
    return problem_response(Problem(422, **error_data(error)))


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing here", 405: "this cannot be done here"}
    return problem_response(Problem(error.status_code, words.get(error.status_code, "this cannot be answered")))
