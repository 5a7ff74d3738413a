"""A browser for all tests of this folder, and servers for the lines that they look at."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)
from sarto.testing import installed_wheel, make_wheel
from sarto_web import pages

from .lines import ATELIER, write_line

HOME = "http://pages.test/"
Serve = Callable[..., str]
HOME = "http://pages.test/"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """It ends with each module: while it is there, no other test in the process can have a loop of its own."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
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


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts ``sarto web`` for a line, and gives the link that it prints (to embed it, if asked); again the same."""
    running: dict[tuple[Path, tuple[str, ...]], tuple[subprocess.Popen[str], str]] = {}
    home = tmp_path_factory.mktemp("served")

    def start(line: Path, *options: str) -> str:
        key = (line, options)
        if key not in running:
            command = [sys.executable, "-m", "sarto.cli", "web", str(line), "--no-browser", *options]
            environment = {
                **os.environ, "PYTHONUNBUFFERED": "1", "SARTO_CACHE": str(home / "cache"), "UV_OFFLINE": "1",
                "SARTO_STATE": str(home / f"state{len(running)}"),
            }  # fmt: skip
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
            assert process.stdout is not None
            mark = '<script src="' if "--embed-from" in options else " is at "
            told = (text.partition(mark)[2] for text in process.stdout if mark in text)
            link = re.split(r'[\s"]', next(told, ""))[0]
            running[key] = (process, link)
            assert link, "sarto web printed no link"
            _wait_for(urlsplit(link).port or 0)
        return running[key][1]

    yield start
    for process, _ in running.values():
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def _wait_for(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(100):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("sarto web does not listen where it says")


@pytest.fixture(scope="session")
def atelier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line of coats, with prices."""
    folder = tmp_path_factory.mktemp("atelier")
    (folder / "parts").mkdir()
    script = "[console_scripts]\natelier = atelier:main\n"
    make_wheel(folder / "parts", "atelier", {"atelier.py": "def main():\n    print('measured')\n"}, script)
    shutil.copy2(installed_wheel(folder, "pluggy"), folder / "parts")
    return write_line(folder, ATELIER)


class Faults:
    """What went wrong in pages without anybody being told."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def watch(self, page: Page) -> None:
        """Note what the page's scripts raise, and what its policy keeps out."""
        page.on("pageerror", lambda error: self.found.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, told: ConsoleMessage) -> None:
        if "Content Security Policy" in told.text:
            self.found.append(told.text)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser; afterwards no script of a page has failed."""
    faults = Faults()
    made = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    made.on("page", faults.watch)
    yield made
    made.close()
    assert faults.found == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def scripts(page: Page) -> Page:
    """A page of nothing, from which the scripts can be imported."""

    def answer(route: Route) -> None:
        asset = pages.assets().get(route.request.url.removeprefix(HOME))
        kind = asset.media_type if asset else "text/html"
        route.fulfill(body=asset.body if asset else b"<!doctype html>", content_type=kind)

    page.route(f"{HOME}**", answer)
    page.goto(HOME)
    return page
