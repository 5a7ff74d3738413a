"""Where everything stands: boxes in columns by depth, the edges' room between the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sarto.model.expression import Value
from sarto.model.feature import GroupKind
from sarto.model.feature_model import FeatureModel

from .label import DETAIL_SIZE, Label, label
from .layout import tidy
from .state import State
from .text import width
from .tree import Bunch, Node, Tree

__all__ = ["LANE", "RADIUS", "Box", "Placing", "cardinality", "edge_room", "place"]

LANE = 18
RADIUS = 8
_APART = 8
_GROUPS_APART = 16


@dataclass(frozen=True, slots=True)
class Box:
    """A feature's box; ``middle`` is the height at which its edges end."""

    left: int
    middle: int
    label: Label

    @property
    def right(self) -> int:
        """The right side of the box, without its badge."""
        return self.left + self.label.width

    @property
    def top(self) -> int:
        """The upper side of the box."""
        return self.middle - self.label.height // 2


@dataclass(frozen=True, slots=True)
class Placing:
    """The boxes of a tree's nodes in a space of ``width`` and ``height`` pixels that begins at 0, 0."""

    boxes: tuple[Box, ...]
    width: int
    height: int


def place(model: FeatureModel, tree: Tree, values: Mapping[str, Value], states: Mapping[str, State]) -> Placing:
    """Lay out the tree from left to right: a column for each depth, so that names of any length stay legible.

    ``values`` are those of typed features; features with one of the ``states`` carry its sign.
    """
    labels = [
        label(model.features[node.name], values.get(node.name), _badge(node, states), has_tile=node.name in states)
        for node in tree.nodes
    ]
    before = [one.height // 2 + room // 2 for one, room in zip(labels, _distances(tree), strict=True)]
    after = [one.height - one.height // 2 + _APART // 2 for one in labels]
    middles = tidy(tree.children, before, after)
    columns = _columns(tree, labels)
    boxes = tuple(
        Box(columns[node.depth], middle, one) for node, middle, one in zip(tree.nodes, middles, labels, strict=True)
    )
    return Placing(
        boxes,
        width=max(box.right + box.label.badge_width for box in boxes),
        height=max(map(sum, zip(middles, after, strict=True))),
    )


def _badge(node: Node, states: Mapping[str, State]) -> str:
    """How much is cut away below a feature: a conflict in it must not go unseen."""
    if not node.hidden:
        return ""
    conflicting = sum(states.get(name) is State.CONFLICTING for name in node.hidden)
    return f"+{len(node.hidden)}" + (f", {conflicting} conflicting" if conflicting else "")


def _distances(tree: Tree) -> list[int]:
    """How far each node keeps from the one before it: more at the beginning of a bunch of children."""
    distances = [_APART] * len(tree.nodes)
    for number in range(len(tree.nodes)):
        for bunch in tree.bunches(number):
            distances[bunch.members[0]] = _GROUPS_APART
    return distances


def _columns(tree: Tree, labels: Sequence[Label]) -> list[int]:
    depths = 1 + max(node.depth for node in tree.nodes)
    widths, rooms = [0] * depths, [0] * depths
    for number, (node, one) in enumerate(zip(tree.nodes, labels, strict=True)):
        widths[node.depth] = max(widths[node.depth], one.width)
        rooms[node.depth] = max(rooms[node.depth], edge_room(tree.bunches(number)))
    return [0, *accumulate(map(sum, zip(widths, rooms, strict=True)))]


def edge_room(bunches: Sequence[Bunch]) -> int:
    """The room in pixels that the edges of these children need between two columns."""
    if not bunches:
        return 0
    groups = [bunch for bunch in bunches if bunch.group]
    if not groups:
        return 2 * LANE
    texts = max(width(cardinality(bunch), DETAIL_SIZE) for bunch in groups)
    return RADIUS + 2 * LANE + (texts + RADIUS if texts else 0) + (LANE if len(bunches) > 1 else 0)


def cardinality(bunch: Bunch) -> str:
    """``<2..3>`` for a cardinality group, nothing for others."""
    group = bunch.group
    if group is None or group.kind is not GroupKind.CARDINALITY:
        return ""
    return f"<{group.minimum}..{group.maximum}>"
