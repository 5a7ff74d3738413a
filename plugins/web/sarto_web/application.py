"""The application: the endpoints, and what guards them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.order_book import OrderBook
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from . import pages
from .bodies import Bodies
from .desk import Desk
from .doors import BookDoor, LinkDoor
from .endpoints import booked, browsing, choosing, offering, outcome, rooms, talking
from .guard import Guard, Hosts
from .limits import Limits
from .problems import Code, Problem, not_found, problem_response, refused

__all__ = ["Served", "application"]

SMALL = 300
"""On lines of so many features questions take less than a millisecond."""
LOG = logging.getLogger("sarto_web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What is served, and to whom.

    ``state`` is the folder in which rooms are kept, ``token`` what lets its holder in where there is no ``book``, and
    ``embed_from`` the origins whose pages may have the configurator in a frame.
    """

    line: ProductLine
    state: Path
    hosts: Hosts
    token: str
    limits: Limits = field(default_factory=Limits)
    book: OrderBook | None = None
    embed_from: tuple[str, ...] = ()


def application(served: Served) -> Starlette:
    """The application as uvicorn runs it. Raises Conflict where the line has no product at all."""
    desk = Desk(served.line, served.state, served.limits, served.book)
    desk.counting.try_out(desk.line.choices.choice({}))
    desk.work.is_inline = desk.counting.is_quick and len(desk.line.model.features) <= SMALL
    door = BookDoor(desk.booking) if served.book else LinkDoor(desk.sessions, desk.keys, served.token)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        desk.close()

    guard = Middleware(
        Guard, hosts=served.hosts, door=door, keys=desk.keys, limits=served.limits, embed_from=served.embed_from,
        log_in=served.book is not None, refuse=_refuse,
    )  # fmt: skip
    app = Starlette(
        routes=routes(desk),
        lifespan=lifespan,
        middleware=[Middleware(_Answering), guard, Middleware(Bodies, limits=served.limits)],
        exception_handlers={Problem: _problem, SartoError: _sarto_error, HTTPException: _http},
    )
    app.state.desk = desk
    return app


def routes(desk: Desk) -> list[BaseRoute]:
    """All routes."""
    parts = (offering, rooms, choosing, talking, outcome, booked, browsing)
    return [route for part in parts for route in part.routes(desk)]


class _Answering:
    """Whatever goes wrong has an answer, which says nothing of how the server is made."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Mapping[str, object]) -> None:
            nonlocal begun
            begun = True
            await send(dict(message))

        try:
            await self._app(scope, receive, sent)
        except Problem as problem:
            await _refuse(scope, problem)(scope, receive, send)
        except Exception:
            if scope["type"] != "http" or begun:
                raise
            LOG.exception("a request has failed")
            failed = Problem(500, Code.FAILED, "the server has failed to answer", hint="its log says more")
            await _refuse(scope, failed)(scope, receive, send)


def _refuse(scope: Scope, problem: Problem) -> Response:
    """The answer to a problem: a page where a browser asks for one, else data."""
    request = Request(scope)
    if not scope["path"].startswith("/api/") and "text/html" in request.headers.get("accept", ""):
        page = pages.page("error", status=problem.status, **problem.error, language=browsing.language_of(request))
        return HTMLResponse(page, problem.status, problem.headers)
    return problem_response(problem)


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return _refuse(request.scope, problem)


async def _sarto_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, SartoError)
    return _refuse(request.scope, refused(422, error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answers = {404: not_found(), 405: Problem(405, Code.NO_METHOD, "this cannot be done here", headers=error.headers)}
    other = Problem(error.status_code, Code.FAILED, "this cannot be answered", headers=error.headers)
    return _refuse(request.scope, answers.get(error.status_code, other))
