"""``sarto web`` as a person starts it: the link, what is kept over a restart, and what it refuses."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sarto.cli import main
from sarto_web.serving import listen

from .live import at_home
from .shop import SHOP

SARTO = [sys.executable, "-m", "sarto.cli"]


@contextmanager
def started(folder: Path, *options: str) -> Iterator[tuple[str, str]]:
    """What a server that was started in a folder prints first: its address, and the path of the link."""
    environment = {**os.environ, "SARTO_STATE": str(folder / "state"), "PYTHONUNBUFFERED": "1"}
    command = [*SARTO, "web", "--no-browser", *options]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.fullmatch(r"shop 1\.0 is at (http://127\.0\.0\.1:\d+)(/\S*)\n", line)
            assert found, line
            yield found[1], found[2]
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "features.toml").write_text(SHOP, encoding="utf-8")
    return tmp_path


def test_the_link_that_is_printed_lets_in_and_rooms_outlive_the_server(home: Path) -> None:
    with started(home) as (base, link):
        assert link.startswith("/?token=")
        assert httpx.get(f"{base}/api/line").status_code == 401
        with at_home(base, link) as client:
            room = client.post("/api/rooms", json={"customer": "Acme"}).json()["id"]
            client.put(f"/api/rooms/{room}/decisions/reviews", json={"value": True, "version": 1})
            with client.stream("GET", f"/api/rooms/{room}/events") as stream:
                assert next(stream.iter_lines()) == "retry: 2000"
    assert oct((home / "state" / "sarto" / "web" / "secret").stat().st_mode & 0o777) == "0o600"
    with started(home) as (base, other):
        assert other != link
        with at_home(base, other) as client:
            assert client.get(f"/api/rooms/{room}").json()["decisions"][0]["feature"] == "reviews"


def test_a_script_tag_is_printed_for_whoever_may_embed_it(home: Path) -> None:
    environment = {**os.environ, "SARTO_STATE": str(home / "state"), "PYTHONUNBUFFERED": "1"}
    command = [*SARTO, "web", "--no-browser", "--embed-from", "https://vendor.example"]
    with subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        tag = process.stdout.readline()
        found = re.fullmatch(
            r'to embed it: <script src="(http://127\.0\.0\.1:\d+)/embed\.js(\?token=\w+)"></script>\n', tag
        )
        assert found, tag
        answer = httpx.get(f"{found[1]}/embed{found[2]}")
        assert (answer.status_code, "vendor.example" in answer.headers["content-security-policy"]) == (200, True)
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@pytest.mark.anyio
async def test_an_answer_leaves_at_once_and_does_not_wait_for_the_receipt_of_the_one_before() -> None:
    delays: asyncio.Queue[int] = asyncio.Queue()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await delays.put(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listening = listen("127.0.0.1", 0)
    async with await asyncio.start_server(answer, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        assert await delays.get() != 0  # TCP_NODELAY is on
        writer.close()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--embed-from", "vendor.example"], "'vendor.example' is not an origin\n  --> --embed-from"),
        (["--known-as", "a b"], "'a b' is not a host's name\n  --> --known-as"),
        (["--host", "no.such.host.invalid"], "cannot be listened on"),
        (["--orders", "nothing://secret@x"], "order book at 'nothing://…'"),
        (["nowhere.toml"], "nowhere.toml"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_message(
    options: list[str], said: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SARTO_STATE", str(home / "state"))
    monkeypatch.chdir(home)
    monkeypatch.setattr(sys, "argv", ["sarto", "web", "--no-browser", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr()
    assert (ended.value.code, shown.out) == (1, "")
    assert said in shown.err
