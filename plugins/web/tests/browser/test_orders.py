"""The start page with an order book: logging in, one's orders with their state and history, the way into a room."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect
from sarto.order_book import OrderState

from ..books import PASSWORD, PEOPLE, Shelf
from ..live import serving
from ..shop import served
from .seeing import expect_accessible, row, settle, toggle


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_people_log_in_and_find_their_orders_with_state_and_history(
    page: Page, tmp_path: Path, file_shelf: Shelf
) -> None:
    with serving(served(tmp_path / "line", book=file_shelf.book)) as address:
        page.goto(address)
        expect_accessible(page)
        log_in(page, "anna", "wrong")
        expect(page.get_by_role("alert")).to_contain_text("The name or the password is wrong.")
        expect(page.get_by_label("Password")).to_be_focused()
        log_in(page, "anna")
        expect(page.get_by_text("There are no orders here.")).to_be_visible()
        page.get_by_role("button", name="New order").click()
        toggle(page, "audit")
        expect(row(page, "invoice")).to_have_attribute("data-standing", "follows")
        assert "audit = true" in file_shelf.other.orders(PEOPLE["vera"])[0].selection
        page.get_by_role("button", name="Review").click()
        expect(page.get_by_role("button", name="Download selection")).to_be_visible()
        expect(page.get_by_role("button", name="Build it")).to_have_count(0)
        page.keyboard.press("Escape")
        page.goto(address)
        expect(page.locator(".order")).to_contain_text("No. 1")
        page.get_by_role("button", name="History").click()
        expect(page.locator(".history li")).to_have_count(2)
        expect_accessible(page)
        page.get_by_role("button", name="Log out").click()
        log_in(page, "vera")
        page.get_by_role("button", name="Mark as quoted").click()
        expect(page.locator(".order .tag")).to_have_text("quoted")
        expect(page.get_by_role("heading", name="Orders")).to_be_focused()
        page.get_by_role("button", name="New order").click()
        page.get_by_label("For which customer").fill("Bolts")
        expect_accessible(page)
        page.get_by_role("dialog").get_by_role("button", name="New order").click()
        expect(row(page).first).to_be_visible()
        expect(page.locator(".customer")).to_have_text("Bolts")
        page.get_by_role("button", name="Review").click()
        expect(page.get_by_role("button", name="Build it")).to_be_visible()
        settle(page)


def test_who_watches_an_order_is_told_that_it_was_changed_elsewhere(
    page: Page, tmp_path: Path, file_shelf: Shelf
) -> None:
    with serving(served(tmp_path / "line", book=file_shelf.book)) as address:
        page.goto(address)
        log_in(page, "anna")
        page.get_by_role("button", name="New order").click()
        toggle(page, "audit")
        settle(page)
        order = file_shelf.other.orders(PEOPLE["vera"])[0]
        text = 'line = "features.toml"\ncustomer = "Acme"\n[select]\nbanner = "Hello"\n'
        file_shelf.other.save(PEOPLE["vera"], order.id, order.version, selection=text)
        told = (
            "\u2068vera\u2069 has changed this order elsewhere. What it does not say any more is among the proposals."
        )
        expect(page.locator(".note")).to_have_text(told)
        expect(row(page, "audit")).not_to_have_attribute("data-standing", "decided")
        expect(page.locator(".cards")).to_contain_text("it was so until vera changed the order elsewhere")
        expect_accessible(page)


def test_a_delivered_order_offers_its_product_and_says_why_it_is_not_upgraded(
    page: Page, tmp_path: Path, file_shelf: Shelf
) -> None:
    wish, book, vera = 'line = "features.toml"\ncustomer = "Acme"\n', file_shelf.other, PEOPLE["vera"]
    order = book.create(vera, customer="Acme", line="shop", selection=wish)
    for to, brought in (
        (OrderState.QUOTED, {"quote": "{}"}), (OrderState.APPROVED, {}),
        (OrderState.BUILT, {"lock": "lock-version = '1.0'", "build": "{}"}), (OrderState.DELIVERED, {}),
    ):  # fmt: skip
        order = book.advance(vera, order.id, order.version, to, **brought)
    with serving(served(tmp_path / "line", book=file_shelf.book)) as address:
        page.goto(address)
        log_in(page, "vera")
        link = page.get_by_role("link", name="Download the product")
        expect(link).to_have_attribute("href", f"/api/orders/{order.id}/build")
        page.get_by_role("button", name="Mark as upgraded").click()
        expect(page.get_by_role("alert")).to_contain_text("no Python version is named for the build")
        expect(page.locator(".order .tag")).to_have_text("delivered")
        expect_accessible(page)
