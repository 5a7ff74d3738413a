"""Cosmetic customization: builds that look different and do the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .conftest import EXAMPLE
from .serving import Site, serving

pytestmark = pytest.mark.network

Sites = Callable[[str], Site]


@pytest.mark.parametrize(
    ("customer", "title"),
    [
        ("library", "The city library&#39;s catalogue"),
        ("museum", "Objects &amp; places"),
        ("clinic", "Clinic register"),
    ],
)
def test_the_front_page_has_the_customers_title(sites: Sites, customer: str, title: str) -> None:
    assert re.search(f"<h1>{title}[^<]*</h1>", sites(customer).get("/").text)


@pytest.mark.parametrize(
    ("customer", "footer"),
    [
        ("library", "Reading room open Monday to Saturday"),
        ("museum", "Every object has a story"),
        ("clinic", "For members only"),
    ],
)
def test_every_page_has_the_customers_footer(sites: Sites, customer: str, footer: str) -> None:
    for page in ("/", "/collection", "/collection/objects", "/collection/objects/7"):
        assert f"&middot; {footer}</p>" in sites(customer).get(page).text


@pytest.mark.parametrize(
    ("customer", "colour", "ink"), [("library", "#7a1f2b", "#ffffff"), ("museum", "#f2c14e", "#2b2100")]
)
def test_a_branded_site_has_the_customers_colour_and_logo(sites: Sites, customer: str, colour: str, ink: str) -> None:
    site = sites(customer)
    link = re.search(r'href="([^"]*look\.css[^"]*)"', site.get("/collection/objects").text)
    assert link
    assert f"background-color: {colour}; color: {ink}" in site.get(link[1]).text
    logo = site.get("/-/made-to-measure/logo")
    assert logo.kind == "image/svg+xml"
    assert logo.body == (EXAMPLE / "selections" / "brand" / f"{customer}.svg").read_bytes()


def test_a_site_whose_readers_pick_a_theme_keeps_its_hands_off_the_colours(sites: Sites) -> None:
    assert "look.css" not in sites("clinic").get("/").text


@pytest.mark.parametrize(
    ("customer", "languages", "title", "footer"),
    [
        ("museum", "it-CH,it;q=0.9,en;q=0.5", "Oggetti e luoghi", "Ogni oggetto ha una storia"),
        ("museum", "de,en;q=0.5", "Objects &amp; places", "Every object has a story"),
        (
            "library",
            "de;q=1, it;q=0.8",
            "Il catalogo della biblioteca civica",
            "Sala di lettura aperta da lunedì a sabato",
        ),
        ("library", "tr", "The city library&#39;s catalogue", "Reading room open Monday to Saturday"),
    ],
)
def test_a_portal_speaks_the_readers_language(
    sites: Sites, customer: str, languages: str, title: str, footer: str
) -> None:
    page = sites(customer).get("/", accept_language=languages)
    assert re.search(f"<h1>{title}[^<]*</h1>", page.text)
    assert f"&middot; {footer}</p>" in page.text
    assert "Accept-Language" in page.headers["vary"]


def test_a_text_that_is_missing_in_a_language_is_that_of_the_first(sites: Sites) -> None:
    page = sites("library").get("/", accept_language="it").text
    assert '<p class="made-to-measure-welcome">What stands on our shelves, and what happens between them.</p>' in page


@pytest.mark.parametrize(("customer", "colour"), [("library", "#7a1f2b"), ("museum", "#f2c14e")])
def test_the_page_about_the_site_is_made_from_the_lines_template(sites: Sites, customer: str, colour: str) -> None:
    site = sites(customer)
    english, italian = (site.get("/-/made-to-measure/about.html", accept_language=each).text for each in ("en", "it"))
    assert ('<html lang="en">' in english, '<html lang="it">' in italian) == (True, True)
    assert f"background: {colour};" in english
    assert site.get("/-/made-to-measure/logo.svg").kind == "image/svg+xml"
    assert "/-/made-to-measure/about.html" in site.get("/").text


def test_the_mark_in_the_browsers_tab_is_the_customers(sites: Sites) -> None:
    icon = sites("museum").get("/favicon.ico")
    assert icon.kind == "image/svg+xml"
    assert icon.body == (EXAMPLE / "selections" / "brand" / "museum.svg").read_bytes()
    assert sites("clinic").get("/favicon.ico").kind == "image/png"


@pytest.fixture(scope="module")
def twins(
    built: Callable[[Path], Path], builds: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """The library's build, and the same wishes under another brand."""
    selection = (EXAMPLE / "selections" / "library.toml").read_text()
    wishes = selection[selection.index("[select]") : selection.index("[brand]")]
    other = tmp_path_factory.mktemp("selections") / "reading-club.toml"
    other.write_text(f"""
        line     = '{EXAMPLE / "features.toml"}'
        customer = "Reading Club"
        extends  = ['{EXAMPLE / "selections" / "profiles" / "europe.toml"}']
        {wishes}
        [brand]
        title  = "What we read"
        colour = "#0b3d2e"
        footer = "Bring a cake"
    """)
    return [builds["library"], built(other)]


def test_two_brands_have_the_same_functional_parts_byte_for_byte(twins: list[Path]) -> None:
    library, club = (_files(build) for build in twins)
    functional = sorted(name for name in library if name.startswith("parts/") or name == "pylock.toml")
    assert len(functional) > 40
    assert {name: library[name] for name in functional} == {name: club[name] for name in functional}
    assert library["city-library.py"] == club["reading-club.py"]
    assert {name for name in club if name.startswith("parts/")} <= set(functional)


def test_two_brands_have_the_same_features_order_and_settings(twins: list[Path]) -> None:
    library, club = (json.loads((build / "build.json").read_bytes()) for build in twins)
    assert {key for key in library if key != "features" and library[key] != club[key]} == {
        "customer",
        "name",
        "launcher",
        "brand",
        "look",
    }
    library_values, club_values = (
        {name: said["value"] for name, said in each["features"].items()} for each in (library, club)
    )
    assert library_values == club_values


def test_the_other_brand_shows(twins: list[Path], database: Path) -> None:
    with serving(twins[1], "-i", str(database)) as site:
        page = site.get("/").text
    assert "<h1>What we read</h1>" in page
    assert "What we read</a> &middot; Bring a cake</p>" in page


def test_a_part_that_two_customers_have_is_the_same_file(builds: Mapping[str, Path]) -> None:
    parts = [{name: data for name, data in _files(build).items() if name.endswith(".whl")} for build in builds.values()]
    for one in parts:
        for other in parts:
            shared = one.keys() & other.keys()
            assert len(shared) > 25
            assert all(one[name] == other[name] for name in shared)


def _files(build: Path) -> dict[str, bytes]:
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in build.rglob("*") if path.is_file()}
