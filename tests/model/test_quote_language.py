"""Numbers, money and dates of an offer, as a language writes them, digit by digit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.model.quote_language import ENGLISH, written_date, written_money, written_number

BEHIND = replace(
    ENGLISH, tag="xx", decimal=",", grouping=".", money="{number}\u00a0{sign}", date="{year}/{month}/{day}"
)


@pytest.mark.parametrize(
    ("number", "english", "behind"),
    [
        ("0", "0", "0"), ("-0.00", "0.00", "0,00"), ("7", "7", "7"), ("999.995", "999.995", "999,995"),
        ("-1000.50", "-1,000.50", "-1.000,50"), ("1234567", "1,234,567", "1.234.567"), ("1E+3", "1,000", "1.000"),
        ("123456789012345678901234567890.125", "123,456,789,012,345,678,901,234,567,890.125",
         "123.456.789.012.345.678.901.234.567.890,125"),
    ],
)  # fmt: skip
def test_a_number_has_all_its_digits_in_groups_of_three(number: str, english: str, behind: str) -> None:
    assert written_number(Decimal(number), ENGLISH) == english
    assert written_number(Decimal(number), BEHIND) == behind


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_nothing_is_rounded(number: Decimal) -> None:
    written = written_number(number, BEHIND)

    assert Decimal(written.replace(".", "").replace(",", ".")) == number
    assert all(len(group) == 3 for group in written.partition(",")[0].split(".")[1:])


@pytest.mark.parametrize(
    ("currency", "english", "behind"),
    [
        ("EUR", "-€1,234.50", "-1.234,50\u00a0€"), ("USD", "-$1,234.50", "-1.234,50\u00a0$"),
        ("CHF", "-CHF\u00a01,234.50", "-1.234,50\u00a0CHF"), ("", "-1,234.50", "-1.234,50"),
    ],
)  # fmt: skip
def test_money_has_its_sign_where_the_language_puts_it_and_a_code_where_it_has_none(
    currency: str, english: str, behind: str
) -> None:
    assert written_money(Decimal("-1234.50"), currency, ENGLISH) == english
    assert written_money(Decimal("-1234.50"), currency, BEHIND) == behind


def test_a_date_is_written_out_and_any_other_text_is_left_as_it_is() -> None:
    assert written_date("2026-03-05", ENGLISH) == "5 March 2026"
    assert written_date("2026-12-31", BEHIND) == "2026/December/31"
    for other in ("", "soon", "2026-02-30", "20260305", "2026-W10-4", "٢٠٢٦-03-05"):
        assert written_date(other, ENGLISH) == other
