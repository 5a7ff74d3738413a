"""What a person sees in a browser: the customer's colours, logo, title and language."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .serving import Site

pytestmark = pytest.mark.network

Sites = Callable[[str], Site]
LOOKS = """() => {
    const of = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
    return {
        title: document.querySelector("h1").textContent,
        bar: of("header", "backgroundColor"), ink: of("header", "color"),
        footer: of("footer", "backgroundColor"), link: of("section.content a", "color"),
        logo: getComputedStyle(document.querySelector("header nav"), "::before").backgroundImage,
    };
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    chromium = shutil.which("chromium")
    if chromium is None and os.environ.get("CI") != "true":
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def reading(browser: Browser, site: Site, language: str) -> Iterator[Page]:
    """The front page, as somebody with this language sees it."""
    context = browser.new_context(locale=language)
    page = context.new_page()
    page.goto(site.address + "/")
    yield page
    context.close()


@pytest.mark.parametrize(
    ("customer", "language", "title", "bar", "ink", "link"),
    [
        ("museum", "it-IT", "Oggetti e luoghi", (242, 193, 78), (43, 33, 0), (122, 82, 0)),
        ("library", "en-GB", "The city library's catalogue", (122, 31, 43), (255, 255, 255), (122, 31, 43)),
    ],
)
def test_a_portal_looks_like_the_customers(
    sites: Sites,
    browser: Browser,
    customer: str,
    language: str,
    title: str,
    bar: tuple[int, int, int],
    ink: tuple[int, int, int],
    link: tuple[int, int, int],
) -> None:
    with reading(browser, sites(customer), language) as page:
        looks = page.evaluate(LOOKS)
    colours = {"bar": bar, "footer": bar, "ink": ink, "link": link}
    assert {name: looks[name] for name in colours} == {
        name: f"rgb({red}, {green}, {blue})" for name, (red, green, blue) in colours.items()
    }
    assert looks["title"] == title
    assert looks["logo"].endswith('/-/made-to-measure/logo")')


def test_the_page_about_the_site_has_its_logo_and_leads_back(sites: Sites, browser: Browser) -> None:
    site = sites("museum")
    with reading(browser, site, "it-IT") as page:
        page.click("footer a >> nth=0")
        assert page.title() == "Oggetti e luoghi"
        assert page.evaluate("document.images[0].naturalWidth") > 0
        page.click("main a")
        assert page.url == f"{site.address}/"
