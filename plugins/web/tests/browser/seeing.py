"""How the tests act on the pages and see what stands there."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no py.typed
from playwright.sync_api import Locator, Page, expect

__all__ = ["enter", "expect_accessible", "row", "settle", "standing_of", "toggle"]


def enter(page: Page, link: str, customer: str = "") -> str:
    """Go through the start page into a new room; the room's address."""
    page.goto(link)
    page.get_by_label("For whom (optional)").fill(customer)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("tree")).to_be_visible()
    expect(row(page).first).to_be_visible()
    return page.url


def row(page: Page, name: str | None = None) -> Locator:
    """The rows of the tree that are drawn, or the one of a feature."""
    if name is None:
        return page.get_by_role("treeitem")
    return page.locator(f"[role=treeitem][data-feature={_quoted(name)}]")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def standing_of(page: Page, name: str) -> str | None:
    """How a feature stands: free, chosen, left-out, follows or ruled-out."""
    return row(page, name).get_attribute("data-standing")


def toggle(page: Page, name: str) -> None:
    """Press the box of a feature, and wait for what follows."""
    row(page, name).locator(".box").click()
    settle(page)


def settle(page: Page) -> None:
    """Wait until nothing is asked of the engine any more."""
    page.wait_for_function("() => !document.body.hasAttribute('data-busy')")


def expect_accessible(page: Page) -> None:
    """axe finds nothing that is against WCAG 2.2 AA, nor against good practice."""
    page.wait_for_function("() => document.getAnimations().every(each => each.playState !== 'running')")
    found = Axe().run(page)
    problems = [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in found.response["violations"]
    ]
    assert problems == [], problems
