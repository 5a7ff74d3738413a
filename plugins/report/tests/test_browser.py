"""The page as people see it: in Chromium, light and dark, wide and narrow, with keys alone, and on paper."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no py.typed
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader
from sarto_report.command import report

from .shop import five_orders, order, settle, write_line

A4 = (595, 842)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; where it is missing the tests are skipped, but not in CI."""
    program = shutil.which("chromium")
    if program is None:
        reason = "there is no Chromium on this machine (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report with all that one can have: pairs, prices, parts, findings, and selections that were refused."""
    home = tmp_path_factory.mktemp("shop")
    write_line(home)
    five_orders(home)
    for number in range(16):
        order(home, f"further {number:02}", "maps = true\ntea = true\ncard = true" if number % 2 else "")
    with pytest.MonkeyPatch.context() as monkeypatch:
        settle(monkeypatch, home)
        done = CliRunner().invoke(report, ["orders", "--date", "2026-11-29"], catch_exceptions=False)
    assert done.exit_code == 1, done.output
    return Path(home, "report.html").as_uri()


def opened(browser: Browser, address: str, width: int = 1100, scheme: Literal["light", "dark"] = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(address)
    return page


@pytest.mark.parametrize(
    ("width", "scheme", "medium"),
    [(1100, "light", "screen"), (1100, "dark", "screen"), (390, "dark", "screen"), (700, "dark", "print")],
)
def test_axe_finds_nothing(
    browser: Browser, address: str, width: int, scheme: Literal["light", "dark"], medium: Literal["screen", "print"]
) -> None:
    page = opened(browser, address, width, scheme)
    page.emulate_media(media=medium)
    assert page.get_by_text("More often together").is_visible()
    found = Axe().run(page)
    problems = [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in found.response["violations"]
    ]
    page.close()
    assert problems == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_reaches_beyond_the_page(browser: Browser, address: str, width: int) -> None:
    page = opened(browser, address, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_it_is_read_without_scripts_and_network_and_folded_by_keys(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert asked == [address]
    card = page.locator(".tree").get_by_text("card", exact=True)
    assert card.is_visible()
    page.locator("summary", has_text="till").last.press("Enter")
    assert not card.is_visible()
    context.close()


def test_on_paper_it_is_all_there_on_a4_light_and_unfolded(browser: Browser, address: str) -> None:
    page = opened(browser, address, scheme="dark")
    page.locator("summary", has_text="till").last.press("Enter")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    assert {(round(each.mediabox.width), round(each.mediabox.height)) for each in paper.pages} == {A4}
    text = " ".join(" ".join(each.extract_text() for each in paper.pages).split())
    for said in ("card asked for by", "More often together", "Customer by customer", "Parts in common", "is dead"):
        assert said in text
    assert "Sections" not in text
