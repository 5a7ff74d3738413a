"""What leaves a room: the selection file, quotes, and builds."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial

from sarto.model.prices import Offer, offer_of, quote_to_data
from sarto.model.selection import Selection
from sarto.order_steps import in_place, selection_of
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from ..asking import body_of, query_of
from ..booking import user_of
from ..desk import Desk
from ..jobs import Job, JobState
from ..problems import Code, Problem, not_found
from ..room import Room
from ..rooms import outdated
from ..who import Visitor

__all__ = ["routes"]

PAPER = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The policy of a quote that is shown: a sheet of paper, with its own style, on which nothing runs."""
LONGEST_TAG = 35
"""So long a language tag may be (BCP 47)."""


def routes(desk: Desk) -> list[Route]:
    """The routes of what leaves a room."""
    return [
        Route("/api/rooms/{room}/selection.toml", partial(selection, desk), methods=["GET"]),
        Route("/api/rooms/{room}/quote.{format}", partial(quote, desk), methods=["GET"]),
        Route("/api/rooms/{room}/build", partial(build, desk), methods=["POST"]),
        Route("/api/jobs/{job}", partial(job, desk), methods=["GET"]),
        Route("/api/jobs/{job}/build", partial(archive, desk), methods=["GET"]),
    ]


async def selection(desk: Desk, request: Request) -> Response:
    query_of(request)
    opened = await desk.room(request)
    text = await desk.work.quick(lambda: desk.selections.text(opened.room))
    return Response(text, headers=_attached("selection.toml"), media_type="application/toml; charset=utf-8")


async def quote(desk: Desk, request: Request) -> Response:
    language = query_of(request, "language").text("language", LONGEST_TAG, default="")
    opened, ending = await desk.room(request), request.path_params["format"]
    formats = dict(desk.line.quote_formats)
    if ending not in formats and ending != "json":
        raise not_found("there is no such form of a quote")
    offer = await desk.work.long(lambda: _offer(desk, opened.room, language))
    if ending == "json":
        return JSONResponse(quote_to_data(offer.quote))
    body = await desk.work.long(lambda: formats[ending].render(offer))
    headers = {"content-security-policy": PAPER} if ending in ("html", "txt") else _attached(f"quote.{ending}")
    return Response(body, media_type=formats[ending].media_type, headers=headers)


async def build(desk: Desk, request: Request) -> Response:
    opened = await desk.room(request)
    await body_of(request)
    for name in opened.line.choices.without_value(opened.choice):
        what, hint = f"'{name}' has no value yet", "give it one, then build"
        raise Problem(409, Code.NO_VALUE, what, name, hint, data={"feature": name})
    chosen = await _chosen(desk, opened.room, desk.visitor(request))
    job = desk.jobs.start(opened.room.id, opened.room.version, chosen)
    return JSONResponse({"job": job.id}, 202)


async def _chosen(desk: Desk, room: Room, visitor: Visitor) -> AbstractContextManager[Selection]:
    """What is to be built: what the room says; where it has an order, in the words and with the files of that."""
    if not room.order:
        chosen = desk.selections.selection(room)
        if not chosen.customer:
            what = "nobody is named for whom the build is"
            raise Problem(409, Code.NO_CUSTOMER, what, "customer", "open a room with a customer")
        return nullcontext(chosen)
    order, line, user = await desk.booking.order(visitor, room.order), desk.line.line, user_of(visitor)
    if order.version != room.order_version:
        raise outdated(room, room.version)
    ordered = await desk.work.quick(lambda: line.fitting(selection_of(order, line)))
    return desk.booking.for_job(lambda book: in_place(book, user, order, ordered, line))()


async def job(desk: Desk, request: Request) -> Response:
    query_of(request)
    found = await _job(desk, request)
    return JSONResponse({"state": found.state.value, **({"error": found.error} if found.error else {})})


async def archive(desk: Desk, request: Request) -> Response:
    query_of(request)
    found = await _job(desk, request)
    if found.state is not JobState.DONE or found.archive is None:
        raise Problem(409, Code.NOT_BUILT, "the build is not done", hint="wait for it")
    kind = "application/zip" if found.archive.suffix == ".zip" else "application/zstd"
    return FileResponse(found.archive, media_type=kind, filename=found.archive.name)


async def _job(desk: Desk, request: Request) -> Job:
    found = desk.jobs.get(request.path_params["job"])
    visitor = desk.visitor(request)
    if found.order:
        await desk.booking.order(visitor, found.order)
    else:
        await desk.enter(visitor, found.room)
    return found


def _offer(desk: Desk, room: Room, language: str) -> Offer:
    """The offer that a room comes to, in the language that is asked for, else in that of its selection."""
    line, selection = desk.line.line, desk.selections.selection(room)
    found = line.resolve(selection).configuration
    today = datetime.now(UTC).date().isoformat()
    written = line.plugins.quote_language(language, selection.language)
    return offer_of(line.of(selection).description, selection, found, date=today, language=written)


def _attached(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}
