"""The ways in: a link that was printed or shared where nobody logs in, a name and a password where there is a book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sarto.order_book import Role as BookRole

from .booking import Booking
from .sessions import Keys, Sessions, hashed, is_same
from .who import Role, Visitor

__all__ = ["BookDoor", "Door", "LinkDoor"]


class Door(Protocol):
    """Who somebody is, by the cookie that they bring; and a cookie for whoever has a key."""

    async def visitor(self, cookie: str) -> Visitor | None:
        """Who the cookie stands for; None where it stands for nobody."""

    def by_token(self, token: str) -> str | None:
        """A cookie for whoever has the server's own link."""

    def by_key(self, room: str, key: str) -> str | None:
        """A cookie for whoever has a link to one room."""


@dataclass(frozen=True, slots=True)
class LinkDoor:
    """Lets in by links."""

    sessions: Sessions
    keys: Keys
    token: str

    async def visitor(self, cookie: str) -> Visitor | None:
        """Who the cookie stands for."""
        return self.sessions.visitor(cookie)

    def by_token(self, token: str) -> str | None:
        """The host's cookie."""
        return self.sessions.begin(Role.BOTH, None) if is_same(token, self.token) else None

    def by_key(self, room: str, key: str) -> str | None:
        """A cookie for one room, in the role that the link lets in."""
        role = self.keys.role(room, key)
        return None if role is None else self.sessions.begin(role, frozenset([room]))


@dataclass(frozen=True, slots=True)
class BookDoor:
    """Lets in who has logged in; no link does."""

    booking: Booking

    async def visitor(self, cookie: str) -> Visitor | None:
        """Whose session it is in the book."""
        user = await self.booking.user(cookie)
        if user is None:
            return None
        role = Role.VENDOR if user.role is BookRole.VENDOR else Role.CUSTOMER
        return Visitor(hashed(cookie), user.name, role, None, user.customer, user)

    def by_token(self, token: str) -> str | None:  # noqa: ARG002  # a link lets nobody in
        """Nobody."""
        return None

    def by_key(self, room: str, key: str) -> str | None:  # noqa: ARG002  # neither does one to a room
        """Nobody."""
        return None
