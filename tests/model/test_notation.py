"""Numbers and messages as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.errors import Place
from sarto.model.expression import Compare, FeatureReference, Number
from sarto.model.grammar import parse, write
from sarto.model.notation import decimal, quoted, shortened, spelled


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3, "3"),
        (-3, "-3"),
        (0.5, "0.5"),
        (1.0, "1.0"),
        (1e-7, "0.0000001"),
        (1e22, "1" + "0" * 22 + ".0"),
        (-0.0, "-0.0"),
    ],
)
def test_a_number_is_written_in_decimal_digits(number: float, text: str) -> None:
    assert decimal(number) == text


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_reads_back_equal(number: float) -> None:
    expression = Compare("<", FeatureReference("a"), Number(number))
    found = parse(write(expression), Place())
    assert isinstance(found, Compare)
    assert isinstance(found.right, Number)
    assert repr(found.right.value) == repr(number)


@pytest.mark.parametrize(
    ("name", "text"),
    [("maps", "maps"), ("a.b", "a.b"), ("a.b c", 'a."b c"'), ("a.or", 'a."or"'), ("a..b", '"a..b"'), ("_a", '"_a"')],
)
def test_a_uvl_file_quotes_a_name_part_by_part(name: str, text: str) -> None:
    assert quoted(name) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("maps", "maps"), ("a.b", "a.b"), ("v1.2 # beta", '"v1.2 # beta"'), ("a.or", '"a.or"'), ("n.1", '"n.1"')],
)
def test_a_rule_quotes_a_name_as_a_whole(name: str, text: str) -> None:
    assert spelled(name) == text
    assert parse(text, Place(), [name]) == FeatureReference(name)


def test_a_long_text_is_cut_in_messages() -> None:
    assert shortened("x" * 60) == "x" * 60
    assert shortened("x" * 61) == "x" * 57 + "..."
