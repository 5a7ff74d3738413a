"""Features of which there may be any number: a room has as many instances as what was said in it speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.hooks import PluginManager
from sarto.line import ProductLine

from .books import PEOPLE, Shelf, log_in
from .shop import AtRoom, browsers, served, shop

pytestmark = pytest.mark.anyio
HOUSE = """
[line]
name    = "house"
version = "1"
root    = "house"

[core]
parts   = ["house"]
command = "house"

[prices]
currency = "EUR"
base     = 100

[features.house]
mandatory = ["rooms"]
optional  = ["garden"]

[features.rooms]
instances  = { min = 1 }
optional   = ["window", "heating"]
attributes = { price = 10 }

[features.heating]
attributes = { price = 5 }
"""
SEVEN = 'line = "features.toml"\ncustomer = "Acme"\n[select]\nrooms = 7\n"heating#7" = true\n"heating#2" = false\n'


def told(room: AtRoom) -> dict[str, object]:
    return {each["feature"]: each["value"] for each in room.room["decisions"]}


async def test_a_selection_with_more_instances_than_are_written_out_opens_a_room_that_has_them(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", HOUSE) as browser:
        tree = await browser.ask("GET", "/api/tree?parent=rooms")
        assert "rooms#7" not in str(tree)
        room = await browser.room(selection=SEVEN)
        assert told(room) == {"rooms#7": True, "rooms#8": False, "heating#7": True, "heating#2": False}
        assert room.room["price"]["total"] == "175.00"
        assert "rooms#6" in room.room["selected"]
        tree = await browser.ask("GET", f"/api/tree?parent=rooms&room={room.id}")
        assert "rooms#7" in str(tree)
        found = await browser.ask("GET", f"/api/search?q=heating%237&room={room.id}")
        assert [each["name"] for each in found["found"]] == ["heating#7"]
        change = await room.decide("heating#3", True)
        assert change["price"]["total"] == "180.00"
        assert (await room.get("why/rooms%236"))["state"] == "in"
        assert (await room.get("preview/window%237"))["possible"] is True
        await browser.ask("GET", f"{room.path}/why/rooms%2399", status=404)
        done = await room.do("complete", {"to": "recommended"})
        assert done["free"] == 0
        assert (await room.get("quote.json"))["total"] == "180.00"

        (tmp_path / "line" / "out.toml").write_text((await browser.client.get(f"{room.path}/selection.toml")).text)
        line, selection = ProductLine.for_selection(tmp_path / "line" / "out.toml", plugins=PluginManager())
        found = line.resolve(selection).configuration
        assert [found["rooms#7"], found["rooms#8"], found["heating#3"], found["heating#2"]] == [
            True,
            False,
            True,
            False,
        ]


async def test_rooms_of_one_line_may_have_different_numbers_of_instances(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", HOUSE) as browser:
        few, many = await browser.room(), await browser.room(selection=SEVEN)
        await few.decide("rooms#2", True)
        await browser.ask("PUT", f"{few.path}/decisions/rooms%237", {"value": True, "version": 2}, status=404)
        compared = await few.get(f"compare?with={many.id}")
        assert "rooms#7" in compared["only_there"]
        assert (compared["price_here"]["total"], compared["price_there"]["total"]) == ("120.00", "175.00")
        back = await many.get(f"compare?with={few.id}")
        assert "rooms#7" in back["only_here"]


async def test_a_room_comes_back_with_all_instances_that_its_steps_lead_back_to(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", HOUSE) as browser:
        room = await browser.room(selection=SEVEN)
        for name in ("rooms#7", "rooms#8", "heating#7"):
            await room.take_back(name)
    async with shop(tmp_path / "line", HOUSE) as browser:
        again = AtRoom(browser, await browser.ask("GET", room.path))
        for _ in range(3):
            await again.do("undo")
        await again.see()
        assert told(again) == {"rooms#7": True, "rooms#8": False, "heating#7": True, "heating#2": False}


async def test_what_is_decided_of_instances_can_be_sent_again(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", HOUSE) as browser:
        room = await browser.room(customer="Acme")
        await room.decide("rooms#2", True)
        text = (await browser.client.get(f"{room.path}/selection.toml")).text
        again = await browser.room(selection=text)
        assert told(again) == {"rooms#2": True}


@pytest.mark.parametrize(
    ("wish", "what"),
    [
        (
            "rooms = 501",
            "the selection speaks of 501 instances of 'rooms', more than the 500 that are written out here",
        ),
        ("rooms = 99999999", "more than the 500 that are written out here"),
        ("rooms = -1", "'rooms' can have"),
        ("rooms = 0", "no product is as this selection wants it"),
        ('"garden#2" = true', "unknown feature 'garden#2'"),
    ],
)
async def test_instances_that_cannot_be_are_refused_with_one_error(wish: str, what: str, tmp_path: Path) -> None:
    async with shop(tmp_path / "line", HOUSE) as browser:
        text = f'line = "x"\ncustomer = "Acme"\n[select]\n{wish}\n'
        answer = await browser.client.post("/api/rooms", json={"selection": text})
        assert answer.status_code in (409, 422)
        assert what in answer.text


async def test_an_order_with_many_instances_is_opened_and_followed(tmp_path: Path, file_shelf: Shelf) -> None:
    made = file_shelf.other.create(PEOPLE["vera"], customer="Acme", line="house", selection=SEVEN)
    async with browsers(served(tmp_path / "line", HOUSE, book=file_shelf.book)) as (anna, vera, _):
        await log_in(anna, "anna")
        await log_in(vera, "vera")
        room = await anna.room(order=made.id)
        await room.decide("window#7", True)
        assert '"window#7" = true' in file_shelf.order(made.id).selection
        more = SEVEN.replace("7", "12")
        file_shelf.other.save(PEOPLE["vera"], made.id, 2, selection=more)
        assert (await room.see())["price"]["total"] == "225.00"
        assert (await room.get("why/rooms%2312"))["state"] == "in"
        await vera.ask("POST", f"/api/orders/{made.id}/advance", {"to": "quoted", "version": 3})
        assert (await anna.ask("GET", f"/api/orders/{made.id}"))["quote"]["total"] == "225.00"


async def test_an_order_that_comes_to_have_fewer_instances_keeps_the_others_as_proposals(
    tmp_path: Path, file_shelf: Shelf
) -> None:
    made = file_shelf.other.create(PEOPLE["vera"], customer="Acme", line="house", selection=SEVEN)
    async with browsers(served(tmp_path / "line", HOUSE, book=file_shelf.book)) as (anna, *_):
        await log_in(anna, "anna")
        room = await anna.room(order=made.id)
        fewer = 'line = "features.toml"\ncustomer = "Acme"\n[select]\ngarden = true\n'
        file_shelf.other.save(PEOPLE["vera"], made.id, 1, selection=fewer)
        proposals = {each["feature"]: each["id"] for each in (await room.see())["proposals"]}
        assert list(proposals) == ["rooms#7", "rooms#8", "heating#7", "heating#2"]
        await room.do(f"proposals/{proposals['rooms#7']}", {"accept": True})
        assert '"rooms#7" = true' in file_shelf.order(made.id).selection
        for _ in range(2):
            await room.do("undo")
        await room.see()
        assert told(room) == {"rooms#7": True, "rooms#8": False, "heating#7": True, "heating#2": False}


async def test_instances_that_have_too_much_below_them_are_refused_before_they_are_written_out(tmp_path: Path) -> None:
    names = [f"thing{number}" for number in range(60)]
    text = HOUSE.replace('["window", "heating"]', str(["window", "heating", *names]).replace("'", '"'))
    async with shop(tmp_path / "line", text) as browser:
        wish = 'line = "x"\ncustomer = "Acme"\n[select]\nrooms = 90\n'
        answer = await browser.ask("POST", "/api/rooms", {"selection": wish}, status=422)
        assert answer["error"]["what"] == (
            "the selection speaks of 90 instances of 'rooms', which have more than the 5,000 features "
            "that are written out here"
        )
        assert answer["error"]["hint"] == "sarto resolve takes it on the command line"
