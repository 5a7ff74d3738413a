"""From wish to delivery over HTTP: a customer, the vendor, their order book, and products that start."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from .books import PASSWORD, PEOPLE, Shelf
from .live import serving
from .shop import served
from .test_outcome import ended, real_line

DESCRIPTION: dict[str, Any] = json.loads((files("sarto_web") / "openapi.json").read_text(encoding="utf-8"))


class Shop:
    """A line in a folder, served with a book to whoever logs in."""

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self.folder = folder
        self.shelf = shelf
        folder.mkdir()
        self.text = real_line(folder)

    @contextmanager
    def open(self, *names: str) -> Iterator[list[httpx.Client]]:
        """The server, and people at it; it ends with the block."""
        with ExitStack() as stack:
            base = stack.enter_context(serving(served(self.folder, self.text, book=self.shelf.book)))
            yield [logged_in(stack.enter_context(httpx.Client(base_url=base, timeout=60)), name) for name in names]


@pytest.fixture
def shop(tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    return Shop(tmp_path / "line", shelf)


def logged_in(client: httpx.Client, name: str) -> httpx.Client:
    answer = client.post("/api/session", json={"name": name, "password": PASSWORD})
    client.headers["x-csrf-token"] = answer.json()["csrf"]
    return client


def ask(client: httpx.Client, method: str, path: str, body: object = None, status: int = 200) -> Any:
    answer = client.request(method, path, json=body) if body is not None else client.request(method, path)
    assert answer.status_code == status, (method, path, answer.text)
    return answer.json() if answer.headers.get("content-type") == "application/json" else answer.content


def step(client: httpx.Client, order: str, to: str, status: int = 200, **more: object) -> Any:
    """Bring an order a step on from where it is now."""
    version = ask(client, "GET", f"/api/orders/{order}")["version"]
    return ask(client, "POST", f"/api/orders/{order}/advance", {"to": to, "version": version, **more}, status)


def built(vera: httpx.Client, order: str, room: str) -> str:
    """The job that has built an order, which is written down in it."""
    job: str = ask(vera, "POST", f"/api/rooms/{room}/build", {}, 202)["job"]
    assert ended(vera, job) == {"state": "done"}
    assert step(vera, order, "built", job=job)["state"] == "built"
    return job


def told_by(archive: bytes, folder: Path, *words: str) -> str:
    """What a product says that was downloaded."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(folder)
    command = [sys.executable, str(folder / "acme" / "acme.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_from_wish_to_delivery_and_on_to_the_next_version(shop: Shop, tmp_path: Path) -> None:
    with shop.open("vera", "anna") as (vera, anna):
        order = ask(anna, "POST", "/api/orders", {}, 201)["id"]
        room = ask(anna, "POST", "/api/rooms", {"order": order}, 201)["id"]
        ask(anna, "PUT", f"/api/rooms/{room}/decisions/reviews", {"value": True, "version": 1})
        ask(anna, "PUT", f"/api/rooms/{room}/decisions/page_size", {"value": 40, "version": 2})
        ask(anna, "POST", f"/api/rooms/{room}/comments", {"text": "What would that cost?"}, 201)
        assert step(anna, order, "quoted", 403)["error"]["what"].endswith("a customer does not make it quoted")
        assert ask(vera, "GET", f"/api/rooms/{room}")["comments"][0]["text"] == "What would that cost?"
        step(vera, order, "quoted")
        assert ask(anna, "GET", f"/api/orders/{order}")["quote"]["total"] == "1300.00"
        step(anna, order, "approved")
        answer = ask(anna, "GET", f"/api/orders/{order}/build", None, 409)
        assert answer["error"]["what"] == "this order has no build yet"
        job = built(vera, order, room)
        archive = ask(anna, "GET", f"/api/orders/{order}/build")
        assert "open" in told_by(archive, tmp_path / "first")
        assert "reviews" in told_by(archive, tmp_path / "first", "@features")
        assert ask(anna, "GET", f"/api/jobs/{job}/build")
        assert step(vera, order, "delivered")["state"] == "delivered"
        told = ended(vera, step(vera, order, "upgraded", 202)["job"])
        assert told["error"]["what"] == "the line gives the build that order 1 has already: there is nothing to upgrade"

    shop.text = shop.text.replace('version = "1.0"', 'version = "1.1"').replace("maximum = 100", "maximum = 30")
    with shop.open("vera", "anna", "bert") as (vera, anna, bert):
        assert ask(anna, "GET", f"/api/orders/{order}/build") == archive
        step(anna, order, "upgraded", 403)
        job = step(vera, order, "upgraded", 202)["job"]
        assert ended(vera, job) == {"state": "done"}
        ask(bert, "GET", f"/api/jobs/{job}", None, 404)
        ask(bert, "GET", f"/api/jobs/{job}/build", None, 404)
        newer = ask(anna, "GET", f"/api/orders/{order}/build")
        assert ask(anna, "GET", f"/api/jobs/{job}/build") == newer
        assert "1.1" in told_by(newer, tmp_path / "second", "@about")
        step(vera, order, "delivered")
        room = ask(anna, "POST", "/api/rooms", {"order": order}, 201)
        assert [(each["feature"], each["value"], each["by"]) for each in room["decisions"]] == [
            ("reviews", True, "vera"), ("page_size", 30, "vera"),
        ]  # fmt: skip
        assert [each["text"] for each in room["comments"]] == ["What would that cost?"]
        history = ask(anna, "GET", f"/api/orders/{order}/history")["history"]
        assert [(each["user"], each["what"]) for each in history] == [
            ("anna", "created"), ("anna", "saved"), ("anna", "saved"), ("vera", "quoted"), ("anna", "approved"),
            ("vera", "built"), ("vera", "delivered"), ("vera", "upgraded"), ("vera", "delivered"),
        ]  # fmt: skip


def test_a_build_of_something_else_than_was_approved_is_not_written_down(shop: Shop) -> None:
    with shop.open("vera", "anna") as (vera, anna):
        order = ask(anna, "POST", "/api/orders", {}, 201)["id"]
        room = ask(anna, "POST", "/api/rooms", {"order": order}, 201)["id"]
        job = ask(vera, "POST", f"/api/rooms/{room}/build", {}, 202)["job"]
        assert ended(vera, job) == {"state": "done"}
        text = 'line = "features.toml"\ncustomer = "Acme"\n[select]\naudit = true\n'
        shop.shelf.other.save(PEOPLE["vera"], order, 1, selection=text)
        step(vera, order, "quoted")
        step(vera, order, "approved")
        answer = step(vera, order, "built", 409, job=job)
        assert answer["error"]["what"] == "the order was changed since this was built"
        built(vera, order, room)


IDS = {"room", "order", "job", "proposal", "with"}
"""Parameters and fields, wherever they stand, that name what may be somebody else's."""


def operations() -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Each operation of the API: its method, its path, the schemas of its query's fields, and that of its body."""
    for path, methods in DESCRIPTION["paths"].items():
        for method, operation in methods.items():
            named = [_resolved(each) for each in operation.get("parameters", [])]
            content = operation.get("requestBody", {}).get("content", {"": {}})
            schema = next(iter(content.values())).get("schema", {})
            query = {each["name"]: each["schema"] for each in named if each["in"] == "query" and each["name"] != "dry"}
            assert {each["name"] for each in named if each["in"] == "path"} <= {*IDS, "feature", "format"}, path
            yield method.upper(), path, query, schema


def _resolved(parameter: dict[str, Any]) -> dict[str, Any]:
    name = parameter.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = DESCRIPTION["components"]["parameters"][name] if name else parameter
    return found


def _example(name: str, schema: dict[str, Any]) -> object:
    given: dict[str, object] = {"limit": 5, "feature": "audit", "value": True, "version": 1, "accept": False}
    if "enum" in schema:
        return "approved" if "approved" in schema["enum"] else schema["enum"][0]
    return given.get(name, "text")


def test_nothing_of_another_customer_can_be_had_by_any_way_in(shop: Shop) -> None:
    """A new endpoint is tried, too: the ways in are those that the description of the API has."""
    with shop.open("vera", "anna", "bert") as (vera, anna, bert):
        theirs, own = thing_of(vera, anna), thing_of(vera, bert)
        tried = 0
        for method, path, query, schema in operations():
            fields = schema.get("properties", {})
            for name in IDS & {*query, *fields, *(each for each in IDS if f"{{{each}}}" in path)}:
                ids = {**own, name: theirs[name]}
                if name == "proposal":
                    ids["room"] = own["room"]
                place = path.format(**ids, feature="audit", format="json")
                body = {each: _example(each, fields[each]) for each in schema.get("required", [])}
                body |= {each: ids[each] for each in IDS & fields.keys()}
                asked = {each: str(ids.get(each, _example(each, query[each]))) for each in query}
                answer = bert.request(method, place, params=asked, json=body if method != "GET" else None)
                tried += 1
                is_own_step = (path, name) == ("/api/orders/{order}/advance", "job")  # to which an order has to be new
                assert answer.status_code == (412 if is_own_step else 404), (method, path, name, answer.text)
                assert "Acme" not in answer.text
        assert tried > 30
        assert [each["id"] for each in ask(bert, "GET", "/api/orders?search=Acme")["orders"]] == []
        assert len(ask(bert, "GET", "/api/orders")["orders"]) == 1
        assert ask(bert, "POST", "/api/orders", {"customer": "Acme"}, 403)["error"]["what"] == (
            "bert orders for Bolts, not for others"
        )
        assert ask(anna, "GET", f"/api/orders/{theirs['order']}")["state"] == "built"
        assert ask(anna, "GET", f"/api/rooms/{theirs['room']}")["version"] == 1
        assert len(ask(vera, "GET", "/api/orders?search=Acme")["orders"]) == 1


def thing_of(vera: httpx.Client, customer: httpx.Client) -> dict[str, str]:
    """All that can be named of an order of theirs that is built."""
    order = ask(customer, "POST", "/api/orders", {}, 201)["id"]
    room = ask(customer, "POST", "/api/rooms", {"order": order}, 201)["id"]
    proposed = {"feature": "support", "value": True}
    proposal = ask(customer, "POST", f"/api/rooms/{room}/proposals", proposed, 201)["id"]
    step(vera, order, "quoted")
    step(customer, order, "approved")
    return {"order": order, "room": room, "job": built(vera, order, room), "proposal": proposal, "with": room}


def test_an_order_keeps_the_files_of_its_brand_and_is_built_with_them(shop: Shop, tmp_path: Path) -> None:
    shop.text += '[cosmetics.terms]\ntype = "file"\n'
    terms = shop.folder / "terms.txt"
    terms.write_text("as ordered")
    wanted = 'line = "features.toml"\ncustomer = "Acme"\n[brand]\nterms = "terms.txt"\n'
    with shop.open("vera", "anna") as (vera, anna):
        made = {"customer": "Acme", "selection": wanted}
        order = ask(vera, "POST", "/api/orders", made, 201)["id"]
        terms.unlink()
        room = ask(anna, "POST", "/api/rooms", {"order": order}, 201)["id"]
        ask(anna, "PUT", f"/api/rooms/{room}/decisions/page_size", {"value": 40, "version": 1})
        step(vera, order, "quoted")
        step(anna, order, "approved")
        built(vera, order, room)
        with zipfile.ZipFile(io.BytesIO(ask(anna, "GET", f"/api/orders/{order}/build"))) as packed:
            (kept,) = [name for name in packed.namelist() if "/brand/" in name]
            assert packed.read(kept) == b"as ordered"
        ask(vera, "POST", "/api/orders", made, 422)
