"""The order book behind rooms: an order's room says what the order says, whoever changes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sarto.errors import SartoError
from sarto.order_book import (
    BookedOrder,
    BookUnavailable,
    HistoryEntry,
    NoSuchOrder,
    NotAllowed,
    OrderBook,
    OrderState,
    StaleOrder,
    TooManyAttempts,
    User,
)

from .problems import Code, Problem, not_found, refused
from .room import Room
from .rooms import OpenRoom
from .selections import Selections
from .who import Visitor
from .work import Work

__all__ = ["Booking", "user_of"]

T = TypeVar("T")


def user_of(visitor: Visitor) -> User:
    """Who a visitor is in the book."""
    if visitor.user is None:
        raise not_found("there is no order book here")
    return visitor.user


class Booking:
    """What the web asks of a book, if there is one; its errors become Problems."""

    def __init__(self, book: OrderBook | None, selections: Selections, work: Work) -> None:
        self._book = book
        self._selections = selections
        self._work = work

    @property
    def is_there(self) -> bool:
        """Whether there is a book, and people log in."""
        return self._book is not None

    async def save(self, opened: OpenRoom, room: Room, visitor: Visitor) -> Room:
        """The room, saved into its order before anybody sees it.

        Raises a Problem where the order is frozen, or was changed elsewhere: nothing has changed then.
        """
        if not room.order:
            return room
        user, text = user_of(visitor), self._selections.text(room)
        version = room.order_version
        for is_last in (False, True):
            try:
                return replace(room, order_version=await self._saved(user, room.order, version, text))
            except StaleOrder as error:
                if is_last or not self.says(opened.room, error.current):
                    break
                version = error.current.version  # the order was quoted, say, but what it says is what the room said
        more = {"version": opened.room.version}
        what = "the order was changed elsewhere"
        raise Problem(409, Code.ORDER_CHANGED, what, hint="open the order again", more=more)

    async def _saved(self, user: User, id: str, version: int, text: str) -> int:
        saving = self._ask(lambda book: book.save(user, id, version, selection=text), Code.ORDER_CLOSED)
        return (await saving).version

    def says(self, room: Room, order: BookedOrder) -> bool:
        """Whether an order says what the room says."""
        return order.selection == self._selections.text(room)

    async def log_in(self, name: str, password: str) -> str | None:
        """The token of a new session; None where name or password are wrong."""
        return await self._ask(lambda book: book.log_in(name, password))

    async def log_out(self, token: str) -> None:
        """End a session."""
        await self._ask(lambda book: book.log_out(token))

    async def user(self, token: str) -> User | None:
        """Whose session it is."""
        return await self._ask(lambda book: book.user_of(token))

    async def order(self, visitor: Visitor, id: str) -> BookedOrder:
        """An order that the visitor may see."""
        return await self._ask(lambda book: book.order(user_of(visitor), id))

    async def orders(self, visitor: Visitor, search: str, state: OrderState | None) -> Sequence[BookedOrder]:
        """The orders that the visitor may see."""
        return await self._ask(lambda book: book.orders(user_of(visitor), search=search, state=state))

    async def create(self, visitor: Visitor, customer: str, line: str, selection: str) -> BookedOrder:
        """A new order."""
        return await self._ask(
            lambda book: book.create(user_of(visitor), customer=customer, line=line, selection=selection)
        )

    async def history(self, visitor: Visitor, id: str) -> Sequence[HistoryEntry]:
        """What was done to an order."""
        return await self._ask(lambda book: book.history(user_of(visitor), id))

    async def advance(
        self,
        visitor: Visitor,
        id: str,
        version: int,
        to: OrderState,
        *,
        quote: str = "",
        lock: str = "",
        build: str = "",
    ) -> BookedOrder:
        """An order in another state."""
        try:
            return await self._ask(
                lambda book: book.advance(user_of(visitor), id, version, to, quote=quote, lock=lock, build=build)
            )
        except StaleOrder as error:
            more = {"version": error.current.version}
            raise Problem(412, Code.ORDER_CHANGED, error.what, hint=error.hint, more=more) from None

    async def _ask(self, question: Callable[[OrderBook], T], not_allowed: Code = Code.NOT_ALLOWED) -> T:
        book = self._book
        if book is None:
            raise not_found("there is no order book here")
        try:
            return await self._work.long(lambda: question(book))
        except StaleOrder:
            raise
        except NoSuchOrder:
            raise not_found("there is no such order", Code.NO_ORDER) from None
        except NotAllowed as error:
            raise refused(403, error, not_allowed) from None
        except TooManyAttempts as error:
            data, headers = {"seconds": error.seconds}, {"retry-after": str(error.seconds)}
            raise refused(429, error, Code.TOO_MANY_ATTEMPTS, data=data, headers=headers) from None
        except BookUnavailable:
            hint = "nothing was changed: try again later"
            raise Problem(503, Code.BOOK_AWAY, "the order book cannot be reached", hint=hint) from None
        except SartoError as error:
            raise refused(422, error) from None
