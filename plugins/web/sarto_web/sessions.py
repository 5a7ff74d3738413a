"""Sessions of people who came by a link: who a cookie stands for, and the keys in links that are shared."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass, replace
from hashlib import sha256
from secrets import token_urlsafe
from time import monotonic

from .limits import Limits
from .who import Role, Visitor

__all__ = ["Keys", "Sessions", "hashed"]


def hashed(cookie: str) -> str:
    """What the server knows a cookie by."""
    return sha256(cookie.encode("utf-8", "replace")).hexdigest()


class Keys:
    """What cannot be guessed without the server's secret: the same each time, so that nothing has to be kept."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def csrf(self, cookie: str) -> str:
        """What a page has to send with every change."""
        return self._of("csrf", cookie)

    def link(self, room: str, role: Role) -> str:
        """The key in the link that lets somebody into one room in a role."""
        return self._of("link", room, role.value)[:32]

    def room(self, order: str) -> str:
        """The id of the room of an order."""
        return self._of("room", order)[:32]

    def embedding(self) -> str:
        """The key in the script tag that puts the configurator into a vendor's page."""
        return self._of("embed")[:32]

    def role(self, room: str, key: str) -> Role | None:
        """The role that a link's key lets in; None where it is none."""
        for role in (Role.CUSTOMER, Role.VENDOR):
            if is_same(key, self.link(room, role)):
                return role
        return None

    def _of(self, *words: str) -> str:
        return hmac.new(self._secret, "\0".join(words).encode("utf-8", "replace"), sha256).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Whether two keys are the same, in a time that does not tell how far."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


@dataclass(slots=True)
class _Session:
    visitor: Visitor
    used: float


class Sessions:
    """Who was let in by which cookie. Only hashes of the cookies are kept."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        self._begun = 0

    def begin(self, role: Role, rooms: frozenset[str] | None) -> str:
        """The cookie of a new session; where there are too many, the one longest idle ends."""
        cookie = token_urlsafe(32)
        key = hashed(cookie)
        self._begun += 1
        name = "Host" if role is Role.BOTH else f"{role.value.capitalize()} {self._begun}"
        self._sessions[key] = _Session(Visitor(key, name, role, rooms), monotonic())
        if len(self._sessions) > self._limits.sessions:
            self._sessions.popitem(last=False)
        return cookie

    def visitor(self, cookie: str) -> Visitor | None:
        """Who a cookie stands for; None where it stands for nobody, or no longer."""
        key = hashed(cookie)
        session = self._sessions.get(key)
        if session is None:
            return None
        if monotonic() - session.used > self._limits.idle:
            del self._sessions[key]
            return None
        session.used = monotonic()
        self._sessions.move_to_end(key)
        return session.visitor

    def admit(self, visitor: Visitor, room: str) -> Visitor:
        """Let somebody into one more room."""
        if visitor.rooms is None:
            return visitor
        if len(visitor.rooms) < self._limits.rooms_each:
            return self._now(replace(visitor, rooms=visitor.rooms | {room}))
        return visitor

    def rename(self, visitor: Visitor, name: str) -> Visitor:
        """Give somebody the name that they say."""
        return self._now(replace(visitor, name=name))

    def end(self, visitor: Visitor) -> None:
        """End a session."""
        self._sessions.pop(visitor.key, None)

    def _now(self, visitor: Visitor) -> Visitor:
        session = self._sessions.get(visitor.key)
        if session is not None:
            session.visitor = visitor
        return visitor
