"""What goes wrong in a request, as the one shape of JSON that every error has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sarto.errors import Place, SartoError
from starlette.responses import Response

__all__ = ["Code", "Problem", "error_data", "not_found", "problem_response", "refused"]


class Code(StrEnum):
    """What kind of problem it is, for programs and for words in other languages. A code keeps its meaning for good."""

    BAD_FIELD = "bad-field"
    BAD_JSON = "bad-json"
    NOT_LET_IN = "not-let-in"
    LOGGED_OUT = "logged-out"
    WRONG_PASSWORD = "wrong-password"
    FOREIGN_PAGE = "foreign-page"
    NO_TOKEN = "no-token"
    NOT_YOURS = "not-yours"
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    NO_ROOM = "no-room"
    NO_FEATURE = "no-feature"
    NOT_DECIDED = "not-decided"
    NO_REPAIR = "no-repair"
    NO_PROPOSAL = "no-proposal"
    NO_JOB = "no-job"
    NO_ORDER = "no-order"
    NO_METHOD = "no-method"
    SLOW_BODY = "slow-body"
    LONG_BODY = "long-body"
    CONFLICT = "conflict"
    IMPOSSIBLE_SELECTION = "impossible-selection"
    NOTHING_TO_UNDO = "nothing-to-undo"
    NOTHING_TO_REDO = "nothing-to-redo"
    NOTHING_TO_REPAIR = "nothing-to-repair"
    NO_VALUE = "no-value"
    NO_CUSTOMER = "no-customer"
    NOT_BUILT = "not-built"
    BUILD_FAILED = "build-failed"
    FIXED_NAME = "fixed-name"
    TOO_MANY_COMMENTS = "too-many-comments"
    TOO_MANY_PROPOSALS = "too-many-proposals"
    ORDER_CHANGED = "order-changed"
    ORDER_CLOSED = "order-closed"
    OTHER_LINE = "other-line"
    STALE = "stale"
    WRONG_HOST = "wrong-host"
    REFUSED = "refused"
    MISFIT = "misfit"
    NOT_FOR_USER = "not-for-user"
    EMPTY = "empty"
    TOO_MANY_REQUESTS = "too-many-requests"
    TOO_MANY_ATTEMPTS = "too-many-attempts"
    FAILED = "failed"
    TOO_SLOW = "too-slow"
    TOO_MANY_ROOMS = "too-many-rooms"
    TOO_MANY_WATCHING = "too-many-watching"
    TOO_MANY_BUILDS = "too-many-builds"
    BOOK_AWAY = "book-away"


class Problem(Exception):
    """A request that cannot be honoured: an HTTP status, a code, what is wrong, where, and what helps.

    ``data`` are the names and numbers that its words are about.
    """

    def __init__(
        self, status: int, code: Code, what: str, where: str = "", hint: str = "", *,
        data: Mapping[str, Any] | None = None, more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(what)
        self.status = status
        self.error = {"code": code.value, "what": what, "where": where, "hint": hint, "data": dict(data or {})}
        self.more = dict(more or {})
        self.headers = dict(headers or {})


def refused(status: int, error: SartoError, code: Code = Code.REFUSED, **more: Any) -> Problem:
    """An error of Sarto's as a Problem; ``more`` is as a Problem has it."""
    told = error_data(error)
    return Problem(status, code, told["what"], told["where"], told["hint"], **more)


def not_found(
    what: str = "there is nothing here", code: Code = Code.NOT_FOUND, *, data: Mapping[str, Any] | None = None
) -> Problem:
    """What is answered of all that is not there, or not the asker's: nobody learns which."""
    return Problem(404, code, what, data=data)


def problem_response(problem: Problem) -> Response:
    """The problem as an answer, in ASCII: what is quoted in it may be no text at all."""
    content = json.dumps({"error": problem.error, **problem.more})
    return Response(content, problem.status, problem.headers, "application/json")


def error_data(error: SartoError, code: Code = Code.REFUSED) -> dict[str, Any]:
    """An error of Sarto's without the paths of this machine: a key path is all that is said of where it is."""
    first = error.errors[0]
    where = first.where.key if isinstance(first.where, Place) else ""
    return {"code": code.value, "what": first.what, "where": where, "hint": first.hint, "data": {}}
