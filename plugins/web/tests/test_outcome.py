"""What leaves a room: the selection file, the quote, the build."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sarto.hooks import PluginManager, QuoteLanguage, hookimpl
from sarto.hooks.plugin import Plugin
from sarto.line import ProductLine
from sarto.model.quote_language import ENGLISH
from sarto.testing import installed_wheel, make_wheel

from .live import at_home, serving
from .shop import SHOP, browsers, served, shop

pytestmark = pytest.mark.anyio
SCRIPT = "[console_scripts]\nshop = shop:main\n"
SELECTION = """line = "features.toml"
customer = "Acme GmbH"

[select]
reviews = true
page_size = 30

[open]
features = []
"""


async def test_a_selection_file_comes_out_as_it_went_in(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", SHOP + "[cosmetics.title]\n") as browser:
        room = await browser.room(selection=SELECTION.replace("[open]\nfeatures = []\n", '[brand]\ntitle = "Ours"\n'))
        assert room.room["customer"] == "Acme GmbH"
        await room.decide("audit", True)

        text = (await browser.client.get(f"{room.path}/selection.toml")).text

        assert text == (
            "# Chosen from shop 1.0, in the browser.\n"
            'line = "features.toml"\ncustomer = "Acme GmbH"\n\n'
            '[select]\nreviews = true\npage_size = 30\naudit = true\n\n[brand]\ntitle = "Ours"\n'
        )
        (tmp_path / "line" / "acme.toml").write_text(text)
        line, selection = ProductLine.for_selection(tmp_path / "line" / "acme.toml", plugins=PluginManager())
        assert line.resolve(selection).configuration["invoice"] is True


async def test_the_file_of_a_room_for_nobody_can_be_gone_on_with(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.decide("audit", True)
        text = (await browser.client.get(f"{room.path}/selection.toml")).text
        assert '\ncustomer = "customer"\n' in text
        assert (await browser.room(selection=text)).room["decisions"][0]["feature"] == "audit"


@pytest.mark.parametrize(
    ("selection", "status", "what"),
    [
        ("nonsense", 422, ""),
        ('line = "x"\ncustomer = "y"\nextends = ["/etc/passwd"]\n', 422, "cannot extend other files"),
        ('line = "x"\ncustomer = "y"\n[select]\nnobody = true\n', 422, "nobody"),
        ('line = "x"\ncustomer = "y"\n[select]\npage_size = 5\n', 422, "below the minimum"),
        ('line = "x"\ncustomer = "y"\n[select]\nreviews = true\nsimple = true\n', 409, "no product"),
    ],
)
async def test_a_selection_that_cannot_be_is_refused(selection: str, status: int, what: str, tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        answer = await browser.ask("POST", "/api/rooms", {"selection": selection}, status=status)
        assert what in answer["error"]["what"]
        assert str(tmp_path) not in str(answer)


async def test_a_customer_sends_no_files_and_decides_nothing_of_the_vendors(tmp_path: Path) -> None:
    text = SHOP + '[cosmetics.logo]\ntype = "file"\n'
    async with browsers(served(tmp_path / "line", text)) as (host, customer, _):
        await host.enter()
        room = await host.room()
        await customer.enter(room.room["links"]["customer"])
        head = 'line = "x"\ncustomer = "y"\n'
        for selection, status in (('[brand]\nlogo = "../secret.png"\n', 422), ("[select]\nsupport = true\n", 403)):
            await customer.ask("POST", "/api/rooms", {"selection": head + selection}, status=status)


async def test_a_quote_comes_in_every_form_that_there_is(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room(customer="Acme")
        await room.decide("reviews", True)
        assert (await browser.ask("GET", "/api/line"))["quote_formats"] == ["txt", "json"]
        text = await browser.client.get(f"{room.path}/quote.txt")
        assert text.headers["content-type"] == "text/plain; charset=utf-8"
        assert "€1,300.00" in text.text
        assert (await room.get("quote.json"))["total"] == "1300.00"
        await room.get("quote.exe", status=404)


class Shouting:
    """A plugin that writes quotes in a language of its own."""

    @hookimpl
    def sarto_quote_languages(self) -> list[QuoteLanguage]:
        return [replace(ENGLISH, tag="it", total="TOTALE", money="{number} {sign}")]


async def test_a_quote_is_written_in_the_language_of_the_page_else_in_the_customers(tmp_path: Path) -> None:
    plugins = PluginManager()
    plugins.register(Shouting(), Plugin("shouting"))
    async with shop(tmp_path / "line", plugins=plugins) as browser:
        plain = await browser.room(customer="Acme")
        italian = await browser.room(selection='language = "it"\n' + SELECTION)

        async def total(room: Any, query: str = "") -> str:
            answer = await browser.client.get(f"{room.path}/quote.txt{query}")
            return str(answer.text.splitlines()[-1].split()[0])

        assert (await total(plain), await total(plain, "?language=it-CH")) == ("Total", "TOTALE")
        assert (await total(italian), await total(italian, "?language=en")) == ("TOTALE", "Total")
        assert (await total(plain, "?language=xx"), await total(plain, "?language=")) == ("Total", "Total")
        await plain.get(f"quote.txt?language={'x' * 36}", status=400)


async def test_a_line_without_prices_has_no_price(tmp_path: Path) -> None:
    text = SHOP.replace('[prices]\ncurrency = "EUR"\nbase     = 900\n', "").replace("price", "weight")
    async with shop(tmp_path / "line", text) as browser:
        room = await browser.room()
        assert room.room["price"] is None
        assert (await browser.ask("GET", "/api/line"))["has_prices"] is False


def real_line(folder: Path) -> str:
    """A line whose core product is a wheel beside it."""
    files = {"shop.py": "def main():\n    print('open')\n"}
    make_wheel(folder / "wheelhouse", "shop", files, SCRIPT, requires=["pluggy"])
    installed_wheel(folder / "wheelhouse", "pluggy")
    installed_wheel(folder / "wheelhouse", "packaging")
    core = 'parts   = ["shop"]\nsources = ["wheelhouse"]\n'
    return SHOP.replace('parts   = ["shop"]\n', core) + '\n[targets]\npython = "host"\nplatforms = ["host"]\n'


def test_a_build_is_made_in_the_background_and_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    (tmp_path / "line").mkdir()
    with serving(served(tmp_path / "line", real_line(tmp_path / "line"))) as base, at_home(base) as client:
        room = client.post("/api/rooms", json={"customer": "Acme GmbH"}).json()
        nameless = client.post("/api/rooms", json={}).json()
        assert client.post(f"/api/rooms/{nameless['id']}/build", json={}).status_code == 409
        started = client.post(f"/api/rooms/{room['id']}/build", json={})
        assert started.status_code == 202
        job = started.json()["job"]
        assert client.post(f"/api/rooms/{room['id']}/build", json={}).json()["job"] == job
        assert ended(client, job) == {"state": "done"}
        answer = client.get(f"/api/jobs/{job}/build")
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()

    assert answer.headers["content-disposition"] == 'attachment; filename="acme-gmbh.zip"'
    assert {"acme-gmbh/build.json", "acme-gmbh/acme-gmbh.py", "acme-gmbh/pylock.toml"} <= set(names)


def test_a_build_that_fails_says_why_without_the_paths_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    (tmp_path / "line").mkdir()
    text = real_line(tmp_path / "line").replace('["shop"]', '["no-such-part"]')
    with serving(served(tmp_path / "line", text)) as base, at_home(base) as client:
        room = client.post("/api/rooms", json={"customer": "Acme"}).json()
        job = client.post(f"/api/rooms/{room['id']}/build", json={}).json()["job"]
        state = ended(client, job)
        assert client.get(f"/api/jobs/{job}/build").status_code == 409
        assert client.get("/api/jobs/unknown").status_code == 404

    assert state["state"] == "failed"
    assert state["error"]["what"].startswith("the package index cannot be reached")
    assert str(tmp_path) not in str(state)


def ended(client: httpx.Client, job: str) -> Any:
    """How a job has ended."""
    end = time.monotonic() + 60
    while (state := client.get(f"/api/jobs/{job}").json())["state"] in ("waiting", "running"):
        assert time.monotonic() < end
        time.sleep(0.1)
    return state
