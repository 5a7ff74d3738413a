"""Sessions of people who came by a link: who a cookie stands for."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes, token_urlsafe
from time import monotonic

from .limits import Limits
from .who import Role, Visitor

__all__ = ["Sessions"]


@dataclass(slots=True)
class _Session:
    visitor: Visitor
    used: float


class Sessions:
    """Who was let in by which cookie. Only hashes of the cookies are kept."""

    def __init__(self, token: str, limits: Limits) -> None:
        self._token = token
        self._limits = limits
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        self._secret = token_bytes(32)

    def enter(self, token: str) -> str | None:
        """A cookie for whoever has the server's own link; None where it is another."""
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return None
        return self.begin("me", Role.BOTH, None)

    def begin(self, name: str, role: Role, rooms: frozenset[str] | None) -> str:
        """A new session; where there are too many, the one longest idle ends."""
        cookie = token_urlsafe(32)
        key = _hashed(cookie)
        self._sessions[key] = _Session(Visitor(key, name, role, rooms), monotonic())
        if len(self._sessions) > self._limits.sessions:
            self._sessions.popitem(last=False)
        return cookie

    def visitor(self, cookie: str) -> Visitor | None:
        """Who a cookie stands for; None where it stands for nobody, or no longer."""
        key = _hashed(cookie)
        session = self._sessions.get(key)
        if session is None:
            return None
        if monotonic() - session.used > self._limits.idle:
            del self._sessions[key]
            return None
        session.used = monotonic()
        self._sessions.move_to_end(key)
        return session.visitor

    def csrf(self, cookie: str) -> str:
        """What a page has to send with every change: nobody else can know it."""
        return hmac.new(self._secret, cookie.encode(), sha256).hexdigest()


def _hashed(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()
