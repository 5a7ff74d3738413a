"""A line as one file, opened from a disk: what can be done on its page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sarto.line import ProductLine
from sarto_web.line import OfferedLine
from sarto_web.pages.standalone import standalone

from .lines import ATELIER, KITCHEN, write_line
from .seeing import expect_accessible, row, settle, standing_of, toggle

SIZES: dict[str, ViewportSize] = {"wide": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 780}}


def open_file(page: Page, folder: Path, text: str = ATELIER) -> str:
    """Make the file and open it; its address."""
    file = folder / "line.html"
    file.write_text(standalone(OfferedLine(ProductLine.open(write_line(folder, text)))), encoding="utf-8")
    page.goto(file.as_uri())
    expect(row(page).first).to_be_visible()
    return file.as_uri()


@pytest.mark.parametrize("size", SIZES)
def test_what_completing_would_do_is_shown_before_it_is_done(page: Page, tmp_path: Path, size: str) -> None:
    page.set_viewport_size(SIZES[size])
    open_file(page, tmp_path)
    toggle(page, "pockets")

    page.get_by_role("button", name="Recommended").click()
    dialog = page.get_by_role("dialog", name="Recommended")
    expect(dialog.locator(".total")).to_have_text("€469.70")
    expect(dialog.get_by_role("listitem").first).to_have_text("in: \u2068wool\u2069 and \u2068patch\u2069")
    expect_accessible(page)
    dialog.get_by_role("button", name="Cancel").click()
    assert standing_of(page, "wool") == "free"

    page.get_by_role("button", name="Cheapest").click()
    dialog = page.get_by_role("dialog", name="Cheapest")
    expect(dialog).to_contain_text("rules of the price may make something else cheaper")
    expect_accessible(page)
    dialog.get_by_role("button", name="Take this").click()
    settle(page)
    expect(dialog).to_have_count(0)
    assert standing_of(page, "linen") == "chosen"
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert (standing_of(page, "linen"), standing_of(page, "pockets")) == ("free", "chosen")


def test_a_value_that_is_missing_is_asked_for(page: Page, tmp_path: Path) -> None:
    open_file(page, tmp_path, KITCHEN)
    page.get_by_role("button", name="Recommended").click()
    expect(page.get_by_role("alert")).to_contain_text("One feature still needs a value: \u2068width\u2069.")


@pytest.mark.parametrize("size", SIZES)
def test_it_is_compared_with_another_link_of_the_page_and_with_a_file(page: Page, tmp_path: Path, size: str) -> None:
    page.set_viewport_size(SIZES[size])
    address = open_file(page, tmp_path)
    page.goto("about:blank")
    page.goto(f'{address}#[["ventilated",true]]')
    expect(row(page).first).to_be_visible()

    page.get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog", name="Compare")
    dialog.get_by_label("The link of another selection").fill(f'{address}#[["waterproof",true]]')
    dialog.get_by_role("button", name="Compare").click()
    expect(dialog.locator(".names")).to_have_text(["ventilated", "waterproof"])
    expect(dialog.locator(".sum")).to_have_text("€341.60 | €378.20")
    expect_accessible(page)

    file = tmp_path / "theirs.toml"
    file.write_text("[select]\nventilated = true\nlength = 100\n", encoding="utf-8")
    dialog.get_by_label("or a selection file").set_input_files(file)
    dialog.get_by_role("button", name="Compare").click()
    expect(dialog.locator(".names")).to_have_text(["length: 105 | 100"])


@pytest.mark.parametrize("size", SIZES)
def test_a_selection_file_is_gone_on_with_and_what_is_not_kept_of_it_is_told(
    page: Page, tmp_path: Path, size: str
) -> None:
    page.set_viewport_size(SIZES[size])
    open_file(page, tmp_path)
    toggle(page, "pockets")
    file = tmp_path / "acme.toml"

    page.get_by_role("button", name="Go on with a selection").click()
    dialog = page.get_by_role("dialog", name="Go on with a selection")
    expect_accessible(page)
    file.write_text("[select]\nwaterproof = true\nventilated = true\n", encoding="utf-8")
    dialog.get_by_label("Selection file (.toml)").set_input_files(file)
    dialog.get_by_role("button", name="Open").click()
    expect(dialog.get_by_role("alert")).to_have_text("No product is as this selection wants it.")
    expect_accessible(page)
    file.write_text(
        'line = "features.toml"\ncustomer = "Acme"\n[select]\nlinen = true\nlength = 90\n[brand]\nname = "Acme"\n',
        encoding="utf-8",
    )
    dialog.get_by_label("Selection file (.toml)").set_input_files(file)
    dialog.get_by_role("button", name="Open").click()

    expect(dialog).to_have_count(0)
    told = "This page does not keep what the file says under \u2068customer\u2069 and \u2068brand\u2069."
    expect(page.locator(".note")).to_have_text(told)
    assert (standing_of(page, "linen"), standing_of(page, "wool")) == ("chosen", "ruled-out")
    assert page.evaluate("JSON.parse(decodeURIComponent(location.hash.slice(1)))") == [["linen", True], ["length", 90]]
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert (standing_of(page, "linen"), standing_of(page, "pockets")) == ("free", "chosen")
