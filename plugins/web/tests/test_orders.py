"""With an order book: people log in, customers see only their own, and an order's room saves into it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sarto_web.application import application
from sarto_web.limits import Limits
from starlette.routing import Route

from .books import PASSWORD, PEOPLE, Shelf, log_in
from .shop import SHOP, AtRoom, browsers, served

pytestmark = pytest.mark.anyio
AUDIT = 'line = "features.toml"\ncustomer = "Acme"\n[select]\naudit = true\n'


async def test_no_endpoint_answers_whoever_has_not_logged_in(tmp_path: Path, file_shelf: Shelf) -> None:
    what = served(tmp_path / "line", book=file_shelf.book)
    routes = [
        route for route in application(what).routes if isinstance(route, Route) and route.path.startswith("/api/")
    ]
    async with browsers(what) as (nobody, *_):
        for route in routes:
            for method in route.methods or ():
                if (route.path, method) != ("/api/session", "POST"):
                    path = route.path.replace("{feature:path}", "shop").replace("{", "").replace("}", "")
                    answer = await nobody.client.request(method, path, json={})
                    assert answer.status_code == 401, (method, path)
        page = await nobody.client.get("/")
        assert page.status_code == 200
        assert "Sells things" not in page.text
        assert (await nobody.client.get("/rooms/abc")).headers["location"] == "/"
        await nobody.ask("POST", "/api/session", {"name": "vera", "password": "wrong"}, status=401)


async def test_a_session_ends_with_its_time_with_logging_out_and_with_its_user(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (vera, anna, bert):
        for browser, name in ((vera, "vera"), (anna, "anna"), (bert, "bert")):
            await log_in(browser, name)
        await vera.client.delete("/api/session")
        shelf.other.accounts.disable("bert")
        for browser in (vera, bert):
            answer = await browser.ask("GET", "/api/orders", status=401)
            assert (answer["error"]["code"], answer["error"]["what"]) == ("logged-out", "nobody is logged in here")
        shelf.wait(hours=11, minutes=59)
        await anna.ask("GET", "/api/orders")
        shelf.wait(minutes=2)
        await anna.ask("GET", "/api/orders", status=401)
        await anna.ask("POST", "/api/orders", {}, status=401)
        await log_in(anna, "anna")
        await anna.ask("GET", "/api/orders")


async def test_whoever_has_logged_out_hears_nothing_more(tmp_path: Path, shelf: Shelf) -> None:
    what = served(tmp_path / "line", book=shelf.book, limits=Limits(looking=0.0))
    async with browsers(what) as (anna, *_):
        await log_in(anna, "anna")
        room = await anna.room(order=(await anna.ask("POST", "/api/orders", {}, status=201))["id"])
        watching = asyncio.create_task(anna.client.get(f"{room.path}/events"))
        while not (opened := anna.desk.rooms._open[room.id]).feed.size:
            await asyncio.sleep(0.01)
        shelf.other.accounts.disable("anna")
        opened.feed.tell("comment", {"text": "a secret"})
        heard = await watching
    assert heard.status_code == 200
    assert "secret" not in heard.text


async def test_passwords_cannot_be_guessed_for_long(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (nobody, *_):
        wrong = {"name": "anna", "password": "wrong horse battery"}
        for _ in range(10):
            answer = await nobody.ask("POST", "/api/session", wrong, status=401)
            assert answer["error"]["what"] == "the name or the password is wrong"
        answer = await nobody.client.post("/api/session", json={"name": "anna", "password": PASSWORD})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
        assert answer.json()["error"]["what"] == "there were too many attempts to log in"


async def test_who_asks_too_often_is_told_to_wait_and_nobody_else_is(tmp_path: Path, file_shelf: Shelf) -> None:
    what = served(tmp_path / "line", book=file_shelf.book, limits=Limits(burst=5, rate=0.5))
    async with browsers(what) as (anna, bert, _):
        await log_in(anna, "anna")
        await log_in(bert, "bert")
        answers = [await anna.client.get("/api/orders") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert answers[-1].headers["retry-after"] == "2"
        await bert.ask("GET", "/api/orders")


async def test_a_change_needs_the_token_of_its_own_session(tmp_path: Path, file_shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=file_shelf.book)) as (anna, bert, _):
        await log_in(anna, "anna")
        await log_in(bert, "bert")
        for token in ("", "guessed", bert.client.headers["x-csrf-token"]):
            answer = await anna.client.post("/api/orders", json={}, headers={"x-csrf-token": token})
            assert (answer.status_code, answer.json()["error"]["where"]) == (403, "x-csrf-token")
        answer = await anna.client.post("/api/orders", json={}, headers={"origin": "https://evil.example"})
        assert (answer.status_code, answer.json()["error"]["where"]) == (403, "Origin")
        assert (await anna.ask("GET", "/api/orders"))["orders"] == []


async def test_what_is_decided_in_an_orders_room_stands_in_the_order(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (vendor, anna, _):
        await log_in(vendor, "vera")
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        assert (order["customer"], order["state"], order["number"]) == ("Acme", "configuring", 1)
        room = await anna.room(order=order["id"])
        await room.decide("reviews", True)
        assert "reviews = true" in shelf.order(order["id"]).selection

        same = AtRoom(vendor, await vendor.ask("GET", room.path))
        await same.decide("support", True)
        assert "support = true" in shelf.order(order["id"]).selection
        quoted = await vendor.ask("POST", f"/api/orders/{order['id']}/advance", {"to": "quoted", "version": 3})
        assert (quoted["state"], quoted["next"]) == ("quoted", ["configuring", "quoted", "approved"])
        whole = await anna.ask("GET", f"/api/orders/{order['id']}")
        assert (whole["quote"]["total"], whole["quote"]["number"]) == ("1350.00", "1-4")
        assert whole["quote"]["configuration"]["reviews"] is True
        history = (await anna.ask("GET", f"/api/orders/{order['id']}/history"))["history"]
        assert [(each["user"], each["what"]) for each in history] == [
            ("anna", "created"), ("anna", "saved"), ("vera", "saved"), ("vera", "quoted"),
        ]  # fmt: skip
        await vendor.ask("POST", f"/api/orders/{order['id']}/advance", {"to": "approved", "version": 1}, status=412)

        await room.see()
        await room.decide("audit", True)
        assert "audit = true" in shelf.order(order["id"]).selection
        assert shelf.order(order["id"]).state == "configuring"
        for state in ("quoted", "approved"):
            body = {"to": state, "version": shelf.order(order["id"]).version}
            await vendor.ask("POST", f"/api/orders/{order['id']}/advance", body)
        answer = await room.decide("search", True, status=403)
        assert answer["error"]["what"] == "order 1 is approved: its selection is frozen"
        assert answer["error"]["code"] == "order-closed"
        assert (await room.see())["decisions"][-1]["feature"] == "audit"


async def test_an_order_has_one_room_also_after_a_restart(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (anna, *_):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {"selection": AUDIT}, status=201)
        first, second = await asyncio.gather(anna.room(order=order["id"]), anna.room(order=order["id"]))
        await anna.ask("POST", f"{first.path}/comments", {"text": "kept?"}, status=201)
        assert first.id == second.id
        assert len(anna.desk.rooms._known) == 1
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (anna, vera, _):
        for browser, name in ((vera, "vera"), (anna, "anna")):
            await log_in(browser, name)
            again = await browser.room(order=order["id"])
            assert again.id == first.id
            assert [each["text"] for each in again.room["comments"]] == ["kept?"]


async def test_a_customer_opens_an_order_with_a_file_of_the_vendors(tmp_path: Path, file_shelf: Shelf) -> None:
    text = SHOP + '[cosmetics.logo]\ntype = "file"\n'
    wish = AUDIT + '[brand]\nlogo = "logos/acme.svg"\n'
    made = file_shelf.other.create(PEOPLE["vera"], customer="Acme", line="shop", selection=wish)
    async with browsers(served(tmp_path / "line", text, book=file_shelf.book)) as (anna, *_):
        await log_in(anna, "anna")
        await anna.ask("POST", "/api/orders", {"selection": wish}, status=422)
        room = await anna.room(order=made.id)
        assert [(each["feature"], each["by"]) for each in room.room["decisions"]] == [("audit", "vera")]
        await room.decide("reviews", True)
        assert 'logo = "logos/acme.svg"' in file_shelf.order(made.id).selection


async def test_two_at_once_never_overwrite_what_they_have_not_seen(tmp_path: Path, shelf: Shelf) -> None:
    async with browsers(served(tmp_path / "line", book=shelf.book)) as (vera, anna, _):
        await log_in(vera, "vera")
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        rooms = [await browser.room(order=order["id"]) for browser in (anna, vera)]
        answers = await asyncio.gather(
            *(
                each.browser.client.put(f"{each.path}/decisions/{name}", json={"value": True, "version": 1})
                for each, name in zip(rooms, ("audit", "support"), strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        saved = shelf.order(order["id"])
        assert ("audit = true" in saved.selection) is not ("support = true" in saved.selection)
        steps = await asyncio.gather(
            *(
                vera.client.post(f"/api/orders/{order['id']}/advance", json={"to": "quoted", "version": saved.version})
                for _ in range(4)
            )
        )
        assert sorted(step.status_code for step in steps) == [200, 412, 412, 412]
        stale = next(step.json() for step in steps if step.status_code == 412)
        assert stale["version"] == saved.version + 1
        assert stale["error"]["hint"] == "look at it again, then say the new version"
        assert len((await vera.ask("GET", f"/api/orders/{order['id']}/history"))["history"]) == 3


async def test_without_a_book_there_are_no_orders(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as (host, *_):
        await host.enter()
        await host.ask("GET", "/api/orders", status=404)
        await host.ask("POST", "/api/session", {"name": "vera", "password": PASSWORD}, status=404)
