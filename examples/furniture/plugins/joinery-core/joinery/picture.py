"""The picture of a set, seen from the front: a shape for each part, to scale."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .order import Order
from .pieces import BOX, Part, Piece, parts, pieces, tone

__all__ = ["picture_of"]

MARGIN, GAP, BELOW, ABOVE = 200, 320, 260, 300
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may have in it."""


def picture_of(order: Order) -> str:
    """The set as an SVG document, one unit of which is a millimetre."""
    found = pieces(order)
    drawn = [(piece, parts(piece, order)) for piece in found]
    width = 2 * MARGIN + sum(piece.width for piece in found) + GAP * (len(found) - 1)
    floor = ABOVE + max(part.y + part.height for _, each in drawn for part in each)
    view = f"0 0 {width} {floor + BELOW}"
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=view, role="img")
    _text(root, "title", f"{order.customer}: {', '.join(piece.name for piece in found)}")
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#f4f0e8"})
    SubElement(root, "rect", {"y": f"{floor}", "width": "100%", "height": f"{BELOW}", "fill": "#e3dccf"})
    size = min(84, 1.7 * (width - 2 * MARGIN) / max(len(order.customer), 1))
    look = {"font-size": f"{size:g}", "fill": "#43392f", "font-family": "Georgia, serif"}
    _text(root, "text", order.customer, {"x": f"{MARGIN}", "y": "150", **look})
    left = MARGIN
    for piece, each in drawn:
        _draw(root, piece, each, left, floor, order)
        left += piece.width + GAP
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _draw(root: Element, piece: Piece, found: list[Part], left: int, floor: int, order: Order) -> None:
    """One piece on the floor, with its measures below it."""
    middle = left + piece.width / 2
    shadow = {"cx": f"{middle}", "cy": f"{floor + 6}", "rx": f"{piece.width / 2}", "ry": "22", "fill": "#cfc5b4"}
    SubElement(root, "ellipse", shadow)
    group = SubElement(root, "g", {"data-piece": piece.name})
    for part in found:
        _shape(group, part, left, floor, tone(part.material, order))
    below = {"x": f"{middle}", "y": f"{floor + 150}", "text-anchor": "middle", "font-size": "58", "fill": "#6d6154",
             "font-family": "system-ui, sans-serif"}  # fmt: skip
    height = max(part.y + part.height for part in found)
    _text(root, "text", f"{piece.name}, {piece.width} x {piece.depth} x {height}", below)


def _shape(group: Element, part: Part, left: int, floor: int, fill: str) -> None:
    x, y = left + part.x, floor - part.y - part.height
    look = {"data-part": part.name, "fill": fill, "stroke": "#2b211a", "stroke-opacity": ".55", "stroke-width": "3"}
    if part.outline == BOX:
        box = {"x": x, "y": y, "width": part.width, "height": part.height, "rx": part.radius}
        shape = SubElement(group, "rect", look | {name: str(value) for name, value in box.items()})
    else:
        corners = ((x + part.width * across, y + part.height * (1 - up)) for across, up in part.outline)
        points = " ".join(f"{across:g},{down:g}" for across, down in corners)
        shape = SubElement(group, "polygon", look | {"points": points})
    _text(shape, "title", f"{part.name}: {part.material}")
    if part.label:
        middle = {"x": f"{x + part.width / 2}", "y": f"{y + part.height / 2}", "dominant-baseline": "central"}
        size = min(part.height * 0.45, part.width * 1.5 / len(part.label))
        look = {"text-anchor": "middle", "font-size": f"{size:g}", "font-family": "Georgia, serif"}
        _text(group, "text", part.label, middle | look | {"fill": "#2b211a", "fill-opacity": ".8"})


def _text(parent: Element, tag: str, text: str, attributes: dict[str, str] | None = None) -> None:
    SubElement(parent, tag, attributes or {}).text = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
