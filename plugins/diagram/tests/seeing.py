"""An SVG document taken apart again: boxes, edges and texts, as a test looks at them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[int, int]


@dataclass(frozen=True)
class Seen:
    """One feature's box. ``said`` is its title, ``texts`` what stands in it."""

    feature: str
    left: int
    top: int
    right: int
    bottom: int
    level: int
    said: str
    texts: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def middle(self) -> int:
        return self.top + (self.bottom - self.top) // 2

    def overlaps(self, other: Seen) -> bool:
        is_beside = self.right <= other.left or other.right <= self.left
        return not (is_beside or self.bottom <= other.top or other.bottom <= self.top)


class Picture:
    """A diagram, parsed. Raises ParseError where it is not well-formed."""

    def __init__(self, svg: str) -> None:
        self.svg = svg
        self.root = ET.fromstring(svg.encode())

    @cached_property
    def in_order(self) -> list[Seen]:
        """The boxes, in the order in which they are read."""
        return [_seen(item) for item in self.root.iter(f"{SVG}g") if item.get("role") == "listitem"]

    @property
    def boxes(self) -> dict[str, Seen]:
        """The boxes by the features' names (two names may look the same, where they have hidden signs)."""
        return {box.feature: box for box in self.in_order}

    @cached_property
    def tree(self) -> ET.Element:
        """The group that holds the edges."""
        [group] = [item for item in self.root.iter(f"{SVG}g") if item.get("aria-hidden") == "true"]
        return group

    @cached_property
    def edges(self) -> list[list[Point]]:
        """The lines between boxes, each as its corners."""
        return [line for path in self.tree.iter(f"{SVG}path") if path.get("class") == "edge" for line in _lines(path)]

    def marks(self, name: str, class_: str) -> list[Point]:
        """Where circles (``circle``) or half-discs (``path``) of that style stand."""
        if name == "circle":
            return [_point(mark, "cx", "cy") for mark in self.tree.iter(f"{SVG}circle") if mark.get("class") == class_]
        found = [path for path in self.tree.iter(f"{SVG}path") if path.get("class") == class_]
        return [(x, y + 8) for x, y in (_start(path) for path in found)]

    @property
    def texts(self) -> list[str]:
        """Every line of text, from the top of the document to its end."""
        return ["".join(text.itertext()) for text in self.root.iter(f"{SVG}text")]


def _seen(item: ET.Element) -> Seen:
    rect = item.find(f"{SVG}rect")
    title = item.find(f"{SVG}title")
    assert rect is not None
    assert title is not None
    left, top = _point(rect, "x", "y")
    wide, high = _point(rect, "width", "height")
    texts = tuple("".join(text.itertext()) for text in item.iter(f"{SVG}text"))
    classes = tuple((item.get("class") or "").split())
    level, said = int(item.get("aria-level", 0)), title.text or ""
    return Seen(item.get("data-feature", ""), left, top, left + wide, top + high, level, said, texts, classes)


def _point(element: ET.Element, x: str, y: str) -> Point:
    return int(element.get(x, "")), int(element.get(y, ""))


def _start(path: ET.Element) -> Point:
    x, y = re.findall(r"-?\d+", path.get("d", ""))[:2]
    return int(x), int(y)


def _lines(path: ET.Element) -> Iterator[list[Point]]:
    """The corners of a path out of M, H, V and Q (whose control point is the corner it rounds)."""
    line: list[Point] = []
    for letter, written in re.findall(r"([MHVQ])([-\d ]+)", path.get("d", "")):
        numbers = [int(number) for number in written.split()]
        if letter == "M":
            if line:
                yield line
            line = [(numbers[0], numbers[1])]
        elif letter == "H":
            line.append((numbers[0], line[-1][1]))
        elif letter == "V":
            line.append((line[-1][0], numbers[0]))
        else:
            line += [(numbers[0], numbers[1]), (numbers[2], numbers[3])]
    yield line
