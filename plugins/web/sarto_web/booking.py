"""The order book as the web asks it: a question at a time, away from the loop that answers, and errors as Problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from .who import Visitor
from .work import Work

__all__ = ["Booking", "stale", "user_of"]

T = TypeVar("T")


def user_of(visitor: Visitor) -> User:
    """Who a visitor is in the book."""
    if visitor.user is None:
        raise not_found("there is no order book here")
    return visitor.user


class Booking:
    """What the web asks of a book, if there is one; its errors become Problems."""

    def __init__(self, book: OrderBook | None, work: Work) -> None:
        self._book = book
        self._work = work

    @property
    def is_there(self) -> bool:
        """Whether there is a book, and people log in."""
        return self._book is not None

    async def save(self, visitor: Visitor, id: str, version: int, selection: str) -> BookedOrder:
        """An order with another selection. Raises StaleOrder, and a Problem where the order is frozen."""
        return await self._ask(
            lambda book: book.save(user_of(visitor), id, version, selection=selection), Code.ORDER_CLOSED
        )

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

    async def create(
        self, visitor: Visitor, customer: str, line: str, selection: str, files: Mapping[str, bytes]
    ) -> BookedOrder:
        """A new order, with the files that its selection names."""
        return await self._ask(
            lambda book: book.create(user_of(visitor), customer=customer, line=line, selection=selection, files=files)
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
            raise stale(error) from None

    def for_job(self, work: Callable[[OrderBook], T]) -> Callable[[], T]:
        """What a job does with the book, in a thread of its own."""
        book = self._book
        if book is None:
            raise not_found("there is no order book here")
        return lambda: work(book)

    async def _ask(self, question: Callable[[OrderBook], T], not_allowed: Code = Code.NOT_ALLOWED) -> T:
        try:
            return await self._work.book(self.for_job(question))
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
            hint = "try again later; what was asked for is done as a whole or not at all"
            what, headers = "the order book cannot be reached", {"retry-after": "5"}
            raise Problem(503, Code.BOOK_AWAY, what, hint=hint, headers=headers) from None
        except SartoError as error:
            raise refused(422, error) from None


def stale(error: StaleOrder) -> Problem:
    """What is answered where an order was changed in between."""
    return Problem(412, Code.ORDER_CHANGED, error.what, hint=error.hint, more={"version": error.current.version})
