"""The page of features in a real browser: by mouse and keyboard, on a phone, light and dark, in its three languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no py.typed
from playwright.sync_api import Locator, Page, expect

from sarto_runtime.switches import read_switches

from ..real_builds import Sketch, feature, make_build
from ..test_features_page import make_long_build
from ..test_followers import running
from ..test_licence import make_licensed_build
from ..test_live import make_product
from ..test_switching import BECAUSE, make_open_build, switches, user_feature
from .conftest import Open

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 320, "height": 640}


def expect_accessible(page: Page) -> None:
    """axe finds nothing that is against WCAG 2.2 AA, nor against good practice."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert {"color-contrast", "target-size"} <= {each["id"] for each in found.response["passes"]}
    problems = [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in found.response["violations"]
    ]
    assert problems == [], problems


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus, which can be seen there."""
    for _ in range(50):
        page.keyboard.press("Tab")
        if focused(page).text_content() == name:
            assert focused(page).evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
            return
    pytest.fail(f"Tab does not get to {name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "it-IT", "tr-TR"])
def test_axe_finds_nothing_on_any_page(tmp_path: Path, open_page: Open, locale: str, scheme: str) -> None:
    page = open_page(make_open_build(tmp_path), locale=locale, color_scheme=scheme)
    expect(page.locator("html")).to_have_attribute("lang", locale)
    home = page.url
    for path in ("", "switch?off=maps", "switch?on=graphql", "switch?on=grapql", "?switched=maps", "?q=maps"):
        page.goto(home + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect_accessible(page)


@pytest.mark.parametrize("make", [make_licensed_build, make_product, make_long_build])
def test_axe_finds_nothing_in_other_products(tmp_path: Path, open_page: Open, make: Any) -> None:
    expect_accessible(open_page(make(tmp_path), viewport=PHONE))


def test_a_feature_is_switched_with_the_mouse(tmp_path: Path, open_page: Open) -> None:
    page = open_page(make_open_build(tmp_path), locale="en-GB")
    page.get_by_role("link", name="Switch graphql on…").click()
    expect(page.get_by_text(BECAUSE)).to_be_visible()
    page.get_by_role("link", name="See what follows from all of these").click()
    page.get_by_role("button", name="Switch 'graphql' on, 'tokens' on").click()
    expect(page.get_by_role("status")).to_contain_text("graphql: on from the next start")
    expect(page.get_by_role("article", name="tokens: on")).to_be_visible()
    assert read_switches(str(switches(tmp_path)))[0] == {"graphql": True, "tokens": True}


def test_a_feature_is_switched_with_the_keyboard_alone(tmp_path: Path, open_page: Open) -> None:
    page = open_page(make_open_build(tmp_path), locale="en-GB")
    tab_to(page, "Switch maps off…")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Switch 'maps' off?")).to_be_visible()
    tab_to(page, "Switch 'maps' off")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("maps: off from the next start")
    assert read_switches(str(switches(tmp_path)))[0] == {"maps": False}


@pytest.mark.parametrize(
    ("locale", "link", "button", "said"),
    [
        ("it-CH", "Disattivare maps…", "Cambia: «maps» non attiva", "maps: non attiva dal prossimo avvio"),
        ("tr-TR", "Kapat: maps…", "Değiştir: “maps” kapalı", "maps: bir sonraki açılıştan itibaren kapalı"),
    ],
)
def test_a_feature_is_switched_in_the_readers_language(
    tmp_path: Path, open_page: Open, locale: str, link: str, button: str, said: str
) -> None:
    page = open_page(make_open_build(tmp_path), locale=locale)
    page.get_by_role("link", name=link).click()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_have_text(said)


def test_on_a_phone_nothing_is_wider_than_the_screen(tmp_path: Path, open_page: Open) -> None:
    name = "a_feature_with_a_name_that_no_phone_has_room_for_in_one_line"
    features = {name: user_feature(True, summary=name * 3), "other": feature(False, reason=name * 3)}
    page = open_page(make_build(tmp_path / "acme", Sketch(features=features, open=[name])), viewport=PHONE)
    home = page.url
    for path in ("", f"switch?off={name}", f"?switched={name}&q={name}", f"switch?on={name}x"):
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        expect_accessible(page)


def test_a_long_list_is_filtered_without_scripts(tmp_path: Path, open_page: Open) -> None:
    page = open_page(make_long_build(tmp_path), locale="en-GB", java_script_enabled=False)
    expect(page.get_by_role("article")).to_have_count(300)
    page.get_by_role("searchbox", name="Find a feature").fill("feature_29")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("11 of 300 features")
    page.get_by_role("link", name="Switch feature_29 off…").click()
    page.get_by_role("button", name="Switch 'feature_29' off").click()
    expect(page.get_by_role("article")).to_have_count(11)
    expect(page.get_by_role("searchbox")).to_have_value("feature_29")
    expect(page.get_by_role("article", name="feature_29: off")).to_be_visible()


def test_a_product_that_runs_is_switched_from_the_browser(tmp_path: Path, open_page: Open) -> None:
    launcher = make_product(tmp_path)
    program = "product().follow(0.01)\nsay('ready')\nwhile input() == 'greet':\n    say(greet('Ada'))\n"
    with running(launcher, program) as process:
        assert process.stdin
        assert process.stdout

        def greeting() -> str:
            assert process.stdin
            assert process.stdout
            process.stdin.write("greet\n")
            process.stdin.flush()
            return process.stdout.readline()

        assert greeting() == '"hello Ada"\n'
        page = open_page(launcher, locale="en-GB")
        page.get_by_role("link", name="Switch polite on…").click()
        page.get_by_role("button", name="Switch 'polite' on").click()
        said = f"polite: on now in process {process.pid}, and from the next start"
        expect(page.get_by_role("status")).to_have_text(said)
        expect_accessible(page)
        assert greeting() == '"hello Ada, please"\n'


def test_the_style_sheet_is_taken_in(tmp_path: Path, open_page: Open) -> None:
    page = open_page(make_open_build(tmp_path), color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 22, 22)"
