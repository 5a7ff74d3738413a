"""What failed is not tried again at once, however many ask for it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from time import monotonic

from ..errors import SartoError

__all__ = ["Patience"]

TIMES = 10
"""A failure counts this many times as long as it took."""


class Patience:
    """Failures, each as long as it counts: one that came at once may be mended already, one that took long is dear."""

    def __init__(self) -> None:
        self._failures: dict[Hashable, tuple[SartoError, float]] = {}

    @contextmanager
    def trying(self, what: Hashable) -> Iterator[None]:
        """Try it within this ``with``, unless it failed lately: then that SartoError is raised again."""
        begun = monotonic()
        if what in self._failures:
            error, until = self._failures[what]
            if begun < until:
                raise error.with_traceback(None)
        try:
            yield
        except SartoError as error:
            now = monotonic()
            self._failures[what] = error, now + TIMES * (now - begun)
            raise
