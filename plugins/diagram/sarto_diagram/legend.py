"""What the marks of a diagram mean: only those that it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from sarto.model.feature import Feature, GroupKind

from .boxes import badge, state_sign
from .edges import CIRCLE, circle, disc
from .label import DETAIL_SIZE, NAME_SIZE, PADDING, TILE
from .placing import RADIUS
from .state import State
from .svg import element, text_at
from .text import width

__all__ = ["Sign", "legend", "notation", "state_signs"]

ROW = 24
_APART = 22
_CUT = "+n"
_GROUPS = {
    GroupKind.OR: "at least one of",
    GroupKind.ALTERNATIVE: "exactly one of",
    GroupKind.CARDINALITY: "<n..m> of",
}

Sign = tuple[str, int, Callable[[int, int], str]]
"""What a mark means, how wide it is, and the mark itself at a left side and a middle."""


def notation(features: Iterable[Feature], kinds: Collection[GroupKind], *, has_cuts: bool) -> Iterator[Sign]:
    """The marks of these features and groups, in a fixed order; ``has_cuts`` where subtrees are cut away."""
    for kind in (GroupKind.MANDATORY, GroupKind.OPTIONAL):
        if kind in kinds:
            yield str(kind), 2 * CIRCLE, partial(_circle, kind)
    for kind, meaning in _GROUPS.items():
        if kind in kinds:
            yield meaning, RADIUS, partial(disc, kind)
    if any(feature.abstract for feature in features):
        yield "no parts of its own", width("abstract", NAME_SIZE), _abstract
    if has_cuts:
        yield "so many below, not shown", width(_CUT, DETAIL_SIZE) + PADDING, partial(badge, _CUT)


def state_signs(states: Collection[State | None]) -> Iterator[Sign]:
    """The signs of these states, in a fixed order; None is a feature that is not decided."""
    for state in State:
        if state in states:
            yield str(state), TILE, partial(_state, state)
    if None in states:
        yield "undecided", TILE, _box


def _circle(kind: GroupKind, x: int, y: int) -> str:
    return circle(x + CIRCLE, y, is_mandatory=kind is GroupKind.MANDATORY)


def _abstract(x: int, y: int) -> str:
    return element("g", text_at(x, y + 4, "abstract", "name"), class_="abstract")


def _box(x: int, y: int) -> str:
    return element("rect", class_="box", x=x, y=y - 9, width=TILE, height=18, rx=4)


def _state(state: State, x: int, y: int) -> str:
    return element("g", _box(x, y), state_sign(state, x, y - 9, 18), class_=state)


def legend(rows: Iterable[Iterable[Sign]], left: int, top: int, wide: int) -> tuple[str, int]:
    """The marks in rows, broken further where they are wider than ``wide`` pixels, and their height."""
    written: list[str] = []
    y = top - ROW // 2
    for row in rows:
        x = 0
        for meaning, size, mark in row:
            length = size + 6 + width(meaning, NAME_SIZE)
            if x == 0 or x + length > left + wide:
                x, y = left, y + ROW
            written += [mark(x, y), text_at(x + size + 6, y + 4, meaning)]
            x += length + _APART
    return "\n".join(written), y + ROW // 2 - top
