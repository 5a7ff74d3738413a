"""What is written in a feature's box, and how big that makes it."""

from __future__ import annotations

from dataclasses import dataclass

from sarto.model.expression import Value
from sarto.model.feature import Feature
from sarto.model.values import shown

from .text import printable, width, wrap

__all__ = ["DETAIL_SIZE", "LINE", "NAME_SIZE", "PADDING", "TILE", "Label", "label"]

NAME_SIZE, DETAIL_SIZE = 13, 11
LINE = 16
PADDING = 8
TILE = 22
_WIDEST = 230
_LINES = 3


@dataclass(frozen=True, slots=True)
class Label:
    """The lines of a name, what stands below it, what stands behind the box, and the sizes in pixels.

    ``width`` is the box's; ``badge_width`` comes on top of it.
    """

    lines: tuple[str, ...]
    detail: str
    badge: str
    width: int
    height: int
    badge_width: int


def label(feature: Feature, value: Value | None, badge: str, *, has_tile: bool) -> Label:
    """The label of a feature with its value in a configuration, a badge behind it, and room for the sign of a state."""
    lines = wrap(printable(feature.name), NAME_SIZE, _WIDEST, _LINES, in_names=True)
    detail = next(iter(wrap(_detail(feature, value), DETAIL_SIZE, _WIDEST, 1)))
    text_width = max(width(detail, DETAIL_SIZE), *(width(line, NAME_SIZE) for line in lines))
    return Label(
        lines=lines,
        detail=detail,
        badge=badge,
        width=text_width + 2 * PADDING + (TILE if has_tile else 0),
        height=LINE * (len(lines) + bool(detail)) + PADDING + 2,
        badge_width=width(badge, DETAIL_SIZE) + 2 * PADDING if badge else 0,
    )


def _detail(feature: Feature, value: Value | None) -> str:
    """``[1..6] integer 10..1000 = 50``: feature cardinality, type, bounds, and the value or the default."""
    parts = []
    if feature.instances is not None:
        low, high = feature.instances
        parts.append(f"[{low}..{'*' if high is None else high}]")
    if feature.type is not None:
        parts.append(str(feature.type))
        if feature.minimum is not None or feature.maximum is not None:
            parts.append(f"{_bound(feature.minimum)}..{_bound(feature.maximum)}")
        if value is not None:
            parts.append(f"= {shown(value)}")
        elif feature.default is not None:
            parts.append(f"(default {shown(feature.default)})")
    return printable(" ".join(parts))


def _bound(number: float | None) -> str:
    return "" if number is None else shown(number)
