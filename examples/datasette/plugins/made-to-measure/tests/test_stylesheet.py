"""What a look puts into the style sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from datasette_made_to_measure.look import Look
from datasette_made_to_measure.stylesheet import ink_on, stylesheet
from hypothesis import given
from hypothesis import strategies as st

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def contrast(one: str, other: str) -> float:
    """The contrast ratio, as the accessibility guidelines define it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    shares = [value / 255 for value in bytes.fromhex(colour[1:])]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@given(COLOURS)
def test_text_in_the_bars_can_always_be_read(colour: str) -> None:
    assert contrast(colour, ink_on(colour)) >= 4.5  # what the guidelines ask of small text


@given(COLOURS)
def test_no_other_ink_of_the_two_would_be_easier_to_read(colour: str) -> None:
    assert contrast(colour, ink_on(colour)) == pytest.approx(
        max(contrast(colour, "#000000"), contrast(colour, "#ffffff"))
    )


def test_a_look_without_colour_and_logo_has_no_style_sheet() -> None:
    assert stylesheet(Look("Title", "Footer"), "logo") == ""


def test_the_colour_paints_header_footer_and_menu() -> None:
    first, _ = stylesheet(Look(colour="#f2c14e"), "logo").splitlines()
    assert first == "header, footer, .nav-menu-inner { background-color: #f2c14e; color: #000000 }"


def test_the_logo_stands_at_the_beginning_of_the_header() -> None:
    (rule,) = stylesheet(Look(logo=Path("logo.svg")), "logo").splitlines()
    assert rule == (
        "header nav::before { content: ''; float: left; width: 2rem; height: 1.5rem; margin-right: 0.6rem; "
        "background: url('logo') center / contain no-repeat }"
    )


def test_the_ink_and_the_links_are_the_brands_where_it_names_them() -> None:
    links, bars, _ = stylesheet(Look(colour="#f2c14e", ink="#2b2100", link="#7a5200"), "logo").splitlines()
    assert links == "a:link, a:visited, a:hover, a:focus, a:active { color: #7a5200 }"
    assert bars == "header, footer, .nav-menu-inner { background-color: #f2c14e; color: #2b2100 }"
