"""Comments, proposals, approvals, and the name by which others see somebody."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..asking import body_of, query_of
from ..desk import Desk
from ..problems import Code, Problem

__all__ = ["routes"]


def routes(desk: Desk) -> list[Route]:
    """The routes of what people say to one another."""

    async def comment(request: Request) -> Response:
        opened, visitor = await desk.room(request), desk.visitor(request)
        fields = await body_of(request, "text", "feature")
        text, feature = fields.text("text", desk.limits.text), fields.text("feature", desk.limits.text, default="")
        if not text.strip():
            raise Problem(422, Code.EMPTY, "the comment says nothing", "text")
        return JSONResponse(await desk.talking.comment(opened, visitor, text, feature), 201)

    async def propose(request: Request) -> Response:
        opened, visitor = await desk.room(request), desk.visitor(request)
        fields = await body_of(request, "feature", "value", "text")
        feature, value = fields.text("feature", desk.limits.text), fields.value("value", desk.limits.text)
        text = fields.text("text", desk.limits.text, default="")
        return JSONResponse(await desk.talking.propose(opened, visitor, feature, value, text), 201)

    async def answer(request: Request) -> Response:
        opened, visitor = await desk.room(request), desk.visitor(request)
        fields = await body_of(request, "accept", "version")
        accept, version = fields.truth("accept"), fields.version()
        id = request.path_params["proposal"]
        return JSONResponse(await desk.talking.answer(opened, visitor, id, accept=accept, version=version))

    async def approve(request: Request) -> Response:
        opened, visitor = await desk.room(request), desk.visitor(request)
        version = (await body_of(request, "version")).version()
        return JSONResponse(await desk.talking.approve(opened, visitor, version))

    async def me(request: Request) -> Response:
        query_of(request)
        visitor = desk.visitor(request)
        return JSONResponse({"name": visitor.name, "role": visitor.role.value, "csrf": request.state.csrf})

    async def rename(request: Request) -> Response:
        visitor = desk.visitor(request)
        name = (await body_of(request, "name")).line("name", 60).strip()
        if visitor.user is not None:
            raise Problem(409, Code.FIXED_NAME, "your name is the one that you log in with")
        if not name:
            raise Problem(422, Code.EMPTY, "the name is empty", "name")
        visitor = desk.sessions.rename(visitor, name)
        return JSONResponse({"name": visitor.name, "role": visitor.role.value, "csrf": request.state.csrf})

    return [
        Route("/api/rooms/{room}/comments", comment, methods=["POST"]),
        Route("/api/rooms/{room}/proposals", propose, methods=["POST"]),
        Route("/api/rooms/{room}/proposals/{proposal}", answer, methods=["POST"]),
        Route("/api/rooms/{room}/approve", approve, methods=["POST"]),
        Route("/api/me", me, methods=["GET"]),
        Route("/api/me", rename, methods=["PUT"]),
    ]
