"""Choosing in the browser: with the mouse, by keyboard alone, on a phone, in three languages, with hostile names."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sarto.line import ProductLine
from sarto_web.line import OfferedLine
from sarto_web.pages.standalone import standalone

from ..test_pages import PLURALS
from .lines import ATELIER, HOSTILE, write_line
from .seeing import expect_accessible, row, settle, standing_of, toggle


def page_of(text: str, folder: Path) -> str:
    """The address of a line as one file."""
    file = folder / "line.html"
    file.write_text(standalone(OfferedLine(ProductLine.open(write_line(folder, text)))), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def coats(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(ATELIER, tmp_path_factory.mktemp("coats"))


def test_what_follows_is_told_apart_from_what_was_chosen_also_without_colour(page: Page, coats: str) -> None:
    page.goto(coats)
    toggle(page, "waterproof")
    assert standing_of(page, "waterproof") == "chosen"
    assert standing_of(page, "linen") == "ruled-out"
    assert standing_of(page, "coat") == "follows"
    expect(row(page, "linen")).to_have_attribute("aria-checked", "false")
    expect(row(page, "linen").locator(".tag")).to_have_text("does not go")
    assert "out, it follows" in str(row(page, "linen").get_attribute("aria-label"))
    styles = [
        row(page, name).locator(".sign").evaluate("each => getComputedStyle(each).borderStyle")
        for name in ("waterproof", "linen")
    ]
    assert styles == ["solid", "dashed"]


def test_every_click_tells_its_consequences_and_moves_the_price(page: Page, coats: str) -> None:
    page.goto(coats)
    expect(page.locator(".total")).to_have_text("€305.00")
    expect(page.locator(".remaining")).to_have_text("640 products remain · 14 features open")
    toggle(page, "waterproof")
    expect(page.locator(".total")).to_have_text("€378.20")
    expect(page.locator(".moved")).to_have_text("+€73.20")
    expect(page.locator("#status")).to_have_text(
        "\u2068waterproof\u2069 chosen · out: \u2068linen\u2069 and \u2068ventilated\u2069 · price +€73.20 · "
        "160 products remain · 11 features open"
    )
    toggle(page, "waterproof")
    assert standing_of(page, "waterproof") == "left-out"
    toggle(page, "waterproof")
    assert standing_of(page, "waterproof") == "free"
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    assert standing_of(page, "waterproof") == "chosen"
    page.keyboard.press("Control+Shift+z")
    assert standing_of(page, "waterproof") == "left-out"


def test_a_ruled_out_feature_says_why_and_one_click_leads_back(page: Page, coats: str) -> None:
    page.goto(coats)
    toggle(page, "waterproof")
    row(page, "linen").locator(".name").click()
    expect(page.locator(".reasons li")).to_have_text(
        [
            "'\u2068waterproof\u2069' is selected",
            "the constraint \u2068waterproof => !linen\u2069: \u2068Linen takes no wax\u2069",
        ]
    )
    page.get_by_role("button", name="Take back").click()
    settle(page)
    assert standing_of(page, "linen") == "free"


def test_a_conflict_offers_repairs_and_one_of_them_does_what_was_asked_for(page: Page, coats: str) -> None:
    page.goto(coats)
    toggle(page, "waterproof")
    toggle(page, "linen")
    dialog = page.get_by_role("dialog", name="This does not go together")
    expect(dialog).to_contain_text("Linen takes no wax")
    expect(dialog.get_by_role("radio")).to_be_focused()
    expect_accessible(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert (standing_of(page, "waterproof"), standing_of(page, "linen")) == ("chosen", "ruled-out")
    toggle(page, "linen")
    dialog.get_by_role("button", name="Mend it so").click()
    settle(page)
    assert (standing_of(page, "waterproof"), standing_of(page, "linen")) == ("ruled-out", "chosen")
    expect(page.get_by_role("tree")).to_be_focused()


def test_a_value_keeps_to_its_live_range(page: Page, coats: str) -> None:
    page.goto(coats)
    toggle(page, "linen")
    row(page, "length").locator(".name").click()
    expect(page.locator("#value-range")).to_have_text("From 70 to 120.")
    page.get_by_role("spinbutton", name="Value").fill("118")
    page.keyboard.press("Enter")
    settle(page)
    expect(row(page, "length").locator(".value")).to_have_text("118")
    page.get_by_role("spinbutton", name="Value").fill("130")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("So long a coat of linen does not hang")


def test_the_keyboard_alone_configures(page: Page, coats: str) -> None:
    page.goto(coats)
    tree = page.get_by_role("tree")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the features")).to_be_focused()
    page.keyboard.press("Enter")
    expect(tree).to_be_focused()

    def active() -> str | None:
        return page.locator(f"#{tree.get_attribute('aria-activedescendant')}").get_attribute("data-feature")

    assert active() == "coat"
    walk = [("ArrowDown", "cloth"), ("ArrowRight", "wool"), ("End", "label"), ("Home", "coat"), ("ArrowDown", "cloth")]
    walk += [
        ("ArrowLeft", "cloth"),
        ("ArrowDown", "length"),
        ("ArrowUp", "cloth"),
        ("ArrowLeft", "coat"),
        ("w", "welt"),
        ("a", "waterproof"),
    ]
    for key, there in walk:
        page.keyboard.press(key)
        assert active() == there, key
    page.keyboard.press("Space")
    settle(page)
    assert standing_of(page, "waterproof") == "chosen"
    page.keyboard.press("l")
    assert active() == "label"
    page.keyboard.type("en")
    assert active() == "length"
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name="Value")).to_be_focused()
    page.keyboard.type("112")
    page.keyboard.press("Enter")
    settle(page)
    page.keyboard.press("Escape")
    expect(tree).to_be_focused()
    assert standing_of(page, "length") == "chosen"


def test_the_search_goes_to_a_feature(page: Page, coats: str) -> None:
    page.goto(coats)
    page.keyboard.press("Tab")
    page.get_by_role("combobox", name="Search features").fill("wax")
    expect(page.locator("#found").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(row(page, "waterproof")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tree")).to_be_focused()


@pytest.mark.parametrize(("scheme", "colour"), [("light", "#8a3324"), ("dark", "#")])
def test_the_lines_colour_is_the_accent_as_far_as_it_can_be_read(
    browser: Browser, coats: str, scheme: str, colour: str
) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(coats)
    expect(row(page).first).to_be_visible()
    accent = page.evaluate("document.documentElement.style.getPropertyValue('--accent')")
    assert accent.startswith(colour)
    assert (accent == "#8a3324") is (scheme == "light"), "on dark it has to be lighter"
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == {"light": "dark", "dark": "light"}[scheme]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_configurator(browser: Browser, coats: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page = context.new_page()
    page.goto(coats)
    toggle(page, "waterproof")
    row(page, "length").locator(".name").click()
    expect(page.locator("#value-range")).not_to_be_empty()
    expect_accessible(page)
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("dialog", name="Your selection")).to_contain_text("€378.20")
    expect_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Review")).to_be_focused()
    context.close()


def test_on_a_phone_everything_is_large_enough_to_touch_and_nothing_scrolls_sideways(
    browser: Browser, coats: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(coats)
    expect(row(page, "wool")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    small = """() => [...document.querySelectorAll("button, select, input, .row [data-part], .row")]
        .filter(each => each.checkVisibility())
        .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
        .filter(([, box]) => Math.min(box.width, box.height) < 44)
        .map(([what]) => what)"""
    assert page.evaluate(small) == []
    row(page, "wool").locator(".box").tap()
    settle(page)
    expect(page.locator(".foot-sum strong")).to_have_text("€451.40")
    row(page, "wool").locator(".name").tap()
    expect(page.get_by_role("heading", name="wool")).to_be_focused()
    assert page.evaluate(small) == []
    expect_accessible(page)
    page.get_by_role("region", name="wool").get_by_role("button", name="Close").tap()
    expect(page.get_by_role("tree")).to_be_focused()
    context.close()


def test_the_page_speaks_the_readers_language_and_another_one_when_asked(browser: Browser, coats: str) -> None:
    context = browser.new_context(locale="it-IT")
    page = context.new_page()
    page.goto(coats)
    toggle(page, "wool")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator(".total")).to_have_text("451,40 €")
    expect(page.locator(".remaining")).to_have_text("restano 240 prodotti · 11 caratteristiche aperte")
    page.get_by_label("Lingua").select_option("tr")
    expect(page.locator(".total")).to_have_text("€451,40")
    expect(page.get_by_role("tree", name="Özellikler")).to_be_visible()
    assert standing_of(page, "wool") == "chosen"
    expect(page.get_by_label("Dil")).to_be_focused()
    context.close()


def test_plural_forms_are_those_that_the_browser_asks_for(page: Page, coats: str) -> None:
    page.goto(coats)
    asked = "language => new Intl.PluralRules(language).resolvedOptions().pluralCategories"
    assert {language: set(page.evaluate(asked, language)) for language in PLURALS} == PLURALS


def test_hostile_names_are_nothing_but_text(page: Page, tmp_path: Path) -> None:
    page.goto(page_of(HOSTILE, tmp_path))
    names = [
        "<script>document.title='owned'</script>",
        "it's & <img src=x onerror=alert(1)>",
        "قهوة بالحليب",
        "long" * 50,
        "a/b?c#d",
    ]
    for name in names:
        expect(row(page, name).locator("bdi")).to_have_text(name)
        row(page, name).locator(".name").click()
        expect(page.locator("#details-title")).to_have_text(name)
    toggle(page, "a/b?c#d")
    toggle(page, "قهوة بالحليب")
    expect(page.get_by_role("dialog")).to_contain_text("<script>document.title='owned'</script>")
    page.get_by_role("button", name="Mend it so").click()
    settle(page)
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("dialog")).to_contain_text("قهوة بالحليب")
    assert page.title() == "bold · Choose"
    assert page.locator("#app script, #app img, #app b, #app u, #app i").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    expect_accessible(page)


def test_a_link_carries_what_was_decided(context: BrowserContext, page: Page, coats: str) -> None:
    page.goto(coats)
    toggle(page, "cashmere")
    other = context.new_page()
    other.goto(page.url)
    expect(row(other, "cashmere")).to_have_attribute("data-standing", "chosen")
    other.goto(coats + "#%5B%5B%22nonsense%22%2Ctrue%5D%2C%5B%22linen%22%2Ctrue%5D%2C%5B%22waterproof%22%2Ctrue%5D%5D")
    other.reload()
    expect(row(other, "linen")).to_have_attribute("data-standing", "chosen")
    expect(row(other, "waterproof")).to_have_attribute("data-standing", "ruled-out")


def test_the_selection_leaves_as_a_file_that_sarto_reads(page: Page, tmp_path: Path) -> None:
    page.goto(page_of(HOSTILE, tmp_path))
    toggle(page, "it's & <img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Review").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download selection").click()
    file = tmp_path / "selection.toml"
    waited.value.save_as(file)
    _, selection = ProductLine.for_selection(file)
    assert {name: wish.value for name, wish in selection.wishes.items()} == {
        "it's & <img src=x onerror=alert(1)>": True
    }


def test_paper_shows_the_outcome_and_nothing_else(page: Page, coats: str) -> None:
    page.goto(coats)
    toggle(page, "wool")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".printed")).to_contain_text("wool")
    expect(page.locator(".printed")).to_contain_text("€451.40")
    expect(page.get_by_role("tree")).to_be_hidden()
