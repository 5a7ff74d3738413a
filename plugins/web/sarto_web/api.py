"""The endpoints of the API, each a few lines: what is asked, one call, what is answered."""

from __future__ import annotations

from typing import Any

from sarto.solve.conflict import Conflict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .asking import body_of, query_of
from .deciding import Deciding
from .limits import Limits
from .line import OfferedLine
from .problems import Problem
from .room import Room
from .rooms import OpenRoom, Rooms, new_id, now
from .showing import Shown
from .who import Visitor
from .work import Work

__all__ = ["Api"]


class Api:
    """Everything under ``/api``."""

    def __init__(self, line: OfferedLine, rooms: Rooms, limits: Limits, work: Work) -> None:
        self._line = line
        self._rooms = rooms
        self._limits = limits
        self._work = work
        self._deciding = Deciding(line, rooms, limits, work)
        self._shown = Shown(line)

    @property
    def routes(self) -> list[Route]:
        """The routes of all endpoints."""
        return [
            Route("/api/line", self.line, methods=["GET"]),
            Route("/api/tree", self.tree, methods=["GET"]),
            Route("/api/search", self.search, methods=["GET"]),
            Route("/api/rooms", self.open_room, methods=["POST"]),
            Route("/api/rooms/{room}", self.room, methods=["GET"]),
            Route("/api/rooms/{room}/decisions/{feature:path}", self.decide, methods=["PUT"]),
            Route("/api/rooms/{room}/decisions/{feature:path}", self.take_back, methods=["DELETE"]),
            Route("/api/rooms/{room}/undo", self.undo, methods=["POST"]),
            Route("/api/rooms/{room}/redo", self.redo, methods=["POST"]),
        ]

    async def line(self, request: Request) -> Response:
        """What the line is."""
        query_of(request)
        return JSONResponse(self._line.summary())

    async def tree(self, request: Request) -> Response:
        """One level of the tree."""
        parent = query_of(request, "parent").text("parent", self._limits.text, default=self._line.model.root)
        self._line.known(parent)
        return JSONResponse(self._line.level(parent))

    async def search(self, request: Request) -> Response:
        """Features by words in their names and summaries."""
        fields = query_of(request, "q", "limit", numbers=["limit"])
        wanted, limit = fields.text("q", self._limits.text), fields.number("limit", 1, 500, default=50)
        return JSONResponse(await self._work.quick(lambda: self._line.search(wanted, limit)))

    async def open_room(self, request: Request) -> Response:
        """A new room."""
        fields = await body_of(request, "customer", "selection")
        customer = fields.text("customer", 200, default="")
        room = Room(id=new_id(), customer=customer, created=now())
        try:
            choice = await self._work.quick(lambda: self._line.choices.choice(room.said.wishes))
        except Conflict:
            raise Problem(409, "the line has no product at all") from None
        opened = await self._rooms.add(room, choice)
        return JSONResponse(await self._seen(request, opened), 201)

    async def room(self, request: Request) -> Response:
        """Everything in a room."""
        query_of(request)
        return JSONResponse(await self._seen(request, await self._entered(request)))

    async def decide(self, request: Request) -> Response:
        """Decide a feature."""
        opened, visitor = await self._entered(request), self._visitor(request)
        feature = self._feature(request)
        fields = await body_of(request, "value", "version")
        value, version = fields.value("value", self._limits.text), fields.version()
        return JSONResponse(await self._deciding.decide(opened, visitor, feature, value, version))

    async def take_back(self, request: Request) -> Response:
        """Take a decision back."""
        opened, visitor = await self._entered(request), self._visitor(request)
        version = query_of(request, "version", numbers=["version"]).version()
        return JSONResponse(await self._deciding.take_back(opened, visitor, self._feature(request), version))

    async def undo(self, request: Request) -> Response:
        """Go a step back."""
        opened, visitor = await self._entered(request), self._visitor(request)
        version = (await body_of(request, "version")).version()
        return JSONResponse(await self._deciding.undo(opened, visitor, version))

    async def redo(self, request: Request) -> Response:
        """Go a step forward again."""
        opened, visitor = await self._entered(request), self._visitor(request)
        version = (await body_of(request, "version")).version()
        return JSONResponse(await self._deciding.redo(opened, visitor, version))

    async def _entered(self, request: Request) -> OpenRoom:
        return await self._rooms.get(request.path_params["room"])

    def _visitor(self, request: Request) -> Visitor:
        visitor: Visitor = request.state.visitor
        return visitor

    def _feature(self, request: Request) -> str:
        name: str = request.path_params["feature"]
        self._line.known(name)
        return name

    async def _seen(self, request: Request, opened: OpenRoom) -> dict[str, Any]:
        room, choice = opened.room, opened.choice
        remaining = await self._work.quick(lambda: self._line.remaining(choice))
        people = sorted({*opened.feed.people, self._visitor(request).name})
        return self._shown.room(room, choice, remaining, self._visitor(request), people)
