"""A round: many builds into one folder, for which what each build would do alone is done once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .aside import clear_abandoned
from .store import PartStore
from .store_use import using

__all__ = ["Round", "begin_round"]


@dataclass(frozen=True, slots=True)
class Round:
    """Nothing is freed from the store, and what stopped builders left behind in ``output`` is cleared away."""

    output: Path


@contextmanager
def begin_round(output: Path) -> Iterator[Round]:
    """A round of builds into the folder ``output``, for the length of a ``with``; forked processes may share it.

    Raises :class:`SartoError` where the folder cannot be written.
    """
    with using(PartStore.default()):
        clear_abandoned(output)
        yield Round(output)
