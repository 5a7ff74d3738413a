"""The feature ``dask`` of Sarto: work on the machines of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sarto.hooks import Executor, hookimpl

__all__ = ["sarto_executors"]

__version__ = "0.1.0"


@hookimpl
def sarto_executors() -> Sequence[Executor]:
    """``--on dask://host:port``."""
    return [Executor(name="dask", run=_run)]


def _run(address: str, work: Callable[[Any], Any], given: Sequence[Any]) -> Iterator[Any]:
    from .cluster import run

    return run(address, work, given)
