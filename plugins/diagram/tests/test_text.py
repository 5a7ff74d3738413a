"""How wide text is, where it breaks, and what cannot be shown."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto_diagram.text import printable, width, wrap


@pytest.mark.parametrize(
    ("text", "pixels"), [("", 0), ("i", 3), ("maps", 28), ("W" * 10, 99), ("図", 10), ("é", 8), ("e\u0301", 7)]
)
def test_the_width_of_a_text_is_the_sum_of_its_signs_rounded_up(text: str, pixels: int) -> None:
    assert width(text, 10) == pixels


def test_the_width_is_never_less_than_in_the_widest_usual_font() -> None:
    """The advance widths of DejaVu Sans, in units of 2048 for the font size."""
    widths = {"a": 1255, "M": 1767, "i": 569, "_": 1024, "0": 1303, " ": 651, "W": 2025, "@": 2048}
    assert all(width(sign * 100, 20) >= units * 100 * 20 / 2048 for sign, units in widths.items())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("maps", ("maps",)),
        ("", ("",)),
        ("export_as_spreadsheet", ("export_as_", "spreadsheet")),
        ("exportAsSpreadsheet", ("exportAs", "Spreadsheet")),
        ("export as spreadsheet", ("export as", "spreadsheet")),
        ("one two three four five six seven eight nine", ("one two three", "four five six", "seven eight…")),
        ("EXPORTASSPREADSHEET", ("EXPORTASSPR", "EADSHEET")),
        ("one two three four five six seven eight", ("one two three", "four five six", "seven eight")),
        ("supercalifragilisticexpialidocious", ("supercalifragili", "sticexpialidoci", "ous")),
    ],
)
def test_names_break_where_their_words_end(text: str, lines: tuple[str, ...]) -> None:
    assert wrap(text, 10, 76, 3, in_names=True) == lines


def test_sentences_and_rules_break_at_spaces_only() -> None:
    assert wrap("a_name & another_name", 10, 76, 3) == ("a_name &", "another_name")


@given(st.text(), st.integers(12, 200), st.integers(1, 5), st.booleans())
def test_lines_are_never_too_wide_or_too_many(text: str, limit: int, most: int, in_names: bool) -> None:
    lines = wrap(text, 10, limit, most, in_names=in_names)
    assert 1 <= len(lines) <= most
    assert all(width(line, 10) <= limit or len(line) == 1 for line in lines)


@given(st.text(st.characters(codec="ascii", exclude_characters=" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f")))
def test_nothing_is_lost_where_there_are_lines_enough(text: str) -> None:
    assert "".join(wrap(text, 10, 60, 1000, in_names=True)) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("maps & <b>", "maps & <b>"),
        ("a\nb\tc\x00\x7f", "a␊b␉c␀␡"),
        ("\x85\u2028\ud800\ufffe\U0001ffff", "�����"),
        ("left\u202eright", "left�right"),
        ("Größe 図 🗺", "Größe 図 🗺"),
    ],
)
def test_what_cannot_be_shown_gets_a_visible_sign(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_every_text_becomes_one_that_xml_can_hold(text: str) -> None:
    element = ET.Element("text")
    element.text = printable(text)
    assert ET.fromstring(ET.tostring(element, "utf-8")).text == (printable(text) or None)


def test_a_word_of_a_million_letters_is_cut_at_once() -> None:
    assert wrap("a" * 1_000_000, 10, 62, 2) == ("a" * 10, "a" * 8 + "…")
