"""What a brand makes of a product's look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette_made_to_measure.look import Look, current_look, languages_accepted

Runs = Callable[..., Path]


def test_outside_a_product_there_is_no_look() -> None:
    assert current_look() is None


def test_the_look_is_that_of_the_brand(runs: Runs) -> None:
    folder = runs(title="The catalogue", footer="Open daily", colour="#7a1f2b", logo="brand/logo.svg")
    (folder / "brand" / "logo.svg").write_text("<svg/>")
    assert current_look() == Look("The catalogue", "Open daily", "#7a1f2b", folder / "brand" / "logo.svg")


def test_without_a_title_the_brands_name_is_the_title(runs: Runs) -> None:
    runs(name="City Library", title="")
    assert current_look() == Look("City Library")


def test_an_empty_brand_changes_nothing(runs: Runs) -> None:
    runs()
    assert current_look() == Look()


def test_a_product_that_is_not_branded_keeps_datasettes_colours(runs: Runs) -> None:
    runs({"branded": False}, title="The catalogue", footer="Open daily", colour="#7a1f2b", logo="brand/logo.svg")
    assert current_look() == Look("The catalogue", "Open daily")


def test_a_branded_product_has_the_customers_colour(runs: Runs) -> None:
    runs({"branded": True}, title="The catalogue", colour="#7a1f2b")
    assert current_look() == Look("The catalogue", colour="#7a1f2b")


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "#7a1f2b }", "#7a1f2b\n", "url(//example.org)", ""])
def test_what_is_no_colour_is_left_out(runs: Runs, colour: str) -> None:
    runs(title="The catalogue", colour=colour)
    assert current_look() == Look("The catalogue")


@pytest.mark.parametrize("name", ["logo.html", "logo.svg.js", "missing.svg"])
def test_what_is_no_picture_is_left_out(runs: Runs, name: str) -> None:
    folder = runs(title="The catalogue", logo=f"brand/{name}")
    (folder / "brand" / "logo.html").write_text("<script>alert(1)</script>")
    (folder / "brand" / "logo.svg.js").write_text("alert(1)")
    assert current_look() == Look("The catalogue")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.svg", "image/svg+xml"), ("a.PNG", "image/png"), ("a.jpg", "image/jpeg"), ("a.webp", "image/webp")],
)
def test_a_logo_has_the_media_type_of_its_kind(name: str, media_type: str) -> None:
    assert Look(logo=Path(name)).logo_type == media_type


ITALIAN = {
    "languages": ["en", "it"], "types": {"title": "text", "about": "template"},
    "texts": {"title": {"en": "Objects", "it": "Oggetti"}, "motto": {"en": "x", "it": "y"}},
    "variants": {"about": {"en": "brand/about.html", "it": "brand/about.it.html"}},
}  # fmt: skip


@pytest.mark.parametrize(("header", "title", "page"), [
    ("", "Objects", "about.html"), ("it-IT", "Oggetti", "about.it.html"), ("tr, it;q=0.1", "Oggetti", "about.it.html"),
    ("tr", "Objects", "about.html"), ("it;q=0, en", "Objects", "about.html"),
])  # fmt: skip
def test_texts_and_pages_are_in_the_readers_language(runs: Runs, header: str, title: str, page: str) -> None:
    folder = runs(look=ITALIAN, title="Objects", about="brand/about.html")
    look = current_look()
    assert look
    assert look.is_by_language
    assert look.text("title", header) == title
    assert look.page(header) == folder / "brand" / page
    assert set(look.texts) == {"title"}


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", ()), ("it", ("it",)), ("it-CH, fr;q=0.9, en;q=0.95", ("it-CH", "it", "en", "fr")),
        ("en;q=0", ()), (",;q=1,*", ("*",)), ("it;q=2;q=x", ("it",)),
    ],
)  # fmt: skip
def test_the_languages_of_a_reader_come_best_first(header: str, languages: tuple[str, ...]) -> None:
    assert languages_accepted(header) == languages
