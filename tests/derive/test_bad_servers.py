"""Fetching from servers that fail, break off, ask for patience or make no sense."""

from __future__ import annotations

import email.utils
import http.client
import http.server
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sarto.derive.fetch import fetch
from sarto.derive.progress import quiet
from sarto.derive.store import PartStore
from sarto.errors import SartoError

from .answering import answer_with, offered
from .making import Index, make_wheel


@pytest.fixture
def store(cold_cache: Path) -> PartStore:
    return PartStore.default()


def test_a_server_that_stumbles_is_asked_again(store: PartStore, index: Index, tmp_path: Path) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    answer_with(index, 503, 502)
    assert wheel.filename in fetch([wheel], store, quiet)
    assert index.fetched == [wheel.filename] * 3


def test_a_server_that_keeps_failing_is_named_with_what_it_says(store: PartStore, index: Index, tmp_path: Path) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    answer_with(index, *[503] * 9)
    with pytest.raises(SartoError) as caught:
        fetch([wheel], store, quiet)
    host = wheel.url.split("/")[2]
    assert str(caught.value) == (
        f"'thing-1.0-py3-none-any.whl' is not in the part store yet and cannot be fetched from {host}: "
        "HTTP 503 Service Unavailable\n  hint: connect to the network once: what was fetched stays in the store"
    )
    assert len(index.fetched) == 3


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_wants_to_be_left_alone_is_left_alone(
    code: int, store: PartStore, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    soon = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    answer_with(index, code, code, after=["7", soon])
    assert wheel.filename in fetch([wheel], store, quiet)
    assert waited == [7.0, pytest.approx(30, abs=5)]


def test_a_server_that_wants_to_be_left_alone_for_long_is_not_waited_for(
    store: PartStore, index: Index, tmp_path: Path
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    answer_with(index, 429, after=["86400"])
    with pytest.raises(SartoError, match="429 Too Many Requests; it asks to be left alone for 86,400 seconds\n"):
        fetch([wheel], store, quiet)
    assert len(index.fetched) == 1


@pytest.mark.parametrize(
    ("code", "header", "value", "said"),
    [
        (200, "Content-Length", "many", "invalid literal for int() with base 10: 'many'"),
        (302, "Location", "/files/thing-1.0-py3-none-any.whl", "would lead to an infinite loop."),
    ],
)
def test_an_answer_that_makes_no_sense_is_one_sentence(
    code: int, header: str, value: str, said: str, store: PartStore, index: Index, tmp_path: Path
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))

    def answer(handler: http.server.BaseHTTPRequestHandler, content: bytes) -> None:
        handler.send_response(code)
        handler.send_header(header, value)
        handler.end_headers()

    index.answer = answer
    with pytest.raises(SartoError) as caught:
        fetch([wheel], store, quiet)
    assert str(caught.value).endswith(
        f"{said}\n  hint: connect to the network once: what was fetched stays in the store"
    )


def test_a_connection_that_breaks_off_is_noticed_by_the_size_in_the_lock(
    store: PartStore, index: Index, tmp_path: Path
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    tries = []

    def half(handler: http.server.BaseHTTPRequestHandler, content: bytes) -> None:
        tries.append(1)
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(content if len(tries) > 1 else content[:100])

    index.answer = half
    assert wheel.filename in fetch([wheel], store, quiet)
    assert len(tries) == 2


def test_a_damaged_wheel_that_cannot_be_fetched_again_is_named_as_such(
    store: PartStore, index: Index, tmp_path: Path
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    path, _ = fetch([wheel], store, quiet)[wheel.filename]
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    answer_with(index, 404)
    sentence = "'thing-1.0-py3-none-any.whl' was damaged in the part store, and is gone, and cannot be fetched from "
    with pytest.raises(SartoError, match=sentence):
        fetch([wheel], store, quiet)


def test_a_file_that_is_gone_is_not_asked_for_again(store: PartStore, index: Index, tmp_path: Path) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    answer_with(index, *[404] * 9)
    with pytest.raises(SartoError, match="HTTP 404 Not Found"):
        fetch([wheel], store, quiet)
    assert len(index.fetched) == 1


def test_a_connection_that_breaks_off_in_the_middle_is_tried_again(
    store: PartStore, index: Index, tmp_path: Path
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    tries = []

    def half(handler: http.server.BaseHTTPRequestHandler, content: bytes) -> None:
        tries.append(1)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content if len(tries) > 2 else content[:100])

    index.answer = half
    path, _ = fetch([wheel], store, quiet)[wheel.filename]
    assert path.read_bytes() == index.files[wheel.filename]
    assert len(tries) == 3


def test_an_encrypted_connection_that_breaks_off_is_tried_again(
    store: PartStore, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    whole, tries = http.client.HTTPResponse.read, []

    def read(response: http.client.HTTPResponse, size: int | None = None) -> bytes:
        tries.append(1)
        if len(tries) < 3:
            raise ssl.SSLError(1, "decryption failed")
        return whole(response, size)

    monkeypatch.setattr(http.client.HTTPResponse, "read", read)
    path, _ = fetch([wheel], store, quiet)[wheel.filename]
    assert path.read_bytes() == index.files[wheel.filename]
