"""A tidy tree: where each node stands across the direction in which the tree grows.

After Reingold and Tilford, *Tidier drawings of trees* (1981), with the symmetric packing of Kennedy, *Drawing
trees* (1996): siblings are packed as tightly as their outlines allow once from the first to the last and once
the other way, and stand halfway between. Nodes may differ in size. Without recursion, and in linear time:
outlines are joined by writing the shorter into the longer.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["tidy"]

FAR = 1 << 62


class _Outline:
    """Where a subtree begins and ends on each of its levels, seen from its root, the deepest level first."""

    __slots__ = ("ends", "shift", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.shift = 0

    def __len__(self) -> int:
        return len(self.starts)

    def start(self, level: int) -> int:
        return self.starts[-1 - level] + self.shift

    def end(self, level: int) -> int:
        return self.ends[-1 - level] + self.shift

    def put_on_top(self, start: int, end: int) -> None:
        """A new root above, its extent in the same coordinates."""
        self.starts.append(start - self.shift)
        self.ends.append(end - self.shift)


def tidy(children: Sequence[Sequence[int]], before: Sequence[int], after: Sequence[int]) -> list[int]:
    """The centre of each node, such that no two nodes of one level overlap and parents are in the middle.

    ``children`` lists the nodes' children, each numbered higher than its parent; ``before`` and ``after``
    are what a node needs on either side of its centre, its distance from others included. The smallest
    extent is 0. Subtrees look the same wherever they stand.
    """
    offset = [0] * len(children)
    outlines: list[_Outline] = [_Outline() for _ in children]
    for node in reversed(range(len(children))):
        below = [outlines[child] for child in children[node]]
        if below:
            centres = _spread(below)
            middle = (centres[0] + centres[-1]) // 2
            for child, centre in zip(children[node], centres, strict=True):
                offset[child] = centre - middle
            outlines[node] = _join(below, [offset[child] for child in children[node]])
        outlines[node].put_on_top(-before[node], after[node])
    for node, below_it in enumerate(children):
        for child in below_it:
            offset[child] += offset[node]
    first = min((centre - room for centre, room in zip(offset, before, strict=True)), default=0)
    return [centre - first for centre in offset]


def _spread(outlines: Sequence[_Outline]) -> list[int]:
    """Centres of neighbouring subtrees: halfway between packing them forwards and backwards."""
    if len(outlines) == 1:
        return [0]
    levels = _shared_levels(outlines)
    extents = [[(o.start(level), o.end(level)) for level in range(min(len(o), levels))] for o in outlines]
    mirrored = [[(-end, -start) for start, end in extent] for extent in reversed(extents)]
    forwards = _packed(extents, levels)
    backwards = [forwards[-1] - centre for centre in reversed(_packed(mirrored, levels))]
    return [(one + other) // 2 for one, other in zip(forwards, backwards, strict=True)]


def _shared_levels(outlines: Sequence[_Outline]) -> int:
    """How many levels at least two of the outlines have: deeper ones cannot touch anything."""
    return sorted(map(len, outlines))[-2] if len(outlines) > 1 else 0


def _packed(extents: Sequence[Sequence[tuple[int, int]]], levels: int) -> list[int]:
    reached = [-FAR] * levels
    centres: list[int] = []
    for extent in extents:
        centre = max(end - start for end, (start, _) in zip(reached, extent, strict=False)) if centres else 0
        centres.append(centre)
        for level, (_, end) in enumerate(extent):
            reached[level] = centre + end
    return centres


def _join(outlines: Sequence[_Outline], centres: Sequence[int]) -> _Outline:
    """One outline around all, made out of the longest."""
    levels = _shared_levels(outlines)
    starts: list[int] = []
    for outline, centre in zip(outlines, centres, strict=True):
        starts += (centre + outline.start(level) for level in range(len(starts), min(len(outline), levels)))
    ends: list[int] = []
    for outline, centre in zip(reversed(outlines), reversed(centres), strict=True):
        ends += (centre + outline.end(level) for level in range(len(ends), min(len(outline), levels)))
    longest, centre = max(zip(outlines, centres, strict=True), key=lambda placed: len(placed[0]))
    longest.shift += centre
    for level in range(levels):
        longest.starts[-1 - level] = starts[level] - longest.shift
        longest.ends[-1 - level] = ends[level] - longest.shift
    return longest
