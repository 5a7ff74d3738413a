"""A book whose database goes away: one clear answer, nothing lost, and all works again when it is back."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest
from sarto.order_book import BookUnavailable
from sarto_web.limits import Limits

from .books import PEOPLE, Shelf, log_in
from .shop import browsers, served

pytestmark = pytest.mark.anyio
AWAY = {
    "code": "book-away", "data": {}, "what": "the order book cannot be reached", "where": "",
    "hint": "try again later; what was asked for is done as a whole or not at all",
}  # fmt: skip


async def test_a_database_that_is_gone_lets_nobody_in_and_loses_nothing(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (anna, bert, _):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        await room.decide("audit", True)
        shelf.go()
        try:
            for method, path, body in (
                ("PUT", f"{room.path}/decisions/reviews", {"value": True, "version": 2}),
                ("GET", room.path, None),
                ("GET", "/api/orders", None),
                ("GET", f"/api/orders/{order['id']}/build", None),
                ("POST", f"/api/orders/{order['id']}/advance", {"to": "quoted", "version": 2}),
                ("POST", "/api/rooms", {"order": order["id"]}),
                ("DELETE", "/api/session", None),
            ):
                answer = await anna.ask(method, path, body, status=503)
                assert answer["error"] == AWAY, (method, path)
            body = {"name": "bert", "password": "correct horse battery"}
            assert (await bert.ask("POST", "/api/session", body, status=503))["error"] == AWAY
            page = await anna.client.get("/", headers={"accept": "text/html"})
            assert (page.status_code, page.headers["retry-after"]) == (503, "5")
            assert "the order book cannot be reached" in page.text
            assert (await anna.client.get("/static/scripts/main.js")).status_code == 200
        finally:
            shelf.come_back()
        assert [each["feature"] for each in (await room.see())["decisions"]] == ["audit"]
        await room.decide("reviews", True)
        assert "reviews = true" in shelf.order(order["id"]).selection


async def test_what_waits_for_a_busy_database_is_done_when_it_can_be(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (anna, *_):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        with shelf.locked():
            waiting = asyncio.create_task(room.decide("audit", True))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            assert (await anna.ask("GET", "/api/me"))["name"] == "anna"
        await waiting
        assert "audit = true" in shelf.order(order["id"]).selection


async def test_a_database_that_stays_busy_is_said_to_be_and_nothing_is_lost(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (anna, *_):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        with shelf.locked():
            assert (await room.decide("audit", True, status=503))["error"] == AWAY
            assert (await room.see())["decisions"] == []
        assert shelf.order(order["id"]).version == 1
        await room.decide("audit", True)
        assert "audit = true" in shelf.order(order["id"]).selection


async def test_a_server_that_stops_under_a_request_answers_it_and_serves_the_next(
    tmp_path: Path, server_shelf: Shelf
) -> None:
    async with browsers(served(tmp_path / "line", book=server_shelf.book)) as (anna, *_):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        with ExitStack() as writing:
            writing.enter_context(pytest.raises(BookUnavailable))  # for who holds it up, too, the server is gone
            writing.enter_context(server_shelf.locked())
            waiting = asyncio.create_task(room.decide("audit", True, status=503))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(server_shelf.go)
        assert (await waiting)["error"] == AWAY
        server_shelf.come_back()
        assert (await room.see())["decisions"] == []
        await room.decide("audit", True)
        assert "audit = true" in server_shelf.order(order["id"]).selection


async def test_what_is_done_after_its_answer_was_given_up_is_seen_and_can_be_said_again(
    tmp_path: Path, shelf: Shelf
) -> None:
    what = served(tmp_path / "line", book=shelf.book, limits=Limits(seconds=0.5))
    async with browsers(what) as (anna, *_):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        with shelf.locked():
            answer = await room.decide("audit", True, status=503)
            assert answer["error"]["what"] == "this takes too long to answer"
        while shelf.order(order["id"]).version == 1:
            await asyncio.sleep(0.05)
        assert [(each["feature"], each["by"]) for each in (await room.see())["decisions"]] == [("audit", "anna")]
        assert room.room["proposals"] == []
        await room.decide("audit", True)


async def test_what_was_saved_without_anybody_hearing_of_it_can_be_said_again(
    tmp_path: Path, file_shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browsers(served(tmp_path / "line", book=file_shelf.book)) as (anna, *_):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        await room.decide("audit", True)
        said = file_shelf.order(order["id"]).selection
        await room.do("undo")
        saved = file_shelf.order(order["id"])
        monkeypatch.setattr(anna.desk.following, "look", _nothing)  # it is saved between looking and deciding
        file_shelf.other.save(PEOPLE["anna"], order["id"], saved.version, selection=said)
        await room.decide("audit", True)
        monkeypatch.undo()
        assert [each["feature"] for each in (await room.see())["decisions"]] == ["audit"]
        assert file_shelf.order(order["id"]).version == saved.version + 1


async def _nothing(*_: object) -> None:
    pass
