"""The server: a socket, a link, uvicorn, and a browser that opens it."""

from __future__ import annotations

import gc
import os
import re
import socket
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

import click
import uvicorn
from sarto.commands import Application
from sarto.errors import SartoError
from sarto.line import ProductLine

from .application import Served, application
from .guard import Hosts
from .records import Records
from .sessions import Keys

__all__ = ["Listening", "listen", "serve", "state_folder"]

ORIGIN = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?")
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?")
BACKLOG = 1024
EVERY = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where the server listens, and what it is called."""

    host: str
    port: int
    known_as: tuple[str, ...] = ()
    embed_from: tuple[str, ...] = ()


def serve(program: Application, path: Path | None, at: Listening, orders: str, *, is_shown: bool) -> None:
    """Serve a line until somebody presses Ctrl-C. Raises SartoError for what cannot be opened or listened on."""
    _check(at)
    line = ProductLine.open(path, plugins=program.plugins)
    book = program.plugins.order_book(orders) if orders else None
    listening = listen(at.host, at.port)
    port = listening.getsockname()[1]
    shown = at.host if at.host not in EVERY else "127.0.0.1"
    shown = f"[{shown}]" if ":" in shown else shown
    names = frozenset(f"{name.lower()}:{port}" for name in ("127.0.0.1", "localhost", "[::1]", shown))
    known = frozenset(name.lower() for name in at.known_as)
    served = Served(
        line=line, state=state_folder(), hosts=Hosts(names | known, every=at.host in EVERY),
        token=token_urlsafe(32), book=book, embed_from=at.embed_from,
    )  # fmt: skip
    app = application(served)
    home = f"http://{shown}:{port}/"
    link = home if book else f"{home}?token={served.token}"
    click.echo(f"{line.description.name} {line.description.version} is at {link}")
    if at.embed_from:
        key = "" if book else f"?token={Keys(Records(served.state / 'rooms').secret()).embedding()}"
        click.echo(f'to embed it: <script src="{home}embed.js{key}"></script>')
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=1,
        timeout_keep_alive=30, limit_concurrency=2000, h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    gc.collect()
    gc.freeze()  # the line stays: looking it through for what can be freed held answers up, tens of milliseconds
    if is_shown:
        webbrowser.open(link)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        if book:
            book.close()


def state_folder() -> Path:
    """Where rooms are kept: below ``SARTO_STATE``, else where the system keeps what programs remember."""
    named = os.environ.get("SARTO_STATE")
    system = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME")
    base = Path(named or system or Path.home() / ".local" / "state")
    return base / "sarto" / "web"


def _check(at: Listening) -> None:
    for origin in at.embed_from:
        if not ORIGIN.fullmatch(origin):
            raise SartoError(f"'{origin}' is not an origin", where="--embed-from", hint="such as https://shop.example")
    for name in at.known_as:
        if not HOST.fullmatch(name):
            raise SartoError(f"'{name}' is not a host's name", where="--known-as", hint="such as shop.example:8080")


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, whose answers leave at once. Raises SartoError where that cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # asyncio turns off the delay of small packets, 40 ms an answer, only where a socket says that it is TCP's.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)  # before the link is printed: whoever follows it at once only waits
    except OSError as error:
        what = f"port {port} at '{host}' cannot be listened on: {(error.strerror or str(error)).lower()}"
        raise SartoError(what, hint="name another one with --port, or none") from None
    return listening
