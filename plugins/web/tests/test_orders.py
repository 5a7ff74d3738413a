"""With an order book: people log in, customers see only their own, and an order's room saves into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sarto.order_book import (
    BookedOrder,
    BookUnavailable,
    HistoryEntry,
    NoSuchOrder,
    NotAllowed,
    OrderState,
    Role,
    StaleOrder,
    User,
    can_be_saved,
    next_states,
)
from sarto_web.application import application
from starlette.routing import Route

from .shop import AtRoom, Browser, browsers, served

pytestmark = pytest.mark.anyio
MOMENT = datetime(2026, 11, 29, tzinfo=UTC)
USERS = {
    "vera": User("vera", Role.VENDOR), "anna": User("anna", Role.CUSTOMER, "Acme"),
    "bert": User("bert", Role.CUSTOMER, "Bolts"),
}  # fmt: skip


@dataclass
class PaperBook:
    """A book that keeps its orders in memory, as the protocol has it."""

    found: dict[str, BookedOrder] = field(default_factory=dict)
    past: dict[str, list[HistoryEntry]] = field(default_factory=dict)
    is_away: bool = False

    def log_in(self, name: str, password: str) -> str | None:
        return f"token-of-{name}" if name in USERS and password == "right" else None

    def user_of(self, token: str) -> User | None:
        return USERS.get(token.removeprefix("token-of-"))

    def log_out(self, token: str) -> None:
        pass

    def create(self, user: User, *, customer: str, line: str, selection: str) -> BookedOrder:
        if user.customer not in ("", customer):
            raise NotAllowed("a customer orders for themselves")
        number = len(self.found) + 1
        return self._keep(
            user, "created", BookedOrder(
                id=f"order-{number}-unguessable", number=number, customer=customer, line=line,
                state=OrderState.CONFIGURING, version=1, selection=selection, created=MOMENT, changed=MOMENT,
            ),
        )  # fmt: skip

    def order(self, user: User, id: str) -> BookedOrder:
        if self.is_away:
            raise BookUnavailable("the database at /secret/place cannot be reached")
        order = self.found.get(id)
        if order is None or user.customer not in ("", order.customer):
            raise NoSuchOrder("there is no such order")
        return order

    def orders(self, user: User, *, search: str = "", state: OrderState | None = None) -> Sequence[BookedOrder]:
        theirs = [each for each in self.found.values() if user.customer in ("", each.customer)]
        return [each for each in theirs if search in each.customer and state in (None, each.state)]

    def save(self, user: User, id: str, version: int, *, selection: str) -> BookedOrder:
        if not can_be_saved(self.order(user, id).state):
            raise NotAllowed("an approved order is frozen")
        return self._change(user, id, version, "saved", selection=selection)

    def advance(
        self, user: User, id: str, version: int, to: OrderState, *, quote: str = "", lock: str = "", build: str = "",
        selection: str = "",  # noqa: ARG002  # the protocol has it
    ) -> BookedOrder:  # fmt: skip
        if to not in next_states(self.order(user, id).state, user.role):
            raise NotAllowed(f"a {user.role} cannot do that")
        return self._change(user, id, version, to.value, state=to, quote=quote, lock=lock, build=build)

    def history(self, user: User, id: str) -> Sequence[HistoryEntry]:
        return self.past[self.order(user, id).id]

    def close(self) -> None:
        pass

    def _change(self, user: User, id: str, version: int, what: str, **changes: object) -> BookedOrder:
        order = self.order(user, id)
        if order.version != version:
            raise StaleOrder(order, version)
        return self._keep(user, what, replace(order, version=version + 1, **changes))  # type: ignore[arg-type]  # as it is

    def _keep(self, user: User, what: str, order: BookedOrder) -> BookedOrder:
        self.found[order.id] = order
        self.past.setdefault(order.id, []).append(
            HistoryEntry(at=MOMENT, user=user.name, what=what, version=order.version, before="", after="{}")
        )
        return order


async def log_in(browser: Browser, name: str) -> None:
    """Log in, as the page does."""
    answer = await browser.ask("POST", "/api/session", {"name": name, "password": "right"})
    browser.client.headers["x-csrf-token"] = answer["csrf"]


async def test_no_endpoint_answers_whoever_has_not_logged_in(tmp_path: Path) -> None:
    what = served(tmp_path / "line", book=PaperBook())
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


async def test_customers_see_only_their_own_orders_and_rooms(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line", book=PaperBook())) as (vendor, anna, bert):
        for browser, name in ((vendor, "vera"), (anna, "anna"), (bert, "bert")):
            await log_in(browser, name)
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        assert (order["customer"], order["state"], order["number"]) == ("Acme", "configuring", 1)
        room = await anna.room(order=order["id"])

        await bert.ask("GET", f"/api/orders/{order['id']}", status=404)
        await bert.ask("GET", f"/api/orders/{order['id']}/history", status=404)
        await bert.ask("POST", f"/api/orders/{order['id']}/advance", {"to": "quoted", "version": 1}, status=404)
        await bert.ask("POST", "/api/rooms", {"order": order["id"]}, status=404)
        await bert.ask("POST", "/api/orders", {"customer": "Acme"}, status=403)
        for path in ("", "/events", "/selection.toml", "/quote.json", "/why/shop"):
            await bert.ask("GET", room.path + path, status=404)
        body = {"value": True, "version": 1}
        await bert.ask("PUT", f"{room.path}/decisions/search", body, status=404)
        assert (await bert.ask("GET", "/api/orders"))["orders"] == []
        assert [each["id"] for each in (await vendor.ask("GET", "/api/orders?search=Ac"))["orders"]] == [order["id"]]
        assert (await vendor.ask("POST", "/api/rooms", {"order": order["id"]}, status=201))["id"] == room.id


async def test_what_is_decided_in_an_orders_room_stands_in_the_order(tmp_path: Path) -> None:
    book = PaperBook()
    async with browsers(served(tmp_path / "line", book=book)) as (vendor, anna, _):
        await log_in(vendor, "vera")
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        await room.decide("reviews", True)
        assert "reviews = true" in book.found[order["id"]].selection

        same = AtRoom(vendor, await vendor.ask("GET", room.path))
        await same.decide("support", True)
        assert "support = true" in book.found[order["id"]].selection
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
        assert "audit = true" in book.found[order["id"]].selection
        body = {"to": "approved", "version": book.found[order["id"]].version}
        await vendor.ask("POST", f"/api/orders/{order['id']}/advance", body)
        answer = await room.decide("search", True, status=403)
        assert (answer["error"]["what"], answer["error"]["code"]) == ("an approved order is frozen", "order-closed")
        assert (await room.see())["decisions"][-1]["feature"] == "audit"


async def test_an_order_that_was_changed_elsewhere_is_not_overwritten(tmp_path: Path) -> None:
    book = PaperBook()
    async with browsers(served(tmp_path / "line", book=book)) as (anna, *_):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        text = 'line = "features.toml"\ncustomer = "Acme"\n[select]\naudit = true\n'
        book.save(USERS["anna"], order["id"], 1, selection=text)

        answer = await room.decide("reviews", True, status=409)

        assert answer["error"]["what"] == "the order was changed elsewhere"
        assert book.found[order["id"]].selection == text
        again = await anna.room(order=order["id"])
        assert again.id != room.id
        assert [each["feature"] for each in again.room["decisions"]] == ["audit"]


async def test_a_book_that_goes_away_loses_nothing_and_lets_nobody_in(tmp_path: Path) -> None:
    book = PaperBook()
    async with browsers(served(tmp_path / "line", book=book)) as (anna, *_):
        await log_in(anna, "anna")
        order = await anna.ask("POST", "/api/orders", {}, status=201)
        room = await anna.room(order=order["id"])
        book.is_away = True
        answer = await room.decide("reviews", True, status=503)
        assert answer["error"]["hint"] == "nothing was changed: try again later"
        assert "/secret" not in str(answer)
        book.is_away = False
        assert (await room.see())["decisions"] == []
        await room.decide("reviews", True)


async def test_without_a_book_there_are_no_orders(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as (host, *_):
        await host.enter()
        await host.ask("GET", "/api/orders", status=404)
        await host.ask("POST", "/api/session", {"name": "vera", "password": "right"}, status=404)
