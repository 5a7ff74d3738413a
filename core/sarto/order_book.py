"""The order book as others see it: orders from wish to delivery, their history, who may do what, and the protocol.

A book itself is a plugin's (the hook ``sarto_order_books``). The orders of :mod:`sarto.orders` are something else: the
selections of a folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from .errors import SartoError

__all__ = [
    "STEPS", "BookUnavailable", "BookedOrder", "HistoryEntry", "NoSuchOrder", "NotAllowed", "OrderBook", "OrderState",
    "Role", "StaleOrder", "TooManyAttempts", "User", "can_be_saved", "check_step", "next_states",
]  # fmt: skip


class Role(StrEnum):
    """A vendor sees all orders of the book, a customer those of their own customer only."""

    VENDOR = "vendor"
    CUSTOMER = "customer"


class OrderState(StrEnum):
    """How far an order has come."""

    CONFIGURING = "configuring"
    QUOTED = "quoted"
    APPROVED = "approved"
    BUILT = "built"
    DELIVERED = "delivered"
    UPGRADED = "upgraded"


_VENDOR = frozenset({Role.VENDOR})
_BOTH = frozenset(Role)

STEPS: Mapping[OrderState, Mapping[OrderState, frozenset[Role]]] = MappingProxyType({
    OrderState.CONFIGURING: {OrderState.QUOTED: _VENDOR},
    OrderState.QUOTED: {OrderState.CONFIGURING: _BOTH, OrderState.QUOTED: _VENDOR, OrderState.APPROVED: _BOTH},
    OrderState.APPROVED: {OrderState.CONFIGURING: _VENDOR, OrderState.BUILT: _VENDOR},
    OrderState.BUILT: {OrderState.DELIVERED: _VENDOR},
    OrderState.DELIVERED: {OrderState.UPGRADED: _VENDOR},
    OrderState.UPGRADED: {OrderState.DELIVERED: _VENDOR, OrderState.UPGRADED: _VENDOR},
})  # fmt: skip
"""What may follow what, and by whom.

A quote can be renewed; who goes on configuring gives it up. Only the vendor undoes an approval. What was upgraded is
delivered again, or upgraded once more.
"""


def next_states(state: OrderState, role: Role) -> tuple[OrderState, ...]:
    """The states into which somebody of the role may bring an order that is in ``state``."""
    return tuple(to for to, roles in STEPS[state].items() if role in roles)


def can_be_saved(state: OrderState) -> bool:
    """Whether the selection can still be changed, which takes a quoted order back to configuring."""
    return state in (OrderState.CONFIGURING, OrderState.QUOTED)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who works with a book; ``customer`` is empty for a vendor."""

    name: str
    role: Role
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedOrder:
    """One order as it stands at its ``version``, which counts its changes from 1.

    ``id`` cannot be guessed; ``number`` counts the orders of the book. ``line`` is the line's name, ``selection`` a
    TOML text whose paths are relative to the line's folder. ``quote`` is a JSON text, ``lock`` a pylock.toml and
    ``build`` a JSON text with the ``sha256`` of the build.json and the ``folder`` of the build; each is empty until it
    is there. ``files`` has the sha256 of each file that the book keeps of the order, by its path in the selection.
    Times are in UTC.
    """

    id: str
    number: int
    customer: str
    line: str
    state: OrderState
    version: int
    selection: str
    quote: str = ""
    lock: str = ""
    build: str = ""
    created: datetime
    changed: datetime
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change of an order: who made which ``version`` of it, when, and ``what`` was done ("created", "quoted", …).

    ``before`` and ``after`` are JSON texts: an object with what was changed (``state``, ``selection``, ``quote``,
    ``lock``, ``build``, ``files``), as it was and as it is since.
    """

    at: datetime
    user: str
    what: str
    version: int
    before: str
    after: str


class NoSuchOrder(SartoError):
    """There is no such order, or it is somebody else's: nobody learns which."""


class NotAllowed(SartoError):
    """The order's state or the user's role does not let it."""


