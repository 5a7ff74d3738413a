"""A round: many builds into one folder, for which what each build would do alone is done once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import get_ident

from .aside import Place, begin_place, clear_abandoned, emptied, end_place
from .store import PartStore
from .store_use import using

__all__ = ["Round", "begin_round"]


@dataclass(frozen=True, slots=True)
class Round:
    """Nothing is freed from the store, and what stopped builders left behind in ``output`` is cleared away.

    ``places`` are where those work who build, by process and thread.
    """

    output: Path
    places: dict[tuple[int, int], Place] = field(default_factory=dict)

    def aside(self) -> AbstractContextManager[Path]:
        """An empty folder for one build, as of :func:`~sarto.derive.aside.aside`; the thread takes it again and again.

        To make and to remove one for each build takes most of what a small one does on a disk: for a minute, ext4
        looks through all that was removed whenever it makes a file.
        """
        key = os.getpid(), get_ident()
        if key not in self.places:
            self.places[key] = begin_place(self.output, "round")
        return emptied(self.places[key])


@contextmanager
def begin_round(output: Path) -> Iterator[Round]:
    """A round of builds into the folder ``output``, for the length of a ``with``; forked processes may share it.

    They have to end before it does. Raises :class:`SartoError` where the folder cannot be written.
    """
    with using(PartStore.default()):
        clear_abandoned(output)
        during = Round(output)
        try:
            yield during
        finally:
            for place in during.places.values():
                end_place(place)
            clear_abandoned(output)  # what processes had that shared it
