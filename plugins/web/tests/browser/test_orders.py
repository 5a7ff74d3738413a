"""The start page with an order book: logging in, one's orders with their state and history, the way into a room."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from ..live import serving
from ..shop import served
from ..test_orders import PaperBook
from .seeing import expect_accessible, row, settle, toggle


def log_in(page: Page, name: str, password: str = "right") -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_people_log_in_and_find_their_orders_with_state_and_history(page: Page, tmp_path: Path) -> None:
    book = PaperBook()
    with serving(served(tmp_path / "line", book=book)) as address:
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
        assert "audit = true" in next(iter(book.found.values())).selection
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
        settle(page)
