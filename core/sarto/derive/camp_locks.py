"""The locks of a line, mostly one, and which of them is for a build."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ..errors import SartoError
from .building import SourceWheel
from .camps import whole_text
from .lockfile import Lock

__all__ = ["CampLock", "LineLock"]


@dataclass(frozen=True, slots=True)
class CampLock:
    """The lock of those builds that have none of the features ``without``; ``text`` is uv's lock file."""

    without: frozenset[str]
    lock: Lock
    text: str


@dataclass(frozen=True, slots=True)
class LineLock:
    """The locks of a line, mostly one, and the wheels in them that come from its sources, by file name.

    There are several where three or more features exclude each other only all together. ``telling`` are the features,
    by their names in the lock, on which versions depend. ``lacking`` is every least set of features that may go
    together and whose parts lack wheels for a target in all versions that fit.
    """

    locks: tuple[CampLock, ...]
    source_wheels: Mapping[str, SourceWheel]
    telling: frozenset[str] = frozenset()
    lacking: Sequence[Sequence[str]] = ()

    @property
    def text(self) -> str:
        """All of them, as one file: uv's lock file where there is one."""
        return whole_text([each.text for each in self.locks])

    def place_of(self, features: Collection[str]) -> int:
        """Which of the locks is for builds with these features: the first of those that fit.

        Raises SartoError where none does: then no build of the line has them all.
        """
        for index, each in enumerate(self.locks):
            if each.without.isdisjoint(features):
                return index
        names = ", ".join(f"'{name}'" for name in sorted(features))
        raise SartoError(f"no lock of the line has parts for {names} together", hint="no build may have them all")
