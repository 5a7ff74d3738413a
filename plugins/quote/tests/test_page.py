"""Offers as HTML: one file, in which every name is text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from sarto.hooks import QuoteLanguage
from sarto_quote.languages import ITALIAN, TURKISH
from sarto_quote.page import render

from .offers import HOSTILE, LINE, offer


class Page(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.feed(html.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"] and data.strip():
            self.text.append(data.strip())


def test_the_page_says_all_of_the_offer() -> None:
    assert Page(render(offer())).text == [
        "shop 1.0", "shop 1.0",
        "Customer", "Çiğdem Işık & Γιώργος Ώς", "Offer", "2026-17", "Date", "29 November 2026",
        "Valid until", "31 December 2026",
        "What", "Amount",
        "A shop", "€899.95", "Maps", "€400.00", "outlines", "€200.00",
        "3 × Seats", "Each has an account.", "€13.01", "Maps and outlines together", "-€100.00",
        "Net", "€1,412.96", "KDV", "€282.59", "Total", "€1,695.55",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (ITALIAN, ["Data", "29 novembre 2026", "Voce", "Importo", "-100,00\u00a0€", "Totale", "1.695,55\u00a0€"]),
        (TURKISH, ["Tarih", "29 Kasım 2026", "Kalem", "Tutar", "-€100,00", "Toplam", "€1.695,55"]),
    ],
)
def test_the_page_is_in_the_language_of_the_offer(language: QuoteLanguage, said: list[str]) -> None:
    page = Page(render(offer(language=language)))

    assert ("lang", language.tag) in page.attributes
    assert [text for text in page.text if text in said] == said


def test_the_page_needs_nothing_but_itself() -> None:
    page = Page(render(offer()))

    assert not {"script", "link", "img", "iframe", "object"} & {*page.tags}
    assert not {name for name, _ in page.attributes} & {"src", "href", "style"}
    assert b"url(" not in render(offer())
    assert b"@import" not in render(offer())


@pytest.mark.parametrize("name", [HOSTILE, "</style><style>*{}", "{% for x in y %}"])
def test_a_hostile_name_is_text_wherever_it_stands(name: str) -> None:
    written = name.replace("\\", "\\\\").replace('"', '\\"')
    line = LINE.replace('"Maps"', f'"{written}"').replace('"KDV"', f'"{written}"').replace('"Each has', f'"{written} ')
    plain, hostile = Page(render(offer())), Page(render(offer(name, line=line, brand={"name": name}, number=name)))

    assert hostile.tags == plain.tags
    assert sum(name in text for text in hostile.text) == 7


@pytest.mark.parametrize(
    ("brand", "colour"),
    [({}, "#276890"), ({"colour": "#7A1F2B"}, "#7a1f2b"), ({"colour": "red;} body{display:none"}, "#444444")],
)
def test_the_brand_has_its_colour_where_it_is_one(brand: dict[str, str], colour: str) -> None:
    assert f"--brand: {colour};" in render(offer(brand=brand)).decode()


def test_the_same_offer_gives_the_same_page() -> None:
    assert render(offer()) == render(offer())
