"""What a further customer costs: builds made for the purpose, timed, and their bytes on the disk counted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from sarto.derive.progress import Progress, quiet
from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.model.selection import Selection, Wish

__all__ = ["Cost", "costs"]

BASE = ""
"""The build in which nobody chooses anything."""


@dataclass(frozen=True, slots=True)
class Cost:
    """A build of one more customer with a ``feature``: its number of ``parts`` and their bytes, which are handed out.

    ``new`` bytes of them and of its own files are on the disk once more; ``milliseconds`` is the median of all runs,
    from the selection to the build in its place, the line being prepared.
    """

    feature: str
    parts: int
    size: int
    new: int
    milliseconds: float


def costs(
    line: ProductLine, features: Sequence[str], folder: Path, runs: int, progress: Progress = quiet
) -> Iterator[Cost | tuple[str, SartoError]]:
    """The cost with nothing chosen, and with each feature; in place of one that cannot be had, the error.

    Builds are made below ``folder``, on the disk where builds are to be, and removed. They take turns, each feature
    once in each of the ``runs``, so that what else the machine does meets all alike; a first turn, which fetches what
    the store lacks, does not count.
    """
    times: dict[str, list[float]] = {}
    weighed: dict[str, Cost | tuple[str, SartoError]] = {}
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".stock-", dir=folder) as scratch:
        for run in range(runs + 1):
            for place, name in enumerate((BASE, *features)):
                if isinstance(weighed.get(name), tuple):
                    continue
                progress(f"building with {name or 'nothing chosen'}, run {run} of {runs}")
                try:
                    start = perf_counter()
                    plan = line.build(_selection(line, place, name, run), Path(scratch)).plan
                    taken = perf_counter() - start
                except SartoError as error:
                    weighed[name] = (name, error)
                    continue
                if run == 0:
                    size = sum(part.size for part in plan.parts)
                    weighed[name] = Cost(name, len(plan.parts), size, _new_bytes(Path(scratch, plan.name)), 0.0)
                else:
                    times.setdefault(name, []).append(1000 * taken)
    for name in (BASE, *features):
        found = weighed[name]
        if isinstance(found, Cost):
            yield Cost(name, found.parts, found.size, found.new, median(times[name]))
        else:
            yield found


def _selection(line: ProductLine, place: int, feature: str, run: int) -> Selection:
    """A customer of its own for each build, so that none replaces another."""
    wishes = {feature: Wish(feature, _value(line, feature))} if feature else {}
    file = line.description.file
    return Selection(line=file, customer=f"further {place} {run}", file=file, wishes=wishes)


def _value(line: ProductLine, feature: str) -> bool | int | float | str:
    """A typed feature is wished for with its default, or the least that it can be."""
    found = line.model.features[feature]
    if found.type is None:
        return True
    if found.default is not None:
        return found.default
    return found.minimum if found.minimum is not None else True


def _new_bytes(build: Path) -> int:
    """The bytes of the files that are in no other place: linked parts cost nothing."""
    found = 0
    for folder, _, names in os.walk(build):
        states = (Path(folder, name).lstat() for name in names)
        found += sum(state.st_size for state in states if state.st_nlink == 1)
    return found
