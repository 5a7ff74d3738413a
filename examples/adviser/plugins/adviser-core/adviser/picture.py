"""The picture of a portfolio: a ring whose arcs are its weights, in shades of the firm's colour."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .client import Client
from .portfolio import Portfolio
from .sheet import DISCLAIMER, tenths

__all__ = ["picture_of"]

WIDTH, HEIGHT, HEADER, LETTERS = 720, 420, 72, 34
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may have in it."""
FONT = {"font-family": "system-ui, sans-serif"}


def picture_of(client: Client, portfolio: Portfolio, brand: Mapping[str, str]) -> str:
    """The portfolio as an SVG document, with the ``title``, the ``colour`` and the ``ink`` of the brand."""
    names = [asset.name for asset, _ in portfolio.parts]
    shares = tenths([weight for _, weight in portfolio.parts])
    told = [f"{name} {share / 10} %" for name, share in zip(names, shares, strict=True)]
    shades = [_shade(brand["colour"], number, len(names)) for number in range(len(names))]
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img")
    _text(root, "title", f"{client.name}: {', '.join(told)}")
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    SubElement(root, "rect", {"width": "100%", "height": f"{HEADER}", "fill": brand["colour"]})
    _text(root, "text", brand["title"], {"x": "32", "y": "46", "font-size": "26", "fill": brand["ink"], **FONT})
    _ring(root, names, shares, shades)
    _legend(root, client.name, told, shades)
    _text(root, "text", DISCLAIMER, {"x": "32", "y": "402", "font-size": "13", "fill": "#555555", **FONT})
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _ring(root: Element, names: Sequence[str], shares: Sequence[int], shades: Sequence[str]) -> None:
    """An arc for each share, from the top and clockwise, with a white line before each."""
    ring = SubElement(root, "g", {"transform": "translate(190 230) rotate(-90)", "fill": "none", "stroke-width": "64"})
    starts = [*accumulate(shares, initial=0)][:-1]
    for name, share, shade, start in zip(names, shares, shades, starts, strict=True):
        arc = {"r": "96", "pathLength": "1000", "stroke": shade, "data-asset": name}
        SubElement(
            ring, "circle", arc | {"stroke-dasharray": f"{share} {1000 - share}", "stroke-dashoffset": f"{-start}"}
        )
    for start in starts:
        line = {"d": "M64 0H128", "stroke": "#ffffff", "stroke-width": "2"}
        SubElement(ring, "path", line | {"transform": f"rotate({start * 0.36:.2f})"})


def _legend(root: Element, name: str, told: Sequence[str], shades: Sequence[str]) -> None:
    """What each shade is, below the client's name."""
    short = name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"
    _text(root, "text", short, {"x": "380", "y": "126", "font-size": "20", "fill": "#222222", **FONT})
    for number, (each, shade) in enumerate(zip(told, shades, strict=True)):
        down = 146 + 34 * number
        SubElement(root, "rect", {"x": "380", "y": f"{down}", "width": "20", "height": "20", "fill": shade})
        _text(root, "text", each, {"x": "412", "y": f"{down + 16}", "font-size": "18", "fill": "#222222", **FONT})


def _shade(colour: str, number: int, count: int) -> str:
    """The colour, the lighter the later its arc comes."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{each + (255 - each) * number * 4 // (count * 5):02x}" for each in channels)


def _text(parent: Element, tag: str, text: str, look: Mapping[str, str] | None = None) -> None:
    SubElement(parent, tag, dict(look or {})).text = UNWRITABLE.sub("\ufffd", text)
