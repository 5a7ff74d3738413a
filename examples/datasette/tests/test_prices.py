"""What the three customers pay, and that every price rule of the line comes to something for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sarto.line import ProductLine
from sarto.model.prices import PriceKind, quote_of
from sarto.model.selection import Wish
from sarto.solve.reasons import Resolution

from .conftest import EXAMPLE


@pytest.mark.parametrize(
    ("customer", "total"), [("library", "2167.94"), ("museum", "2996.32"), ("clinic", "2305.80")]
)  # fmt: skip
def test_a_customer_pays_what_the_lines_of_the_quote_add_up_to(
    line: ProductLine, resolutions: Mapping[str, Resolution], customer: str, total: str
) -> None:
    quote = quote_of(line.description, resolutions[customer].configuration)

    assert (quote.currency, str(quote.total)) == ("EUR", total)
    assert sum(each.amount for each in quote.lines) == quote.total


def test_a_large_order_has_every_rule_on_its_quote(line: ProductLine) -> None:
    selection = line.selection(EXAMPLE / "selections" / "museum.toml")
    wishes = {"outlines": True, "maps": True, "max_rows": 21_000, "search": True}
    more = replace(
        selection, open={}, wishes=selection.wishes | {name: Wish(name, value) for name, value in wishes.items()}
    )
    quote = line.quote(more)

    assert line.written.prices is not None
    rules = [each for each in quote.lines if each.kind is PriceKind.RULE]
    assert [each.label for each in rules] == [rule.name for rule in line.written.prices.rules]
    assert [str(each.amount) for each in rules] == ["50.00", "-110.00", "-89.00", "-23.10"]
