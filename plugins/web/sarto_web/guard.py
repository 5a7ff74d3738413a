"""What stands before every request: the right host, the right origin, somebody who was let in, no more than is fair."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .doors import Door
from .fairness import Bucket
from .limits import Limits
from .problems import Code, Problem
from .sessions import Keys, is_same

__all__ = ["COOKIE", "CSRF", "Guard", "Hosts", "cookie_response"]

COOKIE = "sarto_web"
CSRF = "x-csrf-token"
OPEN = re.compile(r"/static/.*|/embed\.js|/favicon\.ico", re.DOTALL)
"""What everybody may have: the same files for all, which say nothing of anybody."""
LOGGING_IN = re.compile(r"/|/api/session|/embed")
"""What somebody may ask for who is to log in there."""
ROOM = re.compile(r"/rooms/([A-Za-z0-9_-]{1,64})")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names by which the server may be called, each with its port where that is not the scheme's own.

    Where it listens on ``every`` address of its machine, also by any of these: an address is nobody's page.
    """

    names: frozenset[str]
    every: bool = False

    def has(self, host: str) -> bool:
        """Whether a Host header names this server."""
        host = host.lower()
        return host in self.names or (self.every and _is_address(host))


class Guard:
    """Lets requests through to the application, with who asks in their state, and headers onto the answers.

    ``embed_from`` are the origins whose pages may have the configurator in a frame. Where people ``log_in``, the start
    page is open to all. ``refuse`` makes an answer of a Problem.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: Hosts, door: Door, keys: Keys, limits: Limits, embed_from: tuple[str, ...],
        log_in: bool, refuse: Callable[[Scope, Problem], Response],
    ) -> None:  # fmt: skip
        self._app = app
        self._hosts = hosts
        self._door = door
        self._keys = keys
        self._limits = limits
        self._log_in = log_in
        self._refuse = refuse
        self._embeds = bool(embed_from)
        self._policy = POLICY + (" ".join(embed_from) or "'none'")
        self._requests = Bucket(limits.burst, limits.rate)
        self._visits = Bucket(limits.visits, limits.visits / 60)
        self._guesses = Bucket(limits.guesses, limits.guesses / 60)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            answer = await self._let_in(scope)
        except Problem as problem:
            answer = self._refuse(scope, problem)
        await (answer or self._app)(scope, receive, sent)

    async def _let_in(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._hosts.has(headers.get("host", "")):
            hint = "open the link that sarto web has printed"
            raise Problem(421, Code.WRONG_HOST, "this server is not called that", "Host", hint)
        is_change = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        self._check_origin(headers, is_change=is_change)
        cookie, is_open = _cookie(headers), bool(OPEN.fullmatch(scope["path"]))
        visitor = await self._door.visitor(cookie) if cookie and not is_open else None
        state = scope.setdefault("state", {})
        state.update(visitor=visitor, csrf=self._keys.csrf(cookie) if visitor else "", cookie=cookie)
        if is_open:
            return None
        if visitor is None:
            return self._unknown(scope)
        self._requests.take(visitor.key)
        if is_change and not is_same(headers.get(CSRF, ""), state["csrf"]):
            what = "the change does not come from a page of this server"
            raise Problem(403, Code.NO_TOKEN, what, CSRF, "send the page's token")
        return None

    def _check_origin(self, headers: Headers, *, is_change: bool) -> None:
        """Whatever another page's scripts send: they cannot leave out where they come from."""
        origin = headers.get("origin")
        if origin is not None:
            scheme, _, host = origin.partition("://")
            if scheme not in ("http", "https") or not self._hosts.has(host):
                raise Problem(403, Code.FOREIGN_PAGE, "this comes from another page", "Origin")
        if is_change and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Problem(403, Code.FOREIGN_PAGE, "this comes from another page", "Sec-Fetch-Site")

    def _unknown(self, scope: Scope) -> Response | None:
        """Somebody who was not let in yet: perhaps by what stands in the link."""
        path: str = scope["path"]
        asker = scope["client"][0] if scope.get("client") else ""
        if self._log_in:
            if LOGGING_IN.fullmatch(path):
                if path == "/api/session":
                    self._guesses.take(asker)
                return None
            if ROOM.fullmatch(path):
                return RedirectResponse("/", 303)
            raise Problem(401, Code.LOGGED_OUT, "nobody is logged in here", hint="log in first")
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20)
        token, key = query.get("token", [""])[0], query.get("key", [""])[0]
        if path == "/embed" and self._embeds and is_same(token, self._keys.embedding()):
            self._visits.take(asker)
            return None
        room = ROOM.fullmatch(path)
        if (path == "/" and token) or (room and key):
            self._guesses.check(asker)
            cookie = self._door.by_key(room[1], key) if room else self._door.by_token(token)
            if cookie is not None:
                return cookie_response(RedirectResponse(path, 303), cookie, scope)
            self._guesses.take(asker)
        hint = "open the link that sarto web has printed, or that you were sent"
        raise Problem(401, Code.NOT_LET_IN, "nobody has let you in", hint=hint)

    def _dress(self, headers: MutableHeaders, path: str) -> None:
        headers.setdefault("content-security-policy", self._policy)
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "no-referrer"
        headers["permissions-policy"] = "camera=(), geolocation=(), microphone=()"
        headers["cross-origin-resource-policy"] = "cross-origin" if path == "/embed.js" else "same-origin"
        headers["cross-origin-opener-policy"] = "same-origin"
        headers.setdefault("cache-control", "no-store")


def cookie_response(answer: Response, cookie: str, scope: Scope, *, is_framed: bool = False) -> Response:
    """The answer with the cookie: for this server only, out of reach of scripts.

    In a frame of another site a browser sends it only where it is Secure, partitioned and for any site: over HTTPS.
    """
    is_secure = scope.get("scheme") == "https"
    parts = [f"{COOKIE}={cookie}", "Path=/", "HttpOnly", *(["Secure"] if is_secure else [])]
    parts += ["SameSite=None", "Partitioned"] if is_framed and is_secure else ["SameSite=Strict"]
    answer.headers.append("set-cookie", "; ".join(parts))
    return answer


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found and len(found.value) <= 200 else ""


def _is_address(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() and not host.endswith("]") else host
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
