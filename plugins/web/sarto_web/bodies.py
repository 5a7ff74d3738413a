"""How long a request's body may be, and how long it may take to come."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .limits import Limits
from .problems import Code, Problem

__all__ = ["Bodies"]


class Bodies:
    """Reads bodies up to a limit, inside a time, before the application sees anything of them."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, as ASGI has it. Raises a Problem for a body that is too long or too slow."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._limits.seconds):
                body = await self._whole(receive)
        except TimeoutError:
            raise Problem(408, Code.SLOW_BODY, "the body does not come") from None
        if body is None:
            return
        given = False

        async def received() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, received, send)

    async def _whole(self, receive: Receive) -> bytes | None:
        parts: list[bytes] = []
        length = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            part = message.get("body", b"")
            length += len(part)
            if length > self._limits.body:
                what = f"the body is longer than {self._limits.body:,} bytes"
                raise Problem(413, Code.LONG_BODY, what, data={"bytes": self._limits.body})
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)
