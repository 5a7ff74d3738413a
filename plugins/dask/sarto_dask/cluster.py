"""Work on a Dask cluster: handed to its scheduler, which gives it to another worker where one is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from distributed import Client, Future
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker
from distributed.utils import silence_logging_cmgr
from sarto.errors import SartoError

__all__ = ["run"]

PATIENCE = "15s"
"""How long a scheduler may take to answer, and how often one looks whether there are still workers."""


def run(address: str, work: Callable[[Any], Any], given: Sequence[Any]) -> Iterator[Any]:
    """What ``work`` makes of each of the given, in their order.

    Raises SartoError where no scheduler answers or it is lost, no worker is there any more, or work was lost with
    several workers in a row.
    """
    contact = _contact(address)
    try:
        client = Client(  # type: ignore[no-untyped-call]  # distributed leaves its constructor untyped
            contact, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        hint = "start one with 'dask scheduler', and workers with 'dask worker'"
        raise SartoError(f"no Dask scheduler answers at '{address}'", hint=hint) from error
    with silence_logging_cmgr(logging.CRITICAL), client:  # what it would log is said here
        if not client.scheduler_info()["workers"]:
            raise SartoError(f"the Dask scheduler at '{address}' has no workers", hint="start some with 'dask worker'")
        try:
            for future in client.map(work, given, pure=False):
                yield _result(client, future, address)
        except KilledWorker as error:
            what = f"work was lost with several workers in a row: {error}"
            raise SartoError(what, hint="the logs of the workers say why they ended") from error
        except (FutureCancelledError, CommClosedError) as error:
            what = f"the Dask scheduler at '{address}' was lost in the middle"
            raise SartoError(what, hint="start it anew, and run this again: what was done stays") from error


def _result(client: Client, future: Future[Any], address: str) -> Any:
    """The result, waited for no longer than there is somebody who could work on it."""
    looks = 0
    while True:
        try:
            return future.result(timeout=PATIENCE)
        except TimeoutError:
            if future.status == "error":
                raise
            looks = 0 if client.scheduler_info()["workers"] else looks + 1
            if looks == 2:  # a worker that is restarted is missing for a moment
                what = f"all workers of the Dask scheduler at '{address}' are lost"
                hint = "they need the same Sarto with the same plugins; their logs say why they ended"
                raise SartoError(what, hint=hint) from None


def _contact(address: str) -> str:
    """As Dask writes it; a client that can make nothing of an address waits half a minute to be closed."""
    try:
        said = urlsplit(address)
        is_good = bool(said.hostname and said.port) and not said.path.strip("/")
    except ValueError:  # the port is no number, or none that there is
        is_good = False
    if not is_good:
        raise SartoError(f"'{address}' does not say where a scheduler is", hint="write it as dask://host:8786")
    return f"tcp://{said.netloc}"
