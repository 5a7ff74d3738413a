"""Colours and strokes, for light and dark surroundings.

Text has a contrast of at least 4.5 to what it stands on and lines of at least 3 (WCAG 2.2, 1.4.3 and 1.4.11);
no state is told by colour alone: each has a sign and a border of its own as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .state import State

__all__ = ["DARK", "LIGHT", "Palette", "Tint", "style_sheet"]


@dataclass(frozen=True, slots=True)
class Tint:
    """The colours of one state: its boxes' ground and border, and its text."""

    ground: str
    border: str
    text: str


@dataclass(frozen=True, slots=True)
class Palette:
    """All colours of a diagram."""

    page: str
    text: str
    quiet: str
    line: str
    box: str
    states: Mapping[State, Tint]


LIGHT = Palette(
    page="#ffffff", text="#1f2328", quiet="#59636e", line="#6e7781", box="#f6f8fa",
    states={
        State.CHOSEN: Tint("#dafbe1", "#1a7f37", "#1f2328"),
        State.EXCLUDED: Tint("#ffffff", "#818b98", "#59636e"),
        State.OPEN: Tint("#ddf4ff", "#0969da", "#1f2328"),
        State.CONFLICTING: Tint("#ffebe9", "#cf222e", "#1f2328"),
    },
)  # fmt: skip
DARK = Palette(
    page="#0d1117", text="#f0f6fc", quiet="#9198a1", line="#8b949e", box="#1c2128",
    states={
        State.CHOSEN: Tint("#0f2d1a", "#3fb950", "#f0f6fc"),
        State.EXCLUDED: Tint("#0d1117", "#7d8590", "#9198a1"),
        State.OPEN: Tint("#0c2748", "#58a6ff", "#f0f6fc"),
        State.CONFLICTING: Tint("#3c1116", "#ff7b72", "#f0f6fc"),
    },
)  # fmt: skip
_BORDERS = {
    State.CHOSEN: "stroke-width:2",
    State.EXCLUDED: "stroke-dasharray:5 3",
    State.OPEN: "stroke-width:2;stroke-dasharray:1.5 3;stroke-linecap:round",
    State.CONFLICTING: "stroke-width:2",
}
_SHAPES = """\
{0} text{{font:13px Helvetica,Arial,"Liberation Sans",sans-serif}}
{0} .title{{font-size:17px;font-weight:bold}}
{0} .heading{{font-size:13px;font-weight:bold}}
{0} .detail{{font-size:11px}}
{0} .abstract .name{{font-style:italic}}
{0} .edge,{0} .inner{{fill:none}}
{0} .edge{{stroke-width:1.25}}
{0} .glyph{{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}}"""


def style_sheet(scope: str) -> str:
    """The style sheet of elements below the selector ``scope``, light unless the reader prefers dark."""
    borders = [f"{scope} .{state} .box{{{border}}}" for state, border in _BORDERS.items()]
    rules = [_SHAPES.format(scope), *borders, *_colours(scope, LIGHT)]
    return "\n".join([*rules, "@media (prefers-color-scheme:dark){", *_colours(scope, DARK), "}"])


def _colours(scope: str, palette: Palette) -> list[str]:
    rules = [
        f"{scope} .page{{fill:{palette.page}}}",
        f"{scope} text{{fill:{palette.text}}}",
        f"{scope} .detail{{fill:{palette.quiet}}}",
        f"{scope} .edge{{stroke:{palette.line}}}",
        f"{scope} .filled{{fill:{palette.line};stroke:{palette.line}}}",
        f"{scope} .empty{{fill:{palette.page};stroke:{palette.line}}}",
        f"{scope} .box,{scope} .badge{{fill:{palette.box};stroke:{palette.line}}}",
        f"{scope} .glyph{{stroke:{palette.page}}}",
    ]
    for state, tint in palette.states.items():
        rules += [
            f"{scope} .{state} .box{{fill:{tint.ground};stroke:{tint.border}}}",
            f"{scope} .{state} .tile{{fill:{tint.border}}}",
            f"{scope} .{state} .inner{{stroke:{tint.border}}}",
            f"{scope} .{state} .name{{fill:{tint.text}}}",
        ]
    return rules
