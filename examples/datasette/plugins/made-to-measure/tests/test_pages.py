"""What readers get from a Datasette with the adapter, in a product and out of one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]  # Datasette ships no types

Runs = Callable[..., Path]

LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def get(path: str, **datasette: Any) -> Any:
    return asyncio.run(Datasette(memory=True, **datasette).client.get(path))


def footer(page: Any) -> str:
    found = re.search('<footer class="ft">(.*?)</footer>', page.text, re.DOTALL)
    assert found
    return found[1]


def test_outside_a_product_datasette_is_as_ever() -> None:
    page = get("/")
    assert "<h1>Datasette</h1>" in page.text
    assert footer(page).startswith('Powered by <a href="https://datasette.io/"')
    assert "made-to-measure" not in page.text


def test_outside_a_product_there_are_no_addresses_of_the_adapter() -> None:
    assert get("/-/made-to-measure/look.css").status_code == 404
    assert get("/-/made-to-measure/logo").status_code == 404


def test_the_front_page_has_the_brands_title(runs: Runs) -> None:
    runs(title="The catalogue")
    page = get("/")
    assert "<h1>The catalogue</h1>" in page.text
    assert "<title>The catalogue: _memory</title>" in page.text


def test_the_operators_title_outranks_the_brands(runs: Runs) -> None:
    runs(title="The catalogue")
    assert "<h1>Summer sale</h1>" in get("/", metadata={"title": "Summer sale"}).text


@pytest.mark.parametrize("path", ["/", "/_memory", "/-/versions", "/missing"])
def test_every_footer_has_title_and_footer_line(runs: Runs, path: str) -> None:
    runs(title="The catalogue", footer="Open daily")
    foot = footer(get(path))
    assert '<p class="made-to-measure">The catalogue &middot; Open daily</p>' in foot
    assert "Powered by" in foot


def test_the_texts_of_a_brand_are_escaped(runs: Runs) -> None:
    runs(title="Fish & <b>chips</b>", footer="</footer><script>alert(1)</script>")
    page = get("/")
    assert "<h1>Fish &amp; &lt;b&gt;chips&lt;/b&gt;</h1>" in page.text
    assert "&lt;/footer&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in footer(page)
    assert "<script>alert(1)</script>" not in page.text


def test_every_page_links_the_style_sheet(runs: Runs) -> None:
    runs(title="The catalogue", colour="#7a1f2b")
    link = re.search('href="(/-/made-to-measure/look.css[^"]*)"', get("/_memory").text)
    assert link
    styles = get(link[1])
    assert styles.headers["content-type"] == "text/css; charset=utf-8"
    assert "background-color: #7a1f2b; color: #ffffff" in styles.text


def test_the_style_sheets_address_knows_the_prefix_of_the_site(runs: Runs) -> None:
    runs(colour="#7a1f2b")
    assert 'href="/data/-/made-to-measure/look.css?' in get("/", settings={"base_url": "/data/"}).text


def test_another_colour_has_another_address(runs: Runs) -> None:
    addresses = set()
    for colour in ("#7a1f2b", "#f2c14e"):
        runs(colour=colour)
        addresses |= set(re.findall(r"look\.css\?\w+", get("/").text))
    assert len(addresses) == 2


def test_the_logo_is_served_so_that_nothing_in_it_runs(runs: Runs) -> None:
    folder = runs(logo="brand/logo.svg")
    (folder / "brand" / "logo.svg").write_text(LOGO)
    logo = get("/-/made-to-measure/logo")
    assert logo.text == LOGO
    assert logo.headers["content-type"] == "image/svg+xml"
    assert logo.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert logo.headers["x-content-type-options"] == "nosniff"
    assert "url('logo')" in get("/-/made-to-measure/look.css").text
