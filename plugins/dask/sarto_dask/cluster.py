"""Work on a Dask cluster: handed to its scheduler, which gives it to another worker where one is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from distributed import Client, Future
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker
from distributed.utils import silence_logging_cmgr
from sarto.commands import show
from sarto.errors import SartoError

__all__ = ["run"]

PATIENCE = "15s"
"""How long a scheduler may take to answer."""

LOOK = "5s"
"""How often one looks whether there are still workers, and what they do."""

LOOKS = 6
"""So many looks in a row see no worker before all are lost: one that is restarted is missing for a moment."""


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
            futures = client.map(work, given, pure=False)
            hindrance = _Hindrance(client, address, frozenset(future.key for future in futures))
            for future in futures:
                _wait(client, future, address, hindrance)
                yield future.result()
        except KilledWorker as error:
            what = f"work was lost with several workers in a row: {error}"
            raise SartoError(what, hint="the logs of the workers say why they ended") from error
        except (FutureCancelledError, CommClosedError) as error:
            what = f"the Dask scheduler at '{address}' was lost in the middle"
            raise SartoError(what, hint="start it anew, and run this again: what was done stays") from error


def _wait(client: Client, future: Future[Any], address: str, hindrance: _Hindrance) -> None:
    """Wait for the result, no longer than there is somebody who could work on it."""
    missing = 0
    while True:
        try:
            future.result(timeout=LOOK)
        except TimeoutError:
            if future.status == "error":
                raise
        else:
            return
        workers = client.scheduler_info()["workers"]
        missing = 0 if workers else missing + 1
        if missing == LOOKS:
            what = f"all workers of the Dask scheduler at '{address}' are lost"
            hint = "they need the same Sarto with the same plugins; their logs say why they ended"
            raise SartoError(what, hint=hint)
        hindrance.tell(workers)


class _Hindrance:
    """Says once why no worker begins with any of the work, which may be so for as long as they like."""

    def __init__(self, client: Client, address: str, keys: frozenset[Any]) -> None:
        self._client, self._address, self._keys = client, address, keys
        self._is_told = False

    def tell(self, workers: Mapping[str, Mapping[str, Any]]) -> None:
        reason = "" if self._is_told or not workers else self._reason(workers)
        if reason:
            what = f"the workers of the Dask scheduler at '{self._address}' do not begin: {reason}"
            hint = "this waits until they do; Ctrl-C ends it, and what was done stays"
            show(SartoError(what, hint=hint), label="warning")
            self._is_told = True

    def _reason(self, workers: Mapping[str, Mapping[str, Any]]) -> str:
        try:
            stacks = self._client.call_stack()  # type: ignore[no-untyped-call]  # as its constructor
        except OSError:  # a worker is lost just now
            return ""
        if not self._keys.isdisjoint(key for keys in stacks.values() for key in keys):
            return ""
        is_full = all(each["status"] == "paused" for each in workers.values())
        return "their memory is full" if is_full else "they are busy with other work"


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
