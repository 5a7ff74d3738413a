"""An order that is changed elsewhere while a room of it is open: it is told there, and nothing said there is lost."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sarto.cli import program
from sarto_web.limits import Limits

from .books import PEOPLE, Shelf, log_in
from .shop import AtRoom, Browser, browsers, served

pytestmark = pytest.mark.anyio
HEAD = 'line = "features.toml"\ncustomer = "Acme"\n'
SEARCH = f"{HEAD}[select]\nreviews = true\nsimple = false\n"


async def met(anna: Browser, vera: Browser) -> tuple[AtRoom, AtRoom, str]:
    """A customer and a vendor in the room of an order, in which each has decided something."""
    await log_in(anna, "anna")
    await log_in(vera, "vera")
    order = (await anna.ask("POST", "/api/orders", {}, status=201))["id"]
    room = await anna.room(order=order)
    await room.decide("reviews", True)
    await room.decide("audit", True)
    other = await vera.room(order=order)
    await other.decide("support", True)
    return room, other, order


async def test_a_decision_on_what_was_changed_elsewhere_is_refused_with_who_did_it(
    tmp_path: Path, shelf: Shelf
) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (anna, vera, _):
        room, _, order = await met(anna, vera)
        await room.see()
        shelf.other.save(PEOPLE["vera"], order, 4, selection=SEARCH)

        answer = await room.decide("banner", "Hello", status=412)

        assert answer["error"]["what"] == "vera has changed this order meanwhile"
        assert (answer["error"]["code"], answer["error"]["data"]) == ("order-changed", {"by": "vera"})
        assert answer["version"] == room.version + 1
        assert shelf.order(order).selection == SEARCH
        seen = await room.see()
        assert [(each["feature"], each["value"], each["by"], each["role"]) for each in seen["decisions"]] == [
            ("reviews", True, "anna", "customer"), ("simple", False, "vera", "customer"),
        ]  # fmt: skip
        assert [(each["feature"], each["by"], each["role"], each["text"]) for each in seen["proposals"]] == [
            ("audit", "anna", "customer", "it was so until vera changed the order elsewhere"),
            ("support", "vera", "vendor", "it was so until vera changed the order elsewhere"),
        ]  # fmt: skip
        await room.decide("banner", "Hello")
        assert 'banner = "Hello"' in shelf.order(order).selection


async def test_what_was_said_in_the_room_can_be_taken_over_or_left(tmp_path: Path, file_shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=file_shelf.book)) as (anna, vera, _):
        room, other, order = await met(anna, vera)
        file_shelf.other.save(PEOPLE["vera"], order, 4, selection=SEARCH)
        audit, support = (await room.see())["proposals"]
        await room.do(f"proposals/{audit['id']}", {"accept": True})
        assert "audit = true" in file_shelf.order(order).selection
        await other.see()
        await other.do(f"proposals/{support['id']}", {"accept": False})
        assert [each["outcome"] for each in (await room.see())["proposals"]] == ["accepted", "declined"]
        await room.do("undo")
        await other.see()
        await room.do("undo", status=403)  # what vera had said is hers to bring back
        await other.do("undo", status=403)  # and what anna had said is anna's


async def test_those_who_watch_a_room_hear_what_happened_to_its_order(tmp_path: Path, shelf: Shelf) -> None:
    what = served(tmp_path / "line", book=shelf.book, limits=Limits(looking=0.0))
    async with browsers(what) as (anna, vera, _):
        room, _, order = await met(anna, vera)
        opened = anna.desk.rooms._open[room.id]
        watching = asyncio.create_task(anna.client.get(f"{room.path}/events"))
        while not opened.feed.size:
            await asyncio.sleep(0.01)
        shelf.other.save(PEOPLE["vera"], order, 4, selection=SEARCH)
        opened.feed.tell("comment", {})  # as if somebody said something, which makes the stream go on
        while opened.room.order_version < 5:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        opened.feed.close()
        change, *proposals = [each for each in events_of((await watching).text) if each[0] in ("change", "proposal")]
        assert (change[1]["what"], change[1]["by"], change[1]["decision"]) == ("elsewhere", "vera", None)
        assert "simple" not in change[1]["selected"]
        assert [data["feature"] for _, data in proposals] == ["audit", "support"]


def events_of(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def test_a_step_of_the_order_is_no_change_of_what_it_says(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (anna, vera, _):
        room, _, order = await met(anna, vera)
        await room.see()
        await vera.ask("POST", f"/api/orders/{order}/advance", {"to": "quoted", "version": 4})
        await room.decide("banner", "Hello")
        assert (await room.see())["proposals"] == []
        assert shelf.order(order).state == "configuring"


async def test_two_servers_serve_one_book(tmp_path: Path, shelf: Shelf) -> None:
    async with (
        browsers(served(tmp_path / "one", book=shelf.book)) as (anna, vera, _),
        browsers(served(tmp_path / "two", book=shelf.other)) as (second, *_),
    ):
        room, _, order = await met(anna, vera)
        await log_in(second, "anna")
        there = await second.room(order=order)
        assert there.id != room.id
        await there.decide("banner", "from the other one")
        seen = await room.see()
        assert [each["feature"] for each in seen["decisions"]] == ["reviews", "audit", "support", "banner"]
        assert seen["proposals"] == []
        await room.decide("banner", "from this one")
        assert (await there.see())["decisions"][-1]["value"] == "from this one"


async def test_an_order_that_comes_to_say_what_cannot_be_leaves_the_room_as_it_was(
    tmp_path: Path, file_shelf: Shelf
) -> None:
    async with browsers(served(tmp_path / "line", book=file_shelf.book)) as (anna, vera, _):
        room, _, order = await met(anna, vera)
        for version, (wish, status, what) in enumerate((
            ("simple = true\nreviews = true\n", 409, "no product is as this selection wants it"),
            ("nothing = true\n", 422, "unknown feature 'nothing'"),
        ), 4):  # fmt: skip
            file_shelf.other.save(PEOPLE["vera"], order, version, selection=f"{HEAD}[select]\n{wish}")
            answer = await anna.ask("GET", room.path, status=status)
            assert answer["error"]["what"] == what
        file_shelf.other.save(PEOPLE["vera"], order, 6, selection=SEARCH)
        assert [each["feature"] for each in (await room.see())["proposals"]] == ["audit", "support"]


async def test_an_order_that_is_saved_on_the_command_line_is_followed(
    tmp_path: Path, file_shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browsers(served(tmp_path / "line", book=file_shelf.book)) as (anna, vera, _):
        room, _, _order = await met(anna, vera)
        monkeypatch.chdir(tmp_path / "line")
        (tmp_path / "line" / "anna.toml").write_text(SEARCH)
        arguments = ["orders", "save", "1", "anna.toml", "--version", "4", "--as", "vera", "--book", file_shelf.url]
        done = await asyncio.to_thread(CliRunner().invoke, program, arguments)
        assert done.exit_code == 0, done.output
        seen = await room.see()
        assert {each["feature"]: each["by"] for each in seen["decisions"]} == {"reviews": "anna", "simple": "vera"}
