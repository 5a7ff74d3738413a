"""What goes wrong in a request, as the one shape of JSON that every error has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sarto.errors import Place, SartoError
from starlette.responses import Response

__all__ = ["Problem", "error_data", "not_found", "problem_response", "refused"]


class Problem(Exception):
    """A request that cannot be honoured: an HTTP status, what is wrong, where, and what helps."""

    def __init__(
        self, status: int, what: str, where: str = "", hint: str = "", *,
        more: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(what)
        self.status = status
        self.error = {"what": what, "where": where, "hint": hint}
        self.more = dict(more or {})
        self.headers = dict(headers or {})


def refused(status: int, error: SartoError, **more: Any) -> Problem:
    """An error of Sarto's as a Problem; ``more`` is as a Problem has it."""
    told = error_data(error)
    return Problem(status, told["what"], told["where"], told["hint"], **more)


def not_found(what: str = "there is nothing here") -> Problem:
    """What is answered of all that is not there, or not the asker's: nobody learns which."""
    return Problem(404, what)


def problem_response(problem: Problem) -> Response:
    """The problem as an answer, in ASCII: what is quoted in it may be no text at all."""
    content = json.dumps({"error": problem.error, **problem.more})
    return Response(content, problem.status, problem.headers, "application/json")


def error_data(error: SartoError) -> dict[str, str]:
    """An error of Sarto's without the paths of this machine: a key path is all that is said of where it is."""
    first = error.errors[0]
    where = first.where.key if isinstance(first.where, Place) else ""
    return {"what": first.what, "where": where, "hint": first.hint}
