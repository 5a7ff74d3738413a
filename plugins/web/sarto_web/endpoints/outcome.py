"""What leaves a room: the selection file, quotes, and builds."""

from __future__ import annotations

from datetime import UTC, datetime

from sarto.model.prices import Offer, offer_of, quote_to_data
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from ..asking import body_of, query_of
from ..desk import Desk
from ..jobs import Job, JobState
from ..problems import Code, Problem, not_found
from ..room import Room

__all__ = ["routes"]

LONGEST_TAG = 35
"""So long a language tag may be (BCP 47)."""


def routes(desk: Desk) -> list[Route]:
    """The routes of what leaves a room."""

    async def selection(request: Request) -> Response:
        query_of(request)
        opened = await desk.room(request)
        text = await desk.work.quick(lambda: desk.selections.text(opened.room))
        return Response(text, headers=_attached("selection.toml"), media_type="application/toml; charset=utf-8")

    async def quote(request: Request) -> Response:
        language = query_of(request, "language").text("language", LONGEST_TAG, default="")
        opened, ending = await desk.room(request), request.path_params["format"]
        formats = dict(desk.line.quote_formats)
        if ending not in formats and ending != "json":
            raise not_found("there is no such form of a quote")
        offer = await desk.work.long(lambda: _offer(desk, opened.room, language))
        if ending == "json":
            return JSONResponse(quote_to_data(offer.quote))
        body = await desk.work.long(lambda: formats[ending].render(offer))
        headers = {} if ending in ("html", "txt") else _attached(f"quote.{ending}")
        return Response(body, media_type=formats[ending].media_type, headers=headers)

    async def build(request: Request) -> Response:
        opened = await desk.room(request)
        await body_of(request)
        for name in desk.line.choices.without_value(opened.choice):
            what, hint = f"'{name}' has no value yet", "give it one, then build"
            raise Problem(409, Code.NO_VALUE, what, name, hint, data={"feature": name})
        chosen = desk.selections.selection(opened.room)
        if not chosen.customer:
            what = "nobody is named for whom the build is"
            raise Problem(409, Code.NO_CUSTOMER, what, "customer", "open a room with a customer")
        job = desk.jobs.start(opened.room.id, opened.room.version, chosen)
        return JSONResponse({"job": job.id}, 202)

    async def job(request: Request) -> Response:
        query_of(request)
        found = await _job(request)
        return JSONResponse({"state": found.state.value, **({"error": found.error} if found.error else {})})

    async def archive(request: Request) -> Response:
        query_of(request)
        found = await _job(request)
        if found.state is not JobState.DONE or found.archive is None:
            raise Problem(409, Code.NOT_BUILT, "the build is not done", hint="wait for it")
        kind = "application/zip" if found.archive.suffix == ".zip" else "application/zstd"
        return FileResponse(found.archive, media_type=kind, filename=found.archive.name)

    async def _job(request: Request) -> Job:
        found = desk.jobs.get(request.path_params["job"])
        await desk.enter(desk.visitor(request), found.room)
        return found

    return [
        Route("/api/rooms/{room}/selection.toml", selection, methods=["GET"]),
        Route("/api/rooms/{room}/quote.{format}", quote, methods=["GET"]),
        Route("/api/rooms/{room}/build", build, methods=["POST"]),
        Route("/api/jobs/{job}", job, methods=["GET"]),
        Route("/api/jobs/{job}/build", archive, methods=["GET"]),
    ]


def _offer(desk: Desk, room: Room, language: str) -> Offer:
    """The offer that a room comes to, in the language that is asked for, else in that of its selection."""
    line, selection = desk.line.line, desk.selections.selection(room)
    found = line.resolve(selection).configuration
    today = datetime.now(UTC).date().isoformat()
    written = line.plugins.quote_language(language, selection.language)
    return offer_of(line.of(selection).description, selection, found, date=today, language=written)


def _attached(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}
