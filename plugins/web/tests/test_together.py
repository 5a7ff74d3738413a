"""Several people in one room: who may do what, what they say to one another, and how they hear of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from sarto_web.limits import Limits

from .live import at_home, serving
from .shop import AtRoom, Browser, browsers, served

pytestmark = pytest.mark.anyio


async def meet(people: list[Browser], customer: str = "Acme") -> list[AtRoom]:
    """A host who opens a room, and a customer and a vendor who come by the links to it."""
    host, *others = people
    await host.enter()
    room = await host.room(customer=customer)
    found = [room]
    for other, role in zip(others, ("customer", "vendor"), strict=True):
        await other.enter(room.room["links"][role])
        found.append(AtRoom(other, await other.ask("GET", room.path)))
    return found


async def test_each_role_decides_its_own_stage_only(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as people:
        _, customer, vendor = await meet(people)
        assert (customer.room["role"], vendor.room["role"]) == ("customer", "vendor")

        answer = await customer.decide("support", True, status=403)
        assert answer["error"] == {
            "code": "not-yours", "what": "'support' is not yours to decide", "where": "support",
            "hint": "it is the vendor's: propose it instead", "data": {"feature": "support", "stage": "vendor"},
        }  # fmt: skip
        await vendor.decide("search", True, status=403)
        await customer.decide("reviews", True)
        await vendor.see()
        await vendor.decide("support", True)
        await customer.see()
        assert [(each["feature"], each["role"]) for each in customer.room["decisions"]] == [
            ("reviews", "customer"), ("support", "vendor"),
        ]  # fmt: skip
        await customer.take_back("support", status=403)
        await customer.do("undo", status=403)
        await vendor.do("undo")


async def test_completing_leaves_what_is_somebody_elses(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as people:
        _, customer, _ = await meet(people)
        change = await customer.do("complete", {"to": "recommended"})
        assert (change["free"], (await customer.get("why/support"))["state"]) == (1, "free")


async def test_a_repair_cannot_take_back_what_is_somebody_elses(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line", MIXED)) as people:
        _, customer, vendor = await meet(people)
        await vendor.decide("support", True)
        await customer.see()
        answer = await customer.decide("cheap", True, status=409)
        body = {"feature": "cheap", "value": True, "repair": answer["conflict"]["repairs"][0]["id"]}
        await customer.do("repairs", body, status=403)


async def test_a_proposal_is_accepted_by_whoever_may_decide_it(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as people:
        host, customer, vendor = await meet(people)
        body = {"feature": "support", "value": True, "text": "We would like that."}
        made = await customer.browser.ask("POST", f"{customer.path}/proposals", body, status=201)
        assert (made["outcome"], made["by"]) == ("pending", customer.room["me"])

        await customer.do(f"proposals/{made['id']}", {"accept": True}, status=403)
        change = await vendor.do(f"proposals/{made['id']}", {"accept": True})

        assert change["selected"] == ["support"]
        await vendor.do(f"proposals/{made['id']}", {"accept": False}, status=404)
        said = (await host.see())["proposals"][0]
        assert (said["outcome"], said["closed_by"]) == ("accepted", vendor.room["me"])


async def test_a_proposal_can_be_declined_and_withdrawn(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as people:
        _, customer, vendor = await meet(people)
        for who in (vendor, customer):
            body = {"feature": "support", "value": True}
            made = await customer.browser.ask("POST", f"{customer.path}/proposals", body, status=201)
            await who.do(f"proposals/{made['id']}", {"accept": False})
        assert [each["outcome"] for each in (await vendor.see())["proposals"]] == ["declined", "declined"]
        assert vendor.version == 1


async def test_each_approves_for_their_own_side(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as people:
        _, customer, vendor = await meet(people)
        assert (await customer.do("approve"))["approved"] == {"vendor": False, "customer": True}
        await vendor.see()
        assert (await vendor.do("approve"))["approved"] == {"vendor": True, "customer": True}


async def test_comments_are_kept_as_they_were_written(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as people:
        host, customer, _ = await meet(people)
        text = "<script>alert(1)</script> & 'quotes'\nتعليق \U0001f9f5"
        await customer.browser.ask("POST", f"{customer.path}/comments", {"text": text, "feature": "search"}, status=201)
        said = (await host.see())["comments"][0]
        assert (said["text"], said["feature"], said["by"]) == (text, "search", customer.room["me"])


async def test_people_say_their_names(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as people:
        _, customer, _ = await meet(people)
        assert (await customer.browser.ask("PUT", "/api/me", {"name": " Zoë "}))["name"] == "Zoë"
        assert (await customer.see())["me"] == "Zoë"
        assert (await customer.decide("search", True))["by"] == "Zoë"


async def test_a_link_lets_in_nowhere_else_and_in_no_other_role(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as people:
        host, customer, _ = await meet(people)
        other = await host.browser.room(customer="Somebody else")
        for path in (other.path, f"{other.path}/events", f"{other.path}/selection.toml", f"{customer.path}x"):
            assert (await customer.browser.client.get(path)).status_code == 404
        assert (await customer.browser.client.get(f"{customer.path}/compare?with={other.id}")).status_code == 404
        assert list(customer.room["links"]) == ["customer"]
        key = customer.room["links"]["customer"].partition("key=")[2]
        wrong = key[:-1] + ("1" if key.endswith("0") else "0")
        people[2].client.cookies.clear()
        for path in (f"/rooms/{other.id}?key={key}", f"/rooms/{customer.id}?key={wrong}", f"/rooms/{customer.id}"):
            assert (await people[2].client.get(path)).status_code == 401


async def test_somebody_who_came_by_a_link_can_open_a_room_of_their_own(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line", limits=Limits(rooms_each=2))) as people:
        _, customer, _ = await meet(people)
        own = await customer.browser.room(
            selection='line = "features.toml"\ncustomer = "Acme"\n[select]\nfull = true\n'
        )
        assert (await customer.get(f"compare?with={own.id}"))["only_there"] == ["search", "full"]


MIXED = """
[line]
name = "mixed"
version = "1"
root = "mixed"
[core]
parts = ["mixed"]
command = "mixed"
[features.mixed]
optional = ["support", "cheap"]
[features.support]
stage = "vendor"
[[constraints]]
rule = "cheap => !support"
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server: events come over a connection that stays open."""
    with serving(served(tmp_path_factory.mktemp("line"), limits=Limits(people=3))) as address:
        yield address


def heard(answer: httpx.Response, most: int, last: str = "") -> list[tuple[str, str, Any]]:
    """The id, name and data of so many events, or up to one of the name ``last`` about version 2."""
    found: list[tuple[str, str, Any]] = []
    end = monotonic() + 20
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        key, _, value = line.partition(": ")
        assert monotonic() < end, f"only {found} came"
        if line:
            fields[key] = value
            continue
        if "event" in fields:
            found.append((fields["id"], fields["event"], json.loads(fields["data"])))
        fields = {}
        is_last = bool(found) and found[-1][1] == last and found[-1][2]["version"] == 2
        if len(found) == most or is_last:
            return found
    return found


def test_others_hear_at_once_what_somebody_does(base: str) -> None:
    with at_home(base) as host:
        room = host.post("/api/rooms", json={}).json()
        with at_home(base, room["links"]["customer"]) as customer, customer.stream("GET", events(room)) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            host.put(f"/api/rooms/{room['id']}/decisions/reviews", json={"value": True, "version": 1})
            host.post(f"/api/rooms/{room['id']}/comments", json={"text": "Look!"})
            host.post(f"/api/rooms/{room['id']}/proposals", json={"feature": "audit", "value": True})
            host.post(f"/api/rooms/{room['id']}/approve", json={"version": 2})
            told = heard(stream, 5)

    names = [name for _, name, _ in told]
    assert sorted(names) == sorted(["people", "change", "comment", "proposal", "approved"])
    change = next(data for _, name, data in told if name == "change")
    assert (change["by"], change["selected"], change["version"]) == ("Host", ["search", "full", "reviews"], 2)


def test_a_number_that_took_longer_comes_later(tmp_path: Path) -> None:
    what = served(tmp_path / "line")
    with serving(what, slowly=True) as slow, at_home(slow) as host:
        room = host.post("/api/rooms", json={}).json()
        assert room["remaining"] == {"count": None, "pending": True}
        with host.stream("GET", events(room)) as stream:
            host.put(f"/api/rooms/{room['id']}/decisions/reviews", json={"value": True, "version": 1})
            told = {name: data for _, name, data in heard(stream, 9, "remaining")}
    assert told["change"]["remaining"] == {"count": None, "pending": True}
    assert told["remaining"] == {"version": 2, "remaining": {"count": "36", "pending": False}}


def test_whoever_was_away_hears_what_happened_in_between_and_nothing_twice(base: str) -> None:
    with at_home(base) as host:
        room = host.post("/api/rooms", json={}).json()
        path = f"/api/rooms/{room['id']}"
        with host.stream("GET", events(room)) as stream:
            last = heard(stream, 1)[-1][0]
        for number in range(3):
            host.post(f"{path}/comments", json={"text": f"number {number}"})
        with host.stream("GET", events(room), headers={"Last-Event-ID": last}) as stream:
            told = [data["text"] for _, name, data in heard(stream, 5) if name == "comment"]
        with host.stream("GET", events(room), headers={"Last-Event-ID": "0badcafe-12"}) as stream:
            names = [name for _, name, _ in heard(stream, 1)]

    assert told == ["number 0", "number 1", "number 2"]
    assert names == ["reset"]


def test_only_so_many_watch_one_room_and_nobody_who_may_not_be_in_it(base: str) -> None:
    with at_home(base) as host:
        room = host.post("/api/rooms", json={}).json()
        with (
            host.stream("GET", events(room)) as one,
            host.stream("GET", events(room)) as other,
            host.stream("GET", events(room)) as third,
        ):
            assert [each.status_code for each in (one, other, third)] == [200, 200, 200]
            lines = [each.iter_lines() for each in (one, other, third)]
            assert [next(each) for each in lines] == ["retry: 2000"] * 3
            assert host.get(events(room)).status_code == 503
        assert httpx.get(base + events(room)).status_code == 401


def events(room: dict[str, Any]) -> str:
    """Where a room's events are."""
    return f"/api/rooms/{room['id']}/events"
