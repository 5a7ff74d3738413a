"""Every kind of set has a bill, a price and a picture, and every constraint a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from xml.etree import ElementTree

import pytest
from joinery import Order
from joinery.bill import bill_of
from joinery.picture import picture_of
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.model.prices import quote_of
from sarto.solve.conflict import Conflict
from sarto.solve.sampling.covering import covering_sample

from ...rehearsing import rehearsed, resized, wanting
from . import reckoning

SIZES = ("table_width", "table_depth", "bench_width", "shelf_width", "boards", "drawers")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def sets(line: ProductLine) -> list[dict[str, Value]]:
    """Whatever three features can be together is in one of these, each in the line's own sizes and in others."""
    sample = covering_sample(line.model, 3)
    assert sample.is_complete
    random = Random(7)
    as_they_are = [dict(each) for each in sample.configurations]
    return as_they_are + [resized(line, each, SIZES, random) for each in as_they_are]


def orders(line: ProductLine, sets: list[dict[str, Value]]) -> Iterator[tuple[dict[str, Value], Order]]:
    for chosen in sets:
        order = Order("A Customer", {name: chosen.get(name, False) for name in line.model.features})
        with rehearsed(line, chosen):
            yield chosen, order


def test_every_constraint_says_why(line: ProductLine) -> None:
    assert [str(constraint.where) for constraint in line.model.constraints if not constraint.because] == []


def test_the_bill_of_every_kind_of_set_adds_up(line: ProductLine, sets: list[dict[str, Value]]) -> None:
    for chosen, order in orders(line, sets):
        bill = bill_of(order)
        assert bill.timber * 10**9 == reckoning.timber(chosen), chosen
        assert all(row.quantity > 0 and min(row.size) > 0 for row in bill.rows), chosen
        assert bill.weight == bill.timber * {"oak": 720, "ash": 690, "walnut": 640}[order.wood]


def test_the_picture_of_every_kind_of_set_has_a_shape_for_each_part(
    line: ProductLine, sets: list[dict[str, Value]]
) -> None:
    for chosen, order in orders(line, sets):
        root = ElementTree.fromstring(picture_of(order))
        drawn = {
            group.attrib["data-piece"]: [shape for shape in group if "data-part" in shape.attrib]
            for group in root.iter(f"{SVG}g")
        }
        assert {piece: len(found) for piece, found in drawn.items()} == reckoning.shapes(chosen), chosen
        billed = {(row.piece, row.part) for row in bill_of(order).rows}
        assert {(piece, each.attrib["data-part"]) for piece, found in drawn.items() for each in found} == billed


def test_the_price_of_every_kind_of_set_is_what_a_pencil_comes_to(
    line: ProductLine, sets: list[dict[str, Value]]
) -> None:
    for chosen in sets:
        assert quote_of(line.description, chosen).total == reckoning.price(chosen), chosen


def test_the_kinds_of_sets_differ(sets: list[dict[str, Value]]) -> None:
    assert len(sets) > 40
    assert Counter(len(reckoning.shapes(chosen)) for chosen in sets).keys() == {1, 2, 3}


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({"table_width": 17, "middle_leg": False}, "sags where nothing carries it"),
        ({"table_width": 8, "drawers": 2}, "Each drawer takes 440 mm"),
        ({"table_width": 12, "bench_width": 10}, "pushed in between the legs"),
        ({"castors": True, "boards": 5, "shelf_width": 4}, "tip over"),
        ({"castors": True, "boards": 4, "shelf_width": 11}, "Four castors carry 64 kg"),
        ({"painted": True, "oak": True}, "tannin"),
        ({"engraving": "x" * 29}, "holds 28 letters"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_reason(
    line: ProductLine, wishes: dict[str, Value], reason: str
) -> None:
    with pytest.raises(Conflict) as refused:
        line.resolve(wanting(wishes))
    assert reason in str(refused.value)


def test_a_wide_table_gets_its_middle_leg_by_itself(line: ProductLine) -> None:
    for width, there in ((16, False), (17, True)):
        assert line.resolve(wanting({"table_width": width})).configuration["middle_leg"] is there


HOSTILE = "</text></svg><script>alert(\"1\")</script> & 'x' \x07\ud800"


def test_hostile_names_stay_text(line: ProductLine) -> None:
    found = line.resolve(wanting({"engraving": True})).configuration
    order = Order(HOSTILE, {**dict.fromkeys(line.model.features, False), **found, "engraving": HOSTILE})
    with rehearsed(line, found):
        root = ElementTree.fromstring(picture_of(order).encode())
        assert bill_of(order).timber == Decimal(reckoning.timber(found)) / 10**9
    shown = HOSTILE.replace("\x07", "\ufffd").replace("\ud800", "\ufffd")
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "title", "rect", "text", "g", "ellipse", "polygon",
    }  # fmt: skip
    assert [each.text for each in root.iter(f"{SVG}text")][:2] == [shown, shown]
