"""The server: a socket, a link, uvicorn, and a browser that opens it."""

from __future__ import annotations

import os
import socket
import webbrowser
from pathlib import Path
from secrets import token_urlsafe

import click
import uvicorn
from sarto.commands import Application
from sarto.errors import SartoError
from sarto.line import ProductLine

from .application import Served, application

__all__ = ["serve"]


def serve(program: Application, path: Path | None, host: str, port: int, orders: str, *, is_shown: bool) -> None:
    """Serve a line until somebody presses Ctrl-C."""
    line = ProductLine.open(path, plugins=program.plugins)
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    port = listening.getsockname()[1]
    token = token_urlsafe(32)
    hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]", shown))
    served = Served(line=line, state=state_folder(), hosts=hosts, token=token)
    link = f"http://{shown}:{port}/?token={token}"
    click.echo(f"{line.description.name} {line.description.version} is at {link}")
    server = uvicorn.Server(uvicorn.Config(application(served), log_level="warning", access_log=False))
    if is_shown:
        webbrowser.open(link)
    server.run(sockets=[listening])


def state_folder() -> Path:
    """Where rooms are kept: below ``SARTO_STATE``, else where the system keeps what programs remember."""
    named = os.environ.get("SARTO_STATE")
    system = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME")
    base = Path(named or system or Path.home() / ".local" / "state")
    return base / "sarto" / "web"


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        what = f"port {port} at '{host}' cannot be listened on: {(error.strerror or str(error)).lower()}"
        raise SartoError(what, hint="name another one with --port, or none") from None
    return listening
