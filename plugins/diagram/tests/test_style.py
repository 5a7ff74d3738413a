"""The colours can be told from one another by everyone, in light and in dark."""

from __future__ import annotations

import re

import pytest
from sarto_diagram.state import State
from sarto_diagram.style import DARK, LIGHT, Palette, style_sheet

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_measure_of_these_tests_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
def test_text_is_legible_on_everything_it_stands_on(palette: Palette) -> None:
    for ground in (palette.page, palette.box):
        assert contrast(palette.text, ground) >= 4.5
        assert contrast(palette.quiet, ground) >= 4.5
    for tint in palette.states.values():
        assert contrast(tint.text, tint.ground) >= 4.5
        assert contrast(palette.quiet, tint.ground) >= 4.5


@BOTH
def test_lines_borders_and_signs_stand_out(palette: Palette) -> None:
    for ground in (palette.page, palette.box):
        assert contrast(palette.line, ground) >= 3
    for tint in palette.states.values():
        assert contrast(tint.border, palette.page) >= 3
        assert contrast(tint.border, tint.ground) >= 3


@BOTH
def test_every_state_has_its_colours(palette: Palette) -> None:
    assert set(palette.states) == set(State)


def test_states_differ_in_their_borders_without_any_colour() -> None:
    borders = re.findall(r"\.(\w+) \.box\{(stroke-[^}]*)\}", style_sheet(".d"))
    assert dict(borders).keys() == {str(state) for state in State}
    # A conflict has the line of a choice, and a second one inside it.
    assert len({border for _, border in borders}) == len(State) - 1


def test_every_rule_keeps_to_the_diagram_it_is_in() -> None:
    frame = ("@media (prefers-color-scheme:dark){", "}")
    rules = [line for line in style_sheet(".d").splitlines() if line not in frame]
    assert all(part.startswith(".d ") for rule in rules for part in rule.partition("{")[0].split(","))
