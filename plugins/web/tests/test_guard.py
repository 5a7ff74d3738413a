"""Nobody gets in who was not let in, nothing leaks, and nobody can ask for more than is fair."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sarto_web.guard import Hosts
from sarto_web.limits import Limits

from .shop import BASE, HOST, SHOP, TOKEN, browsers, served, shop

pytestmark = pytest.mark.anyio


async def test_without_the_link_nothing_answers_but_what_everybody_has(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as (nobody, *_):
        for path in (
            "/",
            "/?token=guessed",
            "/rooms/abc",
            "/api/line",
            "/api/openapi.json",
            "/embed",
            "/api/rooms/abc",
        ):
            answer = await nobody.client.get(path)
            assert (answer.status_code, answer.json()["error"]["what"]) == (401, "nobody has let you in")
        assert (await nobody.client.post("/api/rooms", json={})).status_code == 401
        assert (await nobody.client.get("/static/scripts/main.js")).status_code == 200
        assert (await nobody.client.get("/embed.js")).status_code == 200


async def test_the_link_becomes_a_cookie_that_scripts_and_other_sites_never_see(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as (somebody, *_):
        answer = await somebody.client.get(f"/?token={TOKEN}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert answer.headers["set-cookie"].partition(";")[2] == " Path=/; HttpOnly; SameSite=Strict"
        assert TOKEN not in (await somebody.client.get("/")).text


async def test_every_answer_says_what_a_browser_may_do_with_it(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        for path in ("/", "/api/line", "/nothing", "/static/scripts/main.js"):
            headers = (await browser.client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
            assert "unsafe" not in policy
            assert policy.endswith("frame-ancestors 'none'")
            assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
            assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "host", ["evil.example", "shop.test", "shop.test:80", "127.0.0.1:8000", "", "shop.test:8000.evil"]
)
async def test_a_name_that_is_not_the_servers_is_refused(host: str, tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        answer = await browser.client.get("/api/line", headers={"host": host})
        assert (answer.status_code, answer.json()["error"]["what"]) == (421, "this server is not called that")


def test_who_listens_everywhere_is_called_by_any_address_but_by_no_name() -> None:
    hosts = Hosts(frozenset([HOST]), every=True)
    assert [hosts.has(each) for each in (HOST, "192.168.0.7:80", "[::1]:80", "10.0.0.1", "evil.example:80", "")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{BASE}.evil.example", f"ftp://{HOST}", "", "x" * 5000]
)
async def test_a_change_from_another_page_is_refused(origin: str, tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        answer = await browser.client.post("/api/rooms", json={}, headers={"origin": origin})
        assert (answer.status_code, answer.json()["error"]["where"]) == (403, "Origin")
        assert (await browser.client.post("/api/rooms", json={}, headers={"origin": BASE})).status_code == 201
        answer = await browser.client.post("/api/rooms", json={}, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", "guessed", "\u00e9".encode("latin-1"), "0" * 64])
async def test_a_change_without_the_pages_token_is_refused(token: str, tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        for method, path in (("POST", "/api/rooms"), ("DELETE", f"{room.path}/decisions/shop?version=1")):
            answer = await browser.client.request(method, path, headers={"x-csrf-token": token})
            assert answer.status_code == 403


async def test_the_token_of_one_session_is_not_that_of_another(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line")) as (one, other, _):
        await one.enter()
        await other.enter()
        answer = await other.client.post(
            "/api/rooms", json={}, headers={"x-csrf-token": one.client.headers["x-csrf-token"]}
        )
        assert answer.status_code == 403


async def test_a_session_ends_after_a_while_without_a_request_and_when_one_leaves(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", limits=Limits(idle=3600)) as browser:
        session = browser.desk.sessions._sessions[next(iter(browser.desk.sessions._sessions))]
        session.used -= 3601
        assert (await browser.client.get("/api/line")).status_code == 401
    async with shop(tmp_path / "other") as browser:
        assert (await browser.client.delete("/api/session")).status_code == 204
        assert (await browser.client.get("/api/line")).status_code == 401


async def test_too_many_requests_are_told_when_to_come_again(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", limits=Limits(burst=5, rate=0.5)) as browser:
        answers = [await browser.client.get("/api/me") for _ in range(6)]
        assert answers[-1].status_code == 429
        assert answers[-1].headers["retry-after"] == "2"


async def test_links_cannot_be_guessed_for_long(tmp_path: Path) -> None:
    async with browsers(served(tmp_path / "line", limits=Limits(guesses=3))) as (nobody, *_):
        codes = [(await nobody.client.get(f"/?token={number}")).status_code for number in range(4)]
        assert codes == [401, 401, 401, 429]


async def test_bodies_are_bounded_and_declared(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", limits=Limits(body=2000)) as browser:
        for content, kind, status in (
            (b"{" + b" " * 3000 + b"}", "application/json", 413),
            (b"{}", "text/plain", 415),
            (b"customer=x", "application/x-www-form-urlencoded", 415),
            (b"", "application/json", 400),
            (b"[]", "application/json", 400),
            (b"{", "application/json", 400),
            (b"\xff\xfe", "application/json", 400),
            (b'{"customer": 1}', "application/json", 400),
            (b'{"customer": null}', "application/json", 400),
            (b'{"nobody": 1}', "application/json", 400),
            (b'{"customer": NaN}', "application/json", 400),
            (b'{"customer": "a\\u0000b"}', "application/json", 400),
            (b'{"customer": "\\ud800"}', "application/json", 400),
            (b"[" * 1900, "application/json", 400),
            (b'{"customer": ' + b"9" * 1900 + b"}", "application/json", 400),
        ):
            answer = await browser.client.post("/api/rooms", content=content, headers={"content-type": kind})
            assert answer.status_code == status, content[:40]
            assert set(answer.json()["error"]) == {"code", "what", "where", "hint", "data"}


@pytest.mark.parametrize(
    "value", [None, [], {}, "yes", 1e400, 10**30, -(10**30), "x" * 2001, 25.5, True], ids=lambda each: str(each)[:12]
)
async def test_a_value_of_no_kind_is_refused(value: object, tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        text = json.dumps({"value": value, "version": 1}).encode()
        headers = {"content-type": "application/json"}
        for feature in ("search", "page_size", "banner"):
            answer = await browser.client.put(f"{room.path}/decisions/{feature}", content=text, headers=headers)
            is_fine = value is True or (feature == "banner" and value == "yes")
            assert answer.status_code in ((200, 412) if is_fine else (400, 422)), answer.text


async def test_a_failure_of_the_server_says_nothing_of_its_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with shop(tmp_path / "line") as browser:
        monkeypatch.setattr(browser.desk.line, "level", lambda parent: {}[parent])
        answer = await browser.client.get("/api/tree")
        assert (answer.status_code, answer.json()["error"]["what"]) == (500, "the server has failed to answer")
        assert "KeyError" not in answer.text
        assert "KeyError" in caplog.text


async def test_names_are_data_in_pages(tmp_path: Path) -> None:
    hostile = "</script><script>alert(1)</script>"
    text = SHOP.replace("Sells things", hostile)
    async with shop(tmp_path / "line", text) as browser:
        room = await browser.room(customer=hostile)
        for path in ("/", f"/rooms/{room.id}", f"/rooms/{hostile}"):
            answer = await browser.client.get(path, headers={"accept": "text/html"})
            assert "<script>alert" not in answer.text


async def test_a_vendors_page_may_have_it_in_a_frame_and_no_other(tmp_path: Path) -> None:
    origin = "https://vendor.example"
    async with browsers(served(tmp_path / "line", embed_from=(origin,))) as (visitor, other, _):
        key = visitor.desk.keys.embedding()
        answer = await visitor.client.get(f"/embed?token={key}")
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].endswith(f"frame-ancestors {origin}")
        me = (await visitor.client.get("/api/me")).json()
        assert me["role"] == "customer"
        again = await visitor.client.get(f"/embed?token={key}")
        assert again.text.count('"room"') == 1
        assert len(visitor.desk.rooms._open) == 1
        assert (await other.client.get("/embed?token=guessed")).status_code == 401


async def test_a_flood_of_visitors_is_stopped(tmp_path: Path) -> None:
    what = served(tmp_path / "line", embed_from=("https://vendor.example",), limits=Limits(visits=2))
    async with browsers(what) as people:
        path = f"/embed?token={people[0].desk.keys.embedding()}"
        assert [(await each.client.get(path)).status_code for each in people] == [200, 200, 429]


async def test_only_so_many_rooms_comments_and_proposals_are_taken(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", limits=Limits(rooms=2, comments=1, proposals=1)) as browser:
        room, untouched = await browser.room(), await browser.room()
        await room.decide("search", True)
        other = await browser.room()
        await browser.ask("GET", untouched.path, status=404)
        await other.decide("search", True)
        await browser.ask("POST", "/api/rooms", {}, status=503)
        await browser.ask("POST", f"{room.path}/comments", {"text": "one"}, status=201)
        await browser.ask("POST", f"{room.path}/comments", {"text": "two"}, status=409)
        body = {"feature": "search", "value": True}
        await browser.ask("POST", f"{room.path}/proposals", body, status=201)
        await browser.ask("POST", f"{room.path}/proposals", body, status=409)
