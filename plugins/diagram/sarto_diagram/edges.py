"""The lines from a feature to its children, with the marks of feature diagrams on them.

A filled circle marks a mandatory and an empty one an optional feature (Kang et al., *FODA*, 1990); a
filled half-disc, the arc that spans all directions in which the children lie, marks an or group, an
empty one an alternative, and one with ``<n..m>`` a group cardinality (Czarnecki et al., 2005).
"""

from __future__ import annotations

from collections.abc import Sequence

from sarto.model.feature import GroupKind

from .placing import LANE, RADIUS, Box, cardinality, edge_room
from .svg import element, path, text_at
from .tree import Bunch, Node

__all__ = ["CIRCLE", "circle", "disc", "edges"]

CIRCLE = 5
_CORNER = 6


def edges(parent: Box, bunches: Sequence[Bunch], nodes: Sequence[Node], boxes: Sequence[Box]) -> str:
    """Everything between a feature's box and those of its children."""
    if not bunches:
        return ""
    column = boxes[bunches[0].members[0]].left
    circles = "".join(_circles(bunch, nodes, boxes) for bunch in bunches)
    if len(bunches) == 1:
        return _only(parent, bunches[0], boxes, column) + circles
    return _several(parent, bunches, boxes, column) + circles


def _only(parent: Box, bunch: Bunch, boxes: Sequence[Box], column: int) -> str:
    """One bunch: a line out of the box, a trunk, a branch to each child."""
    heights = [boxes[member].middle for member in bunch.members]
    lines = _comb(parent.right, parent.middle, column - LANE, column, heights)
    return path("edge", lines) + _mark(bunch, parent.right, parent.middle)


def _several(parent: Box, bunches: Sequence[Bunch], boxes: Sequence[Box], column: int) -> str:
    """A trunk that carries single children and, on marks of their own, the trunks of groups."""
    trunk = column - edge_room(bunches) + LANE
    branches: list[int] = []
    ends: list[str] = []
    for bunch in bunches:
        heights = [boxes[member].middle for member in bunch.members]
        if bunch.group is None:
            branches += heights
            continue
        middle = (heights[0] + heights[-1]) // 2
        branches.append(middle)
        ends.append(path("edge", _comb(trunk, middle, column - LANE, column, heights)) + _mark(bunch, trunk, middle))
    singles = {boxes[member].middle for bunch in bunches if bunch.group is None for member in bunch.members}
    return path("edge", _trunk(parent, trunk, column, branches, singles)) + "".join(ends)


def _trunk(parent: Box, trunk: int, column: int, branches: Sequence[int], singles: set[int]) -> str:
    top, bottom = branches[0], branches[-1]
    commands = [f"M{parent.right} {parent.middle}H{trunk}", f"M{trunk} {top}V{bottom}"]
    return "".join(commands + [f"M{trunk} {height}H{column}" for height in branches if height in singles])


def _comb(start: int, middle: int, trunk: int, column: int, heights: Sequence[int]) -> str:
    """From (start, middle) over a trunk to each of the heights, the outermost corners rounded."""
    top, bottom = heights[0], heights[-1]
    commands = [f"M{start} {middle}H{trunk}"]
    if top != bottom:
        corner = min(_CORNER, (bottom - top) // 2)
        commands.append(f"M{column} {top}H{trunk + corner}Q{trunk} {top} {trunk} {top + corner}")
        commands.append(f"V{bottom - corner}Q{trunk} {bottom} {trunk + corner} {bottom}H{column}")
    inner = heights[1:-1] if top != bottom else heights[:1]
    return "".join(commands + [f"M{trunk} {height}H{column}" for height in inner])


def _mark(bunch: Bunch, x: int, y: int) -> str:
    if bunch.group is None:
        return ""
    text = cardinality(bunch)
    return disc(bunch.group.kind, x, y) + (text_at(x + RADIUS + 4, y - 4, text, "detail") if text else "")


def disc(kind: GroupKind, x: int, y: int) -> str:
    """The half-disc of an or, alternative or cardinality group, its flat side at ``x``."""
    fill = "filled" if kind is GroupKind.OR else "empty"
    return path(fill, f"M{x} {y - RADIUS}A{RADIUS} {RADIUS} 0 0 1 {x} {y + RADIUS}Z")


def _circles(bunch: Bunch, nodes: Sequence[Node], boxes: Sequence[Box]) -> str:
    if bunch.group is not None:
        return ""
    return "".join(
        circle(boxes[member].left - CIRCLE, boxes[member].middle, is_mandatory=_is_mandatory(nodes[member]))
        for member in bunch.members
    )


def _is_mandatory(node: Node) -> bool:
    return node.group is not None and node.group.kind is GroupKind.MANDATORY


def circle(x: int, y: int, *, is_mandatory: bool) -> str:
    """The circle of a mandatory (filled) or optional feature."""
    return element("circle", class_="filled" if is_mandatory else "empty", cx=x, cy=y, r=CIRCLE)
