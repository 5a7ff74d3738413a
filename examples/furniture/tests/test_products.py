"""Each customer's build prints the sheet and draws the picture of what was ordered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from joinery import Order
from joinery.bill import bill_of, sheet
from joinery.picture import picture_of
from sarto.line import ProductLine
from sarto.model.prices import quote_to_data

from ...asking import Product
from ...rehearsing import rehearsed
from ...workshop import Workshop
from . import reckoning
from .conftest import CUSTOMERS, EXAMPLE

pytestmark = pytest.mark.network


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_build_says_and_draws_what_its_customer_ordered(
    products: Mapping[str, Product], line: ProductLine, customer: str, tmp_path: Path
) -> None:
    product, selection = products[customer], line.selection(EXAMPLE / "selections" / f"{customer}.toml")
    chosen = line.resolve(selection).configuration
    order = Order(selection.customer, chosen)
    with rehearsed(line, chosen):
        expected, drawn = [*sheet(order, bill_of(order))], picture_of(order)
    assert product.said("sheet").splitlines() == expected
    product.said("picture", "-o", "set.svg", at=tmp_path)
    assert (tmp_path / "set.svg").read_text(encoding="utf-8") == drawn
    (tmp_path / "quote.json").write_text(json.dumps(quote_to_data(line.quote(selection))))
    priced = product.said("sheet", "--quote", "quote.json", at=tmp_path).splitlines()
    assert priced[: len(expected)] == expected
    assert priced[-1].split() == ["to", "pay", str(reckoning.price(chosen)), "EUR"]


def test_the_bistros_sheet_word_for_word(products: Mapping[str, Product]) -> None:
    assert (
        products["bistro"].said("sheet")
        == """\
Harbour Bistro: table, bench
table      6 hairpin leg    steel    713 x 130 x 130
table      2 side apron     walnut   776 x 90 x 22
table      2 apron          walnut   2120 x 90 x 22
table      1 top            walnut   2200 x 900 x 27
table      3 drawer front   walnut   400 x 74 x 18
table      3 knob           steel    24 x 24 x 24
bench      4 hairpin leg    steel    413 x 130 x 130
bench      2 rail           walnut   1720 x 70 x 22
bench      1 seat           walnut   1800 x 400 x 37
bench      1 cushion        leather  1780 x 380 x 60
stores   3 pcs drawer box with runners
stores   1.77 m2 leather
timber: 0.0985 m3 of walnut, 63.0 kg
"""
    )


def test_the_picture_in_the_readme_is_the_one_that_is_drawn(products: Mapping[str, Product], tmp_path: Path) -> None:
    products["library"].said("picture", "-o", str(tmp_path / "library.svg"))
    assert (tmp_path / "library.svg").read_bytes() == (EXAMPLE / "library.svg").read_bytes()


def test_what_was_not_ordered_is_not_in_the_build(products: Mapping[str, Product]) -> None:
    names = {path.name.partition("-")[0] for path in (products["bistro"].folder / "parts").iterdir()}
    assert names & {"joinery_shelves", "joinery_paint", "joinery_table"} == {"joinery_table"}


def test_a_hostile_customers_picture_is_a_picture(workshop: Workshop, tmp_path: Path) -> None:
    selection = tmp_path / "hostile.toml"
    name = "</title><script>alert(1)</script>&"
    selection.write_text(f'line = "{EXAMPLE / "features.toml"}"\ncustomer = "{name}"\n[select]\nbench = true\n')
    workshop.build(selection).said("picture", "-o", "set.svg", at=tmp_path)
    root = ElementTree.parse(tmp_path / "set.svg").getroot()
    assert root[0].text == f"{name}: bench"
    assert [each for each in root.iter() if "script" in each.tag] == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["picture", "-o", "nowhere/set.svg"], 1, "nowhere/set.svg: No such file or directory\n"),
        (["sheet", "--quote", "missing.json"], 1, "missing.json: No such file or directory\n"),
        (["sheet", "--quote", "bad.json"], 1, "bad.json: is not what 'sarto quote --json' prints\n"),
        (["carve"], 2, "invalid choice: 'carve'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    products: Mapping[str, Product], tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    (tmp_path / "bad.json").write_text("[]")
    done = products["bistro"].ask(*words, at=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.endswith(said) if code == 1 else said in done.stderr
    assert "Traceback" not in done.stderr
