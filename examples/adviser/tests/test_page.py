"""A talk goes on while its client switches on the page of features, and the next proposal is of what was switched."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from ...asking import Product

pytestmark = [pytest.mark.network, pytest.mark.usefixtures("own_switches")]

END = "All figures are made up: this shows how a product line works, and is no advice.\n"


class Talk:
    """A product that runs and is asked again and again."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def proposal(self) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("propose\n")
        self.process.stdin.flush()
        said = [self.process.stdout.readline()]
        while said[-1] not in (END, ""):
            said.append(self.process.stdout.readline())
        return "".join(said)


@contextmanager
def running(product: Product, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(product.launcher), *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@contextmanager
def talking(product: Product) -> Iterator[Talk]:
    with running(product, "talk") as process:
        yield Talk(process)


@contextmanager
def page_of(product: Product) -> Iterator[tuple[OpenerDirector, str]]:
    """A browser that has opened the printed address, and where the page then is."""
    with running(product, "@features", "--web", "--no-browser") as process:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        with browser.open(found[0], timeout=60) as answer:
            yield browser, str(answer.url)


def read(browser: OpenerDirector, address: str, form: Mapping[str, str] | None = None) -> tuple[str, str]:
    """A page as it is, and its words in one line."""
    with browser.open(address, urlencode(form).encode() if form else None, timeout=60) as answer:
        text = answer.read().decode()
    return text, " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)).split())


def switch(browser: OpenerDirector, page: str, query: str) -> str:
    """Follow a link, press the button there, and read what the page says then."""
    preview, _ = read(browser, f"{page}switch?{query}")
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', preview))
    return read(browser, f"{page}switch", fields)[1]


def test_a_talk_takes_over_what_is_switched_on_the_page_and_the_page_says_so(products: Mapping[str, Product]) -> None:
    product = products["client-3"]
    with talking(product) as talk, page_of(product) as (browser, page):
        before = talk.proposal()
        assert "gold  " not in before
        number = talk.process.pid
        assert f"Process {number}, version 2026.11.0, takes over what can change at once." in read(browser, page)[1]
        said = switch(browser, page, "on=gold")
        assert f"gold: on now in process {number}, and from the next start" in said
        assert "\n  gold            5.0 %\n" in talk.proposal()
        assert f"gold: off now in process {number}, and from the next start" in switch(browser, page, "off=gold")
        assert talk.proposal() == before
        talk.process.kill()
        talk.process.wait()
        ended = read(browser, page)[1]
        assert str(number) not in ended
        assert "No running product is known that follows its switches" in ended


def test_what_the_page_says_of_a_running_talk_the_terminal_says_too(products: Mapping[str, Product]) -> None:
    product = products["client-3"]
    with talking(product) as talk, page_of(product) as (browser, page):
        talk.proposal()
        switch(browser, page, "on=gold")
        said = product.said("@features")
        assert f"Process {talk.process.pid}, version 2026.11.0, takes over what can change at once." in said
        assert re.search(r"^gold +on +user +yes +at once +you switched it on; ", said, re.MULTILINE)
