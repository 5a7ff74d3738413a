"""What readers get from a Datasette with the adapter, in a product and out of one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Runs = Callable[..., Path]

LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
# In a process of its own, for Datasette leaves databases open, which newer Pythons warn of.
ASK = """
import asyncio, json, sys
from datasette.app import Datasette
arguments, *paths = sys.argv[1:]
async def ask():
    client = Datasette(memory=True, **json.loads(arguments)).client
    return [await client.get(path) for path in paths]
shown = [dict(status=a.status_code, headers=dict(a.headers), text=a.text) for a in asyncio.run(ask())]
print(json.dumps(shown))
"""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


def get(*paths: str, **arguments: Any) -> list[Answer]:
    """What a Datasette with these arguments answers."""
    command = [sys.executable, "-c", ASK, json.dumps(arguments), *paths]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [Answer(**answer) for answer in json.loads(printed.splitlines()[-1])]  # above it may be a traceback


def footer(page: Answer) -> str:
    found = re.search('<footer class="ft">(.*?)</footer>', page.text, re.DOTALL)
    assert found
    return found[1]


def test_outside_a_product_datasette_is_as_ever() -> None:
    page, styles, logo = get("/", "/-/made-to-measure/look.css", "/-/made-to-measure/logo")
    assert "<h1>Datasette</h1>" in page.text
    assert footer(page).startswith('Powered by <a href="https://datasette.io/"')
    assert "made-to-measure" not in page.text
    assert (styles.status, logo.status) == (404, 404)


def test_the_front_page_has_the_brands_title(runs: Runs) -> None:
    runs(title="The catalogue")
    (page,) = get("/")
    assert "<h1>The catalogue</h1>" in page.text
    assert "<title>The catalogue: _memory</title>" in page.text


def test_the_operators_title_outranks_the_brands(runs: Runs) -> None:
    runs(title="The catalogue")
    (page,) = get("/", metadata={"title": "Summer sale"})
    assert "<h1>Summer sale</h1>" in page.text


def test_every_footer_has_title_and_footer_line(runs: Runs) -> None:
    runs(title="The catalogue", footer="Open daily")
    for page in get("/", "/_memory", "/-/versions", "/missing"):
        assert '<p class="made-to-measure">The catalogue &middot; Open daily</p>' in footer(page)
        assert "Powered by" in footer(page)


def test_the_texts_of_a_brand_are_escaped(runs: Runs) -> None:
    runs(title="Fish & <b>chips</b>", footer="</footer><script>alert(1)</script>")
    (page,) = get("/")
    assert "<h1>Fish &amp; &lt;b&gt;chips&lt;/b&gt;</h1>" in page.text
    assert "&lt;/footer&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in footer(page)
    assert "<script>alert(1)</script>" not in page.text


def test_every_page_links_the_style_sheet(runs: Runs) -> None:
    runs(title="The catalogue", colour="#7a1f2b")
    page, styles = get("/_memory", "/-/made-to-measure/look.css")
    assert re.search(r'href="/-/made-to-measure/look\.css\?\w{8}"', page.text)
    assert styles.headers["content-type"] == "text/css; charset=utf-8"
    assert "background-color: #7a1f2b; color: #ffffff" in styles.text


def test_the_style_sheets_address_changes_with_its_contents_and_knows_the_sites_prefix(runs: Runs) -> None:
    addresses = set()
    for colour in ("#7a1f2b", "#f2c14e"):
        runs(colour=colour)
        (page,) = get("/", settings={"base_url": "/data/"})
        addresses |= set(re.findall(r'href="/data/-/made-to-measure/look\.css\?(\w{8})"', page.text))
    assert len(addresses) == 2


def test_the_logo_is_served_so_that_nothing_in_it_runs(runs: Runs) -> None:
    folder = runs(logo="brand/logo.svg")
    (folder / "brand" / "logo.svg").write_text(LOGO)
    logo, styles = get("/-/made-to-measure/logo", "/-/made-to-measure/look.css")
    assert logo.text == LOGO
    assert logo.headers["content-type"] == "image/svg+xml"
    assert logo.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert logo.headers["x-content-type-options"] == "nosniff"
    assert "url('logo')" in styles.text


def test_the_page_about_the_site_and_its_mark_are_served_so_that_nothing_in_them_runs(runs: Runs) -> None:
    look: dict[str, object] = {"languages": [], "types": {}, "texts": {}, "variants": {}}
    folder = runs(look=look, title="Objects", about="brand/about.html", icon="brand/icon.svg")
    (folder / "brand" / "about.html").write_text("<p>About</p>")
    (folder / "brand" / "icon.svg").write_text(LOGO)
    page, icon, front = get("/-/made-to-measure/about.html", "/favicon.ico", "/")
    assert page.text == "<p>About</p>"
    assert page.headers["content-security-policy"] == ("default-src 'none'; style-src 'unsafe-inline'; img-src 'self'")
    assert (icon.headers["content-type"], icon.text) == ("image/svg+xml", LOGO)
    assert '<a href="/-/made-to-measure/about.html">Objects</a>' in footer(front)
    assert "accept-language" not in front.headers.get("vary", "").lower()
