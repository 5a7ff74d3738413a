"""A real server on the loopback, in a thread of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from time import sleep

import httpx
import uvicorn
from sarto_web.application import Served, application
from sarto_web.guard import Hosts

from .shop import TOKEN

__all__ = ["at_home", "serving"]


@contextmanager
def serving(what: Served, *, slowly: bool = False) -> Iterator[str]:
    """The address of a server for that; one that counts ``slowly`` takes the line for a large one."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    app = application(replace(what, hosts=Hosts(frozenset([address]))))
    if slowly:
        app.state.desk.counting.forget()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        sleep(0.01)
    try:
        yield f"http://{address}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def at_home(base: str, path: str = f"/?token={TOKEN}") -> Iterator[httpx.Client]:
    """Somebody who followed a link to the server."""
    with httpx.Client(base_url=base, timeout=30) as client:
        assert client.get(path, follow_redirects=True).status_code == 200
        client.headers["x-csrf-token"] = client.get("/api/me").json()["csrf"]
        yield client
