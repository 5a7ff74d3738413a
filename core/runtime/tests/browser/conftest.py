"""A real browser, for all tests of this folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from ..real_builds import surroundings
from ..test_features_page import served

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """It ends with each module: while it is there, no other test in the process can have a loop of its own."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium; where it is missing the tests are skipped, but not in CI."""
    program = shutil.which("chromium")
    if program is None:
        reason = "there is no Chromium on this machine (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=20_000)  # milliseconds: the machine may have much else to do
    started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    yield started
    started.close()


@pytest.fixture
def open_page(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens a build's page in a browser of somebody's; afterwards nothing was kept out by the page's policy."""
    faults: list[str] = []

    def hear(told: ConsoleMessage) -> None:
        if "Content Security Policy" in told.text:
            faults.append(told.text)

    with ExitStack() as stack:

        def start(launcher: Path, **of_context: Any) -> Page:
            monkeypatch.setenv("SARTO_STATE", surroundings(launcher)["SARTO_STATE"])
            server = stack.enter_context(served(launcher))
            context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **of_context})
            stack.callback(context.close)
            page = context.new_page()
            page.on("console", hear)
            page.goto(server.address)
            return page

        yield start
    assert faults == []
