"""Each customer's build lists and draws the home that was ordered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from homestead.bill import sheet
from homestead.home import home_of
from homestead.plan import plan_of
from sarto.line import ProductLine
from sarto.model.prices import quote_to_data

from ...asking import Product
from ...rehearsing import rehearsed
from . import reckoning
from .conftest import CUSTOMERS, EXAMPLE

pytestmark = pytest.mark.network


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_build_lists_and_draws_what_its_customer_ordered(
    products: Mapping[str, Product], line: ProductLine, customer: str, tmp_path: Path
) -> None:
    product, selection = products[customer], line.selection(EXAMPLE / "selections" / f"{customer}.toml")
    chosen = line.resolve(selection).configuration
    home = home_of(selection.customer, chosen)
    with rehearsed(line, chosen):
        expected, drawn = [*sheet(home)], plan_of(home)
    assert product.said("list").splitlines() == expected
    product.said("plan", "-o", "home.svg", at=tmp_path)
    assert (tmp_path / "home.svg").read_text(encoding="utf-8") == drawn
    (tmp_path / "quote.json").write_text(json.dumps(quote_to_data(line.quote(selection))))
    priced = product.said("list", "--quote", "quote.json", at=tmp_path).splitlines()
    assert priced[: len(expected)] == expected
    assert priced[-1].split() == ["to", "pay", f"{reckoning.net(chosen) * Decimal('1.1'):.2f}", "EUR"]


def test_the_line_decides_what_was_not_said_of_the_weavers_rooms(line: ProductLine) -> None:
    chosen = line.resolve(line.selection(EXAMPLE / "selections" / "weavers.toml")).configuration
    assert sorted(room.kind for room in reckoning.ordered(chosen)) == ["bath", "kitchen", "living", "study"]


def test_the_cottages_list_word_for_word(products: Mapping[str, Product]) -> None:
    assert (
        products["quarry"].said("list")
        == """\
Quarry Cottages: 3 rooms, 30 m2
1  kitchen   12 m2  windows: 2
2  bath       6 m2  windows: 0
3  bedroom   12 m2  windows: 1
   1 worktop
   1 hob
   1 sink
   1 tub
   1 toilet
   1 basin
   1 bed
   1 wardrobe
   3 pcs window
the house: 4.5 x 9.2 m
"""
    )


def test_the_plan_in_the_readme_is_the_one_that_is_drawn(products: Mapping[str, Product], tmp_path: Path) -> None:
    products["orchard"].said("plan", "-o", str(tmp_path / "orchard.svg"))
    assert (tmp_path / "orchard.svg").read_bytes() == (EXAMPLE / "orchard.svg").read_bytes()


def test_what_was_not_ordered_is_not_in_the_build(products: Mapping[str, Product]) -> None:
    names = {path.name.partition("-")[0] for path in (products["quarry"].folder / "parts").iterdir()}
    assert names & {"homestead_study", "homestead_terrace", "homestead_bath"} == {"homestead_bath"}
