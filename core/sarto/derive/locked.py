"""The lock of a line as text, and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Locked"]


@dataclass(frozen=True, slots=True)
class Locked:
    """A line with the versions of its parts decided: ``text`` is to stand in ``file``, where ``before`` stood.

    ``standard`` gives the lock in the standard's own form (PEP 751), for the line's targets.
    """

    file: Path
    text: str
    before: str
    standard: Callable[[], str]

    @property
    def had_lock(self) -> bool:
        """Whether there was a lock before, which could be read."""
        return bool(self._versions_before)

    @property
    def versions(self) -> dict[str, tuple[str, ...]]:
        """The versions of each part: several where features exclude each other."""
        from .lockfile import versions_in

        return versions_in(self.text)

    @property
    def _versions_before(self) -> dict[str, tuple[str, ...]]:
        from .lockfile import versions_in

        with suppress(ValueError):
            return versions_in(self.before)
        return {}

    @property
    def changes(self) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
        """The parts whose versions are others than before, by name, with those before and now."""
        old, new = self._versions_before, self.versions
        names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        return tuple((name, old.get(name, ()), new.get(name, ())) for name in names)
