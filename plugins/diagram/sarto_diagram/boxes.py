"""One feature as it is drawn: its box, its name, and the sign of its state."""

from __future__ import annotations

from sarto.model.feature import Feature

from .label import DETAIL_SIZE, LINE, PADDING, TILE, Label
from .placing import Box
from .state import State
from .svg import element, escaped, path, text_at
from .text import width
from .tree import Node

__all__ = ["badge", "feature_box", "state_sign"]

_GLYPHS = {
    State.CHOSEN: "m-4 0l3 3.5l5.5 -7.5",
    State.EXCLUDED: "m-3.5 -3.5l7 7m0 -7l-7 7",
    State.OPEN: "m-2.5 -2.5a2.7 2.7 0 1 1 3.7 2.5q-1.2 .6 -1.2 1.7m0 3.2v.1",
    State.CONFLICTING: "m2 -5.5l-4.5 6h5l-4 5.5",
}


def feature_box(feature: Feature, node: Node, box: Box, state: State | None) -> str:
    """The feature as a list item for readers of screens, which hear what others see."""
    classes = [*(["abstract"] if feature.abstract else []), *([str(state)] if state else [])]
    return element(
        "g",
        element("title", escaped(_spoken(feature, node, box.label, state))),
        _frame(box.left, box.top, box.label.width, box.label.height, state),
        state_sign(state, box.left, box.top, box.label.height) if state else "",
        _writing(box, has_tile=state is not None),
        _badge(box),
        **({"class_": " ".join(classes)} if classes else {}),
        role="listitem",
        aria_level=node.depth + 1,
        data_feature=feature.name,
    )


def _spoken(feature: Feature, node: Node, label: Label, state: State | None) -> str:
    """``maps: optional, chosen. Tables with coordinates draw themselves as maps``."""
    kind = f"{node.group.kind}" if node.group else "root"
    said = [kind, *([label.detail] if label.detail else []), *([str(state)] if state else [])]
    if node.hidden:
        said.append(f"{label.badge} below it not shown")
    return f"{feature.name}: {', '.join(said)}" + (f". {feature.summary}" if feature.summary else "")


def _frame(left: int, top: int, wide: int, high: int, state: State | None) -> str:
    frame = element("rect", class_="box", x=left, y=top, width=wide, height=high, rx=4)
    if state is not State.CONFLICTING:
        return frame
    return frame + element("rect", class_="inner", x=left + 3, y=top + 3, width=wide - 6, height=high - 6, rx=2)


def state_sign(state: State, left: int, top: int, high: int) -> str:
    """The sign of a state, on a ground at the left side of a box ``high`` pixels high."""
    side = TILE - 4
    ground = f"M{left + 4} {top}h{side}v{high}h-{side}a4 4 0 0 1 -4 -4v-{high - 8}a4 4 0 0 1 4 -4Z"
    return path("tile", ground) + path("glyph", f"M{left + TILE // 2} {top + high // 2}{_GLYPHS[state]}")


def _writing(box: Box, *, has_tile: bool) -> str:
    left = box.left + PADDING + (TILE if has_tile else 0)
    base = box.top + PADDING // 2 + LINE - 3
    lines = [text_at(left, base + LINE * number, line, "name") for number, line in enumerate(box.label.lines)]
    if box.label.detail:
        lines.append(text_at(left, base + LINE * len(lines), box.label.detail, "detail"))
    return "".join(lines)


def _badge(box: Box) -> str:
    """``+12`` behind the box of a feature whose subtree is cut away."""
    if not box.label.badge:
        return ""
    edge = path("edge", f"M{box.right} {box.middle}h{PADDING}")
    return edge + badge(box.label.badge, box.right + PADDING, box.middle)


def badge(text: str, left: int, middle: int) -> str:
    """A short text in a frame of its own."""
    wide = width(text, DETAIL_SIZE) + PADDING
    frame = element("rect", class_="badge", x=left, y=middle - 8, width=wide, height=16, rx=8)
    return frame + text_at(left + PADDING // 2, middle + 4, text, "detail")
