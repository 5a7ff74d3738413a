"""How well colours can be read on each other, and the nearest shade that can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.model.colours import contrast_ratio, is_colour, nearest_shade, shown_ratio

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
GREYS = [f"#{level:02x}{level:02x}{level:02x}" for level in range(256)]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.478), ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998), ("#0000ff", "#ffff00", 8.002), ("#123456", "#123456", 1.0),
    ],
)  # fmt: skip
def test_the_ratio_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast_ratio(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast_ratio(other, one) == contrast_ratio(one, other)


def test_a_ratio_is_never_shown_as_more_than_it_is() -> None:
    assert [shown_ratio(ratio) for ratio in (4.4999, 4.5, 21.0, 1.005)] == ["4.49:1", "4.5:1", "21:1", "1:1"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("#1e90ff", True), ("#1E90FF", True), ("#1e90f", False), ("1e90fff", False), ("#1e90fg", False)],
)
def test_a_colour_is_written_in_six_digits(text: str, is_one: bool) -> None:
    assert is_colour(text) is is_one


@given(COLOURS, COLOURS, st.floats(1, 21))
def test_the_nearest_shade_can_be_read_and_none_nearer_with_the_same_end_can(
    colour: str, other: str, ratio: float
) -> None:
    shade = nearest_shade(colour, [(other, ratio)])
    shades = [mixed(colour, end, step) for end in (0, 255) for step in range(256)]
    passing = [each for each in shades if contrast_ratio(each, other) >= ratio]
    if not passing:
        assert shade == ""
    else:
        assert shade in passing
        assert distance(colour, shade) == min(distance(colour, each) for each in passing)


def mixed(colour: str, end: int, step: int) -> str:
    own = bytes.fromhex(colour[1:])
    return "#" + bytes(round(channel + (end - channel) * step / 255) for channel in own).hex()


def distance(one: str, other: str) -> int:
    return sum((a - b) ** 2 for a, b in zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True))


def test_of_greys_on_white_the_nearest_is_the_lightest_that_passes() -> None:
    lightest = max(grey for grey in GREYS if contrast_ratio(grey, "#ffffff") >= 4.5)
    assert nearest_shade("#999999", [("#ffffff", 4.5)]) == lightest == "#767676"


def test_a_shade_serves_every_contrast_at_once_or_there_is_none() -> None:
    shade = nearest_shade("#808080", [("#ffffff", 4.5), ("#f2c14e", 4.5)])
    assert min(contrast_ratio(shade, other) for other in ("#ffffff", "#f2c14e")) >= 4.5
    assert nearest_shade("#808080", [("#ffffff", 4.6), ("#000000", 4.6)]) == ""
