"""Where rooms lie: on both sides of a corridor, so that the house is as short as it can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

__all__ = ["CORRIDOR", "DEPTH", "MODULE", "Layout", "Place", "layout_of"]

MODULE, DEPTH, CORRIDOR = 1500, 4000, 1200
"""How wide a module is, how deep a room, and how wide the corridor, in millimetres."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a room lies, from the upper left corner of the house; its outer wall is the upper or the lower one."""

    x: int
    y: int
    width: int
    is_upper: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of rooms by their numbers, and the size of the house around them, in millimetres."""

    places: Mapping[int, Place]
    width: int
    depth: int = 2 * DEPTH + CORRIDOR


def layout_of(modules: Mapping[int, int]) -> Layout:
    """The shortest house for rooms of so many modules, by their numbers.

    Every way to share the rooms between the two sides is looked at: of six rooms there are 32, as the first one lies on
    the upper side. Of the shortest the first counts, so the same rooms lie the same way every time.
    """
    numbers = list(modules)
    ways = ([True, *rest] for rest in product((True, False), repeat=len(numbers) - 1))
    best = min(ways, key=lambda sides: _length(modules, sides))
    places, ends = {}, {True: 0, False: 0}
    for number, is_upper in zip(numbers, best, strict=True):
        width = modules[number] * MODULE
        places[number] = Place(ends[is_upper], 0 if is_upper else DEPTH + CORRIDOR, width, is_upper)
        ends[is_upper] += width
    return Layout(places, max(ends.values()))


def _length(modules: Mapping[int, int], sides: list[bool]) -> int:
    upper = sum(width for width, is_upper in zip(modules.values(), sides, strict=True) if is_upper)
    return max(upper, sum(modules.values()) - upper)
