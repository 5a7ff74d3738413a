"""Locking and fetching through a proxy: as uv takes it from the environment, and its password is never said."""

from __future__ import annotations

import base64
import http.server
import socket
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sarto.derive.fetch import fetch
from sarto.derive.lockfile import LockedWheel
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.derive.progress import quiet
from sarto.derive.proxies import proxy_for
from sarto.derive.store import PartStore
from sarto.errors import SartoError

from .answering import offered
from .making import Index, line_of, make_wheel, pluggy_wheel
from .shop import HEAD

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
HINT = "see to the proxy, which {} names, or let index.test be reached without it: NO_PROXY=index.test"


@dataclass
class Relay:
    """A proxy on a loopback port, behind which ``index.test`` is the index; ``needs`` is the user that it lets through.

    ``garbage``, where there is some, is all that it answers.
    """

    index: Index
    needs: str = ""
    garbage: bytes = b""
    asked: list[str] = field(default_factory=list)
    place: str = ""


@pytest.fixture
def relay(index: Index, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    own = Relay(index)
    behind = urlsplit(index.url).netloc
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            own.asked.append(self.path)
            known = f"Basic {base64.b64encode(own.needs.encode()).decode()}"
            if own.garbage:
                self.wfile.write(own.garbage)
            elif own.needs and self.headers.get("Proxy-Authorization") != known:
                self.send_error(407)
            else:
                url = self.path.replace("index.test", behind)
                with direct.open(urllib.request.Request(url, method=self.command)) as answer:
                    content = answer.read()
                self.send_response(200)
                for name in ("Content-Type", "Content-Length"):
                    self.send_header(name, answer.headers[name])
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own.place = f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield own
    server.shutdown()
    server.server_close()


@pytest.fixture
def wheel(relay: Relay, index: Index, tmp_path: Path) -> LockedWheel:
    """A wheel that only the proxy can bring."""
    found = offered(index, make_wheel(tmp_path, "thing"))
    return replace(found, url=f"http://index.test/files/{found.filename}")


@pytest.fixture
def store(cold_cache: Path) -> PartStore:
    return PartStore.default()


def free_place() -> str:
    """An address at which nobody listens."""
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{each.getsockname()[1]}"


def refusal(wheel: LockedWheel, store: PartStore) -> str:
    with pytest.raises(SartoError) as caught:
        fetch([wheel], store, quiet)
    return str(caught.value)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_parts_come_through_the_proxy_that_a_variable_names(
    variable: str, relay: Relay, wheel: LockedWheel, store: PartStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.needs = "us%er:s3c/ret"
    monkeypatch.setenv(variable, f"http://us%25er:s3c%2Fret@{relay.place}")
    assert wheel.filename in fetch([wheel], store, quiet)
    assert relay.asked == [wheel.url]


def test_the_proxy_of_a_scheme_goes_before_that_of_all(
    relay: Relay, wheel: LockedWheel, store: PartStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", f"http://{free_place()}")
    monkeypatch.setenv("HTTP_PROXY", relay.place)
    assert wheel.filename in fetch([wheel], store, quiet)


def test_a_line_is_locked_and_its_parts_fetched_through_the_proxy_of_all(
    relay: Relay, index: Index, cold_cache: Path, tmp_path: Path, linux: ResolvedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add(make_wheel(tmp_path / "there", "shop-core"))
    index.add(pluggy_wheel(tmp_path / "there"))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://index.test/simple")
    monkeypatch.setenv("ALL_PROXY", f"http://{relay.place}")
    line = line_of(HEAD.replace('sources = ["wheelhouse"]', "") + "[features.shop]\n", tmp_path)
    wheels = prepare(line, tmp_path, linux).wheels(())
    fetch([each for each in wheels if each.path is None], PartStore.default(), quiet)
    assert "http://index.test/simple/shop-core/" in relay.asked
    assert "http://index.test/files/shop_core-1.0-py3-none-any.whl" in relay.asked


@pytest.mark.parametrize("exempt", ["index.test", "127.0.0.1, .test", "*"])
def test_hosts_that_need_no_proxy_are_asked_without(
    exempt: str, relay: Relay, wheel: LockedWheel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{relay.place}")
    assert proxy_for(wheel.url)
    monkeypatch.setenv("NO_PROXY", exempt)
    assert proxy_for(wheel.url) is None


def test_networks_that_need_no_proxy_are_asked_without(
    relay: Relay, index: Index, store: PartStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    monkeypatch.setenv("ALL_PROXY", f"http://{free_place()}")
    monkeypatch.setenv("NO_PROXY", "10.0.0.0/8, 127.0.0.0/8")
    assert wheel.filename in fetch([wheel], store, quiet)


def test_a_proxy_that_is_down_is_named_without_its_password(
    relay: Relay, wheel: LockedWheel, store: PartStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = free_place()
    monkeypatch.setenv("HTTP_PROXY", f"http://joe:s3cret@{place}")
    assert refusal(wheel, store) == (
        f"'{wheel.filename}' is not in the part store yet and cannot be fetched from index.test through the proxy "
        f"{place}: Connection refused\n  hint: {HINT.format('HTTP_PROXY')}"
    )


def test_a_proxy_that_wants_another_password_says_so(
    relay: Relay, wheel: LockedWheel, store: PartStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.needs = "joe:right"
    monkeypatch.setenv("all_proxy", f"http://joe:s3cret@{relay.place}")
    assert refusal(wheel, store) == (
        f"'{wheel.filename}' is not in the part store yet and cannot be fetched from index.test through the proxy "
        f"{relay.place}: HTTP 407 Proxy Authentication Required\n  hint: {HINT.format('all_proxy')}"
    )


def test_rubbish_that_a_proxy_sends_says_nothing_to_the_terminal(
    relay: Relay, wheel: LockedWheel, store: PartStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.garbage = b"\x1b[31m\x00\n\n"
    monkeypatch.setenv("http_proxy", f"http://{relay.place}")
    assert f"through the proxy {relay.place}: \\x1b[31m\\x00\\n\n  hint: " in refusal(wheel, store)


def test_a_line_that_cannot_be_locked_through_a_proxy_names_it(
    relay: Relay, cold_cache: Path, tmp_path: Path, linux: ResolvedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.needs = "joe:right"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://index.test/simple")
    monkeypatch.setenv("HTTP_PROXY", f"http://joe:s3cret@{relay.place}")
    line = line_of(HEAD.replace('sources = ["wheelhouse"]', "") + "[features.shop]\n", tmp_path)
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    said = str(caught.value).replace("/simple/pluggy/", "/simple/shop-core/")  # whichever is asked for first
    assert said == (
        f"the package index cannot be reached at http://index.test/simple/shop-core/ through the proxy {relay.place}, "
        "and what this line needs is not in Sarto's cache yet: HTTP status client error (407 Proxy Authentication "
        "Required) for url (http://index.test/simple/shop-core/)\n"
        f"  hint: {HINT.format('HTTP_PROXY')}"
    )


@pytest.mark.parametrize(
    "proxy", ["http://joe:1234/s3cret@proxy:80", "http://joe:s3c/ret@proxy:80", "http://[::1", "joe:s3cret@", "/x"]
)
def test_a_proxy_that_is_no_address_is_refused_and_not_said(
    proxy: str, relay: Relay, wheel: LockedWheel, store: PartStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    assert refusal(wheel, store) == (
        "the proxy that HTTP_PROXY names is no address with a host and a port\n"
        "  hint: write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT; where a name or password has '/', '?' "
        "or '#', these are %2F, %3F and %23"
    )


def test_a_proxy_that_is_no_web_server_is_refused(
    relay: Relay, wheel: LockedWheel, store: PartStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://joe:s3cret@proxy:1080")
    assert refusal(wheel, store) == (
        "the proxy that ALL_PROXY names, proxy:1080, is asked by 'socks5', which Sarto does not speak\n"
        "  hint: name a proxy as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT"
    )