class StaleOrder(SartoError):
    """The order was changed in between; nothing was written. ``current`` is the order as it is now."""

    def __init__(self, current: BookedOrder, version: int) -> None:
        self.current = current
        super().__init__(
            f"order {current.number} has been changed since version {version}: it is at version {current.version}",
            hint="look at it again, then say the new version",
        )


class TooManyAttempts(SartoError):
    """Somebody tried to log in too often; it is possible again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        hint = f"try again in {seconds} second{'' if seconds == 1 else 's'}"
        super().__init__("there were too many attempts to log in", hint=hint)


class BookUnavailable(SartoError):
    """The database of the book cannot be reached; what was being done was done as a whole or not at all."""


def check_step(order: BookedOrder, user: User, to: OrderState) -> None:
    """Raise NotAllowed where the user may not bring the order into that state, and say what can be next."""
    roles = STEPS[order.state].get(to, frozenset())
    if user.role in roles:
        return
    ways = ", ".join(next_states(order.state, user.role))
    hint = f"what it can be next: {ways}" if ways else "what comes next is up to the vendor"
    if roles:
        raise NotAllowed(f"order {order.number} is {order.state}, and a {user.role} does not make it {to}", hint=hint)
    raise NotAllowed(f"order {order.number} is {order.state}, after which it cannot be {to}", hint=hint)


class OrderBook(Protocol):
    """A book of orders, for any number of threads at once. What it is given is kept as it is, never interpreted.

    Every method may raise :class:`BookUnavailable`, and SartoError for a text that cannot be kept.
    """

    def log_in(self, name: str, password: str) -> str | None:
        """The token of a new session, of which the book keeps only the hash; None where name or password are wrong.

        It takes the same work where there is nobody of that name. Raises TooManyAttempts.
        """

    def user_of(self, token: str) -> User | None:
        """Whose session it is; None where it was logged out or has expired, or the user is disabled."""

    def log_out(self, token: str) -> None:
        """End a session, if it is one."""

    def create(
        self, user: User, *, customer: str, line: str, selection: str, files: Mapping[str, bytes] | None = None
    ) -> BookedOrder:
        """A new order, which is being configured. Raises NotAllowed where a customer orders for another.

        ``files`` are contents that the selection needs, by their paths in it; the book keeps each content once.
        """
        ...

    def order(self, user: User, id: str) -> BookedOrder:
        """The order as it is. Raises NoSuchOrder, also where it is somebody else's."""
        ...

    def orders(self, user: User, *, search: str = "", state: OrderState | None = None) -> Sequence[BookedOrder]:
        """The orders that the user may see, the newest first.

        With ``search`` those of which anything, now or at an earlier time, has that text in it, whatever its case.
        """
        ...

    def save(
        self, user: User, id: str, version: int, *, selection: str, files: Mapping[str, bytes] | None = None
    ) -> BookedOrder:
        """The order with another selection; its quote, if it had one, is given up, and it is being configured again.

        It has the ``files`` from now on, and where they are None those that it had.
        ``version`` is the one that was looked at. Raises StaleOrder where it is not the present one, NotAllowed where
        the selection is frozen (see :func:`can_be_saved`), and NoSuchOrder.
        """
        ...

    def advance(
        self, user: User, id: str, version: int, to: OrderState, *,
        quote: str = "", lock: str = "", build: str = "", selection: str = "",
    ) -> BookedOrder:  # fmt: skip
        """The order in another state, with what belongs to it: a quote, or a lock and a build.

        Nothing else of the order changes, but that an upgrade may bring another ``selection``, and that configuring
        anew gives up the quote. Raises NotAllowed where :data:`STEPS` does not let it or what belongs to the state is
        not there, StaleOrder and NoSuchOrder.
        """
        ...

    def file(self, user: User, id: str, path: str) -> bytes:
        """The content of one of the order's ``files``. Raises NoSuchOrder, and SartoError where it is not as kept."""
        ...

    def history(self, user: User, id: str) -> Sequence[HistoryEntry]:
        """All changes of an order, the first one first. Raises NoSuchOrder."""
        ...

    def close(self) -> None:
        """Give back what the book holds of its database."""
