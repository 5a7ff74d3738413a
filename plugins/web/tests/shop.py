"""A small shop as a line, and a browser's way into its server: the real application, without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto_web.application import Served, application
from sarto_web.desk import Desk
from sarto_web.guard import Hosts
from sarto_web.limits import Limits

HOST = "shop.test:8000"
BASE = f"http://{HOST}"
TOKEN = "the-link-that-was-printed"

SHOP = """
[line]
name    = "shop"
version = "1.0"
summary = "Sells things"
root    = "shop"

[core]
parts   = ["shop"]
command = "shop"

[prices]
currency = "EUR"
base     = 900

[features.shop]
mandatory = ["payment", "page_size"]
optional  = ["search", "reviews", "audit", "support", "banner"]

[features.payment]
or = ["card", "invoice", "coins"]

[features.search]
summary     = "Finds things"
alternative = ["simple", "full"]

[features.full]
attributes = { price = 400 }

[features.page_size]
type    = "integer"
minimum = 10
maximum = 100
default = 25

[features.support]
stage      = "vendor"
attributes = { price = 50 }

[features.banner]
type = "string"

[features.reviews]
default = true
stage   = "user"
binding = "start"

[[constraints]]
rule    = "audit => invoice & !coins"
because = "Auditors want paper."

[[constraints]]
rule    = "reviews => full"
because = "Reviews are found through the full-text index."

[[constraints]]
rule = "page_size > 50 => !full"
"""


class Browser:
    """Somebody at a server: asks with their cookie and their page's token, as a page's script does."""

    def __init__(self, client: httpx.AsyncClient, desk: Desk) -> None:
        self.client = client
        self.desk = desk

    async def enter(self, path: str = f"/?token={TOKEN}") -> None:
        """Follow a link, and read the page's token."""
        answer = await self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        self.client.headers["x-csrf-token"] = (await self.client.get("/api/me")).json()["csrf"]

    async def ask(self, method: str, path: str, body: object = None, *, status: int = 200) -> Any:
        """The answer to a request, which must have the status."""
        answer = (
            await self.client.request(method, path, json=body)
            if body is not None
            else await self.client.request(method, path)
        )
        assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
        return answer.json() if answer.content else None

    async def room(self, **body: object) -> AtRoom:
        """A new room."""
        return AtRoom(self, await self.ask("POST", "/api/rooms", body, status=201))


class AtRoom:
    """A room as one person sees it; ``version`` is the one that they have seen."""

    def __init__(self, browser: Browser, room: dict[str, Any]) -> None:
        self.browser = browser
        self.id: str = room["id"]
        self.path = f"/api/rooms/{room['id']}"
        self.version: int = room["version"]
        self.room = room

    async def see(self) -> dict[str, Any]:
        """The room as it is now."""
        self.room = await self.browser.ask("GET", self.path)
        self.version = self.room["version"]
        return self.room

    async def decide(self, feature: str, value: object, *, status: int = 200) -> dict[str, Any]:
        """Decide a feature."""
        return await self._change("PUT", f"/decisions/{quote(feature)}", {"value": value}, status)

    async def take_back(self, feature: str, *, status: int = 200) -> dict[str, Any]:
        """Take a decision back."""
        path = f"{self.path}/decisions/{quote(feature)}?version={self.version}"
        return self._seen(await self.browser.ask("DELETE", path, status=status))

    async def do(self, what: str, body: dict[str, object] | None = None, *, status: int = 200) -> dict[str, Any]:
        """Something else that changes the room."""
        return await self._change("POST", f"/{what}", body or {}, status)

    async def get(self, what: str, *, status: int = 200) -> Any:
        """Something that changes nothing."""
        return await self.browser.ask("GET", f"{self.path}/{what}", status=status)

    async def _change(self, method: str, path: str, body: dict[str, object], status: int) -> dict[str, Any]:
        return self._seen(
            await self.browser.ask(method, self.path + path, {**body, "version": self.version}, status=status)
        )

    def _seen(self, answer: dict[str, Any]) -> dict[str, Any]:
        if "error" not in answer:
            self.version = answer["version"]
        return answer


def line_of(folder: Path, text: str = SHOP, plugins: PluginManager | None = None) -> ProductLine:
    """The line of a features.toml in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "features.toml").write_text(text, encoding="utf-8")
    return ProductLine.open(folder, plugins=plugins or PluginManager())


def served(folder: Path, text: str = SHOP, **others: Any) -> Served:
    """What is served of a line in a folder."""
    line = line_of(folder, text, others.pop("plugins", None))
    hosts = Hosts(frozenset([HOST]))
    given = {"limits": Limits(), **others}
    return replace(Served(line=line, state=folder / "state", hosts=hosts, token=TOKEN), **given)


@asynccontextmanager
async def browsers(what: Served) -> AsyncIterator[list[Browser]]:
    """Three people at one server, of whom nobody has been let in yet."""
    app = application(what)
    desk: Desk = app.state.desk
    transport = httpx.ASGITransport(app=app)
    clients = [httpx.AsyncClient(transport=transport, base_url=BASE) for _ in range(3)]
    try:
        yield [Browser(client, desk) for client in clients]
    finally:
        for client in clients:
            await client.aclose()
        desk.close()


@asynccontextmanager
async def shop(folder: Path, text: str = SHOP, **others: Any) -> AsyncIterator[Browser]:
    """One person who is let in."""
    async with browsers(served(folder, text, **others)) as (first, *_):
        await first.enter()
        yield first
