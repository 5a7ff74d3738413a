"""The floor plan of a home: every room, window and thing in its place, to scale."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .bill import laid_out
from .home import Fitting, Home, Room, fittings, outside
from .layout import CORRIDOR, DEPTH, MODULE, Place

__all__ = ["plan_of"]

MARGIN, HEADING, LEGEND, WALL, DOOR = 900, 700, 6000, 120, 850
INK, PAPER, GROUND = "#2f3640", "#ffffff", "#e9efe4"
FLOORS = {"kitchen": "#f6e7cf", "bath": "#d9e8ee", "bedroom": "#e6e1f0", "living": "#f3ded4", "study": "#e0ead9"}
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may have in it."""


def plan_of(home: Home) -> str:
    """The plan as an SVG document, one unit of which is a millimetre."""
    layout, around = laid_out(home), outside(home, laid_out(home))
    left, right = _reach([(0, layout.width), *((each.x, each.x + each.width) for each in around)])
    top, bottom = _reach([(0, layout.depth), *((each.y, each.y + each.depth) for each in around)])
    width = max(right - left, LEGEND)
    sheet = (left - MARGIN, top - MARGIN - HEADING, width + 2 * MARGIN, bottom - top + 3 * MARGIN + HEADING)
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=" ".join(map(str, sheet)), role="img")
    root.set("font-family", "system-ui, sans-serif")
    _text(root, f"{home.customer}: a home of {home.area:.0f} square metres", {}, "title")
    _box(root, *sheet, {"fill": GROUND})
    size = min(700, width * 1.7 / max(len(home.customer), 1))
    _text(root, home.customer, {"x": left, "y": top - HEADING, "font-size": f"{size:g}", "fill": INK})
    for fitting in around:
        _around(root, fitting)
    corridor = {"data-corridor": "", "fill": PAPER, "stroke": INK, "stroke-width": WALL}
    _box(root, 0, DEPTH, layout.width, CORRIDOR, corridor)
    for room in home.rooms:
        _room(SubElement(root, "g", {"data-room": f"{room.number}"}), room, layout.places[room.number])
    _scale(root, left, bottom + MARGIN)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _reach(spans: list[tuple[int, int]]) -> tuple[int, int]:
    return min(start for start, _ in spans), max(end for _, end in spans)


def _room(group: Element, room: Room, place: Place) -> None:
    wall = {"data-floor": room.kind, "fill": FLOORS[room.kind], "stroke": INK, "stroke-width": WALL}
    _box(group, place.x, place.y, place.width, DEPTH, wall)
    for fitting in fittings(room):
        y = fitting.y if place.is_upper else DEPTH - fitting.y - fitting.depth
        _thing(group, fitting, place.x + fitting.x, place.y + y)
    outer = place.y if place.is_upper else place.y + DEPTH
    for number in range(room.windows):
        middle = place.x + round(place.width * (number + 0.5) / room.windows)
        look = {"data-window": "", "fill": "#9fd0ea", "stroke": INK, "stroke-width": 24}
        _box(group, middle - 450, outer - 70, 900, 140, look)
    _door(group, place)
    line = place.y + (2500 if place.is_upper else DEPTH - 2860)  # between what stands at the two walls
    label = {"x": place.x + place.width / 2, "text-anchor": "middle", "fill": INK}
    _text(group, f"{room.number} {room.kind}", {**label, "y": line, "font-size": 300})
    _text(group, f"{room.area:.0f} m\N{SUPERSCRIPT TWO}", {**label, "y": line + 360, "font-size": 260})


def _around(root: Element, fitting: Fitting) -> None:
    """What stands outside has its name in it, or below it where it is small."""
    _thing(root, fitting, fitting.x, fitting.y)
    y = fitting.y + (fitting.depth / 2 if fitting.width > 2000 else fitting.depth + 330)
    label = {"x": fitting.x + fitting.width / 2, "y": y, "text-anchor": "middle", "font-size": 260, "fill": INK}
    _text(root, fitting.name, label)


def _door(group: Element, place: Place) -> None:
    """In the right end of the wall to the corridor; it opens into the room."""
    wall, inwards = (place.y + DEPTH, -DOOR) if place.is_upper else (place.y, DOOR)
    left = place.x + place.width - DOOR - 150
    gap = {"fill": PAPER, "data-door": ""}
    _box(group, left, wall - WALL / 2 - 5, DOOR, WALL + 10, gap)
    sweep = 1 if place.is_upper else 0
    swing = f"M{left + DOOR},{wall} v{inwards} A{DOOR},{DOOR} 0 0 {1 - sweep} {left},{wall}"
    SubElement(group, "path", {"d": swing, "fill": "none", "stroke": INK, "stroke-width": "20"})


def _thing(group: Element, fitting: Fitting, x: int, y: int) -> None:
    look = {"data-thing": fitting.name, "fill": PAPER, "fill-opacity": ".75", "stroke": INK, "stroke-width": 20}
    if fitting.dashed:
        look |= {"fill": "none", "stroke": "#c0532f", "stroke-dasharray": "120 90"}
    shape = _box(group, x, y, fitting.width, fitting.depth, {**look, "rx": fitting.radius})
    _text(shape, fitting.name, {}, "title")


def _scale(root: Element, left: int, foot: int) -> None:
    """Five metres and a module."""
    for y, length, name in ((foot, 5000, "5 m"), (foot + 350, MODULE, "a module")):
        _box(root, left, y, length, 90, {"fill": INK})
        _text(root, name, {"x": left + length + 200, "y": y + 130, "font-size": 280, "fill": INK})


def _box(
    parent: Element, x: float, y: float, width: float, height: float, look: Mapping[str, object]
) -> Element:  # fmt: skip
    box = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}"}
    return SubElement(parent, "rect", box | {name: str(value) for name, value in look.items()})


def _text(parent: Element, text: str, look: Mapping[str, object], tag: str = "text") -> None:
    element = SubElement(parent, tag, {name: str(value) for name, value in look.items()})
    element.text = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
