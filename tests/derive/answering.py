"""An index on a loopback port that answers as it is told to, and wheels on it as a lock names them."""

from __future__ import annotations

import hashlib
import http.server
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from sarto.derive.lockfile import LockedWheel

from .making import Index


def offered(index: Index, path: Path) -> LockedWheel:
    """A wheel on the index as a lock names it."""
    content = index.add(path).read_bytes()
    url = f"{index.url.removesuffix('/simple')}/files/{path.name}"
    return LockedWheel(path.name, hashlib.sha256(content).hexdigest(), url, size=len(content))


def answer_with(index: Index, *codes: int, after: Sequence[str] = ()) -> None:
    """Let the index answer its next requests for files with these codes, and then as it should.

    ``after`` has the ``Retry-After`` of each, where it has one.
    """
    waiting = list(zip_longest(codes, after))

    def answer(handler: http.server.BaseHTTPRequestHandler, content: bytes) -> None:
        if waiting:
            code, again = waiting.pop(0)
            handler.send_response(code)
            if again:
                handler.send_header("Retry-After", again)
            handler.end_headers()
            return
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    index.answer = answer
