"""The feature ``count`` of Sarto: configurations of models that are hard to count."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sarto.hooks import Counter, hookimpl

__all__ = ["sarto_counters"]

__version__ = "0.1.0"


@hookimpl
def sarto_counters() -> Sequence[Counter]:
    """Ganak, in a process of its own."""
    return [Counter(name="ganak", count=_count)]


def _count(
    clauses: Sequence[tuple[int, ...]], size: int, counted: Collection[int] | None, seconds: float
) -> int | None:
    from .ganak import count

    return count(clauses, size, counted, seconds)
