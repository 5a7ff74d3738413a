"""What stands before every request: the right host, the right origin, somebody who was let in, and no more than fair."""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .limits import Limits
from .problems import Problem, problem_response
from .sessions import Sessions

__all__ = ["COOKIE", "CSRF", "Guard"]

COOKIE = "sarto_web"
CSRF = "x-csrf-token"
OPEN = ("/static/",)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Guard:
    """Lets requests through to the application, with who asks in their state, and headers onto the answers."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], sessions: Sessions, limits: Limits) -> None:
        self._app = app
        self._hosts = hosts
        self._sessions = sessions
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = POLICY
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "no-referrer"
                headers["cross-origin-opener-policy"] = "same-origin"
                headers["cross-origin-resource-policy"] = "same-origin"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            answer = self._let_in(scope)
        except Problem as problem:
            answer = problem_response(problem)
        await (answer or self._app)(scope, receive, sent)

    def _let_in(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._hosts:
            raise Problem(421, "this server is not called that", "Host", "open the link that sarto web has printed")
        is_change = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        origin = headers.get("origin")
        if is_change and origin is not None and origin.rpartition("//")[2].lower() not in self._hosts:
            raise Problem(403, "this comes from another page", "Origin")
        cookie = _cookie(headers)
        visitor = self._sessions.visitor(cookie) if cookie else None
        if visitor is None:
            return self._by_link(scope)
        csrf = self._sessions.csrf(cookie)
        if is_change and not hmac.compare_digest(headers.get(CSRF, "").encode(), csrf.encode()):
            raise Problem(403, "the change does not come from a page of this server", CSRF, "send the page's token")
        scope.setdefault("state", {}).update(visitor=visitor, csrf=csrf)
        return None

    def _by_link(self, scope: Scope) -> ASGIApp | None:
        if scope["path"].startswith(OPEN):
            return None
        if scope["path"] == "/":
            token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            cookie = self._sessions.enter(token)
            if cookie is not None:
                answer = RedirectResponse("/", 303)
                answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
                return answer
        raise Problem(401, "nobody has let you in", hint="open the link that sarto web has printed")


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
