"""A histogram as the measures of its drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .prices import Bar

__all__ = ["Column", "Histogram", "histogram"]

WIDTH, HEIGHT, TOP = 720, 160, 22
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One bar in pixels, and the number that stands over it."""

    left: float
    top: float
    width: float
    height: float
    middle: float
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """The columns, and the amounts below them at their places; ``floor`` is where the columns stand."""

    width: int
    floor: int
    columns: tuple[Column, ...]
    labels: tuple[tuple[float, Decimal], ...]


def histogram(bars: Sequence[Bar]) -> Histogram:
    """The drawing of some bars, the highest as high as there is room."""
    side = 40
    step = (WIDTH - 2 * side) / len(bars)
    highest = max(each.count for each in bars)
    columns = []
    for place, each in enumerate(bars):
        height = round((HEIGHT - TOP) * each.count / highest, 2)
        left = round(side + place * step + 1, 2)
        width = round(step - 2, 2)
        columns.append(Column(left, round(HEIGHT - height, 2), width, height, round(left + width / 2, 2), each.count))
    every = -(-len(bars) // MOST_LABELS)
    edges = [(round(side + place * step, 2), each.low) for place, each in enumerate(bars)]
    edges.append((round(side + len(bars) * step, 2), bars[-1].high))
    return Histogram(WIDTH, HEIGHT, tuple(columns), tuple(edges[::every]))
