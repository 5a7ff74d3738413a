"""The picture of a portfolio: a ring whose arcs are its weights, in shades of the firm's colour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .client import Client
from .portfolio import Portfolio
from .sheet import DISCLAIMER, tenths

__all__ = ["picture_of"]

WIDTH, HEIGHT, HEADER = 720, 420, 72
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may have in it."""
FONT = {"font-family": "system-ui, sans-serif"}


def picture_of(client: Client, portfolio: Portfolio, brand: Mapping[str, str]) -> str:
    """The portfolio as an SVG document, with the ``title``, the ``colour`` and the ``ink`` of the brand."""
    shares = tenths([weight for _, weight in portfolio.parts])
    named = [f"{asset.name} {share / 10} %" for (asset, _), share in zip(portfolio.parts, shares, strict=True)]
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img")
    _text(root, "title", f"{client.name}: {', '.join(named)}")
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    SubElement(root, "rect", {"width": "100%", "height": f"{HEADER}", "fill": brand["colour"]})
    _text(root, "text", brand["title"], {"x": "32", "y": "46", "font-size": "26", "fill": brand["ink"], **FONT})
    ring = SubElement(root, "g", {"transform": "translate(190 230) rotate(-90)", "fill": "none", "stroke-width": "64"})
    _text(root, "text", client.name, {"x": "380", "y": "126", "font-size": "20", "fill": "#222222", **FONT})
    before, edges = 0, list[Element]()
    for number, (share, name) in enumerate(zip(shares, named, strict=True)):
        shade = _shade(brand["colour"], number, len(shares))
        arc = {"r": "96", "pathLength": "1000", "stroke": shade, "stroke-dasharray": f"{share} {1000 - share}"}
        SubElement(ring, "circle", arc | {"stroke-dashoffset": f"{-before}", "data-asset": name.rsplit(" ", 2)[0]})
        between = {"d": "M64 0H128", "transform": f"rotate({before * 0.36:.2f})", "stroke": "#ffffff"}
        edges.append(Element("path", between | {"stroke-width": "2"}))
        before += share
        down = 146 + 34 * number
        SubElement(root, "rect", {"x": "380", "y": f"{down}", "width": "20", "height": "20", "fill": shade})
        _text(root, "text", name, {"x": "412", "y": f"{down + 16}", "font-size": "18", "fill": "#222222", **FONT})
    ring.extend(edges)
    _text(root, "text", DISCLAIMER, {"x": "32", "y": "402", "font-size": "13", "fill": "#555555", **FONT})
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _shade(colour: str, number: int, count: int) -> str:
    """The colour, the lighter the later its arc comes."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{each + (255 - each) * number * 4 // (count * 5):02x}" for each in channels)


def _text(parent: Element, tag: str, text: str, look: Mapping[str, str] | None = None) -> None:
    SubElement(parent, tag, dict(look or {})).text = UNWRITABLE.sub("\ufffd", text)
