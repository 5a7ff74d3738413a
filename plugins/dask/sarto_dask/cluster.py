"""Work on a Dask cluster: handed to its scheduler, which gives it to another worker where one is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from distributed import Client
from distributed.scheduler import KilledWorker
from sarto.errors import SartoError

__all__ = ["run"]

PATIENCE = "15s"
"""How long a scheduler may take to answer."""


def run(address: str, work: Callable[[Any], Any], given: Sequence[Any]) -> Iterator[Any]:
    """What ``work`` makes of each of the given, in their order.

    Raises SartoError where no scheduler answers, no worker is there, or work was lost with several workers in a row.
    """
    try:
        client = Client(  # type: ignore[no-untyped-call]  # distributed leaves its constructor untyped
            address.replace("dask://", "tcp://", 1), timeout=PATIENCE, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        hint = "start one with 'dask scheduler', and workers with 'dask worker'"
        raise SartoError(f"no Dask scheduler answers at '{address}'", hint=hint) from error
    with client:
        if not client.scheduler_info()["workers"]:
            raise SartoError(f"the Dask scheduler at '{address}' has no workers", hint="start some with 'dask worker'")
        try:
            for future in client.map(work, given, pure=False):
                yield future.result()
        except KilledWorker as error:
            what = f"work was lost with several workers in a row: {error}"
            raise SartoError(what, hint="the logs of the workers say why they ended") from error
