"""What expressions, groups and values mean in a full configuration."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from sarto.model.evaluation import evaluate, holds, is_valid
from sarto.model.expression import Expression, Not, Value
from sarto.model.feature_model import FeatureModel

from .reading import expression, model
from .strategies import expressions

SHOP = """
[features.shop]
optional = ["maps", "size", "title"]
attributes = { price = 10 }
[features.maps]
optional = ["tiles", "routes"]
attributes = { price = 4, vendor = "x", paid = true }
[features.tiles]
attributes = { price = 0.5 }
[features.routes]
attributes = { price = "free" }
[features.size]
type = "integer"
minimum = 1
maximum = 9
[features.title]
type = "string"
"""


def truth(text: str, **on: Value) -> bool:
    shop = model(SHOP)
    return holds(shop, {"shop": True, **on}, expression(text, *shop.features))


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("maps", True), ("!maps", False), ("maps & tiles", False), ("maps | tiles", True), ("maps => tiles", False),
        ("tiles => maps", True), ("maps <=> tiles", False), ("!(maps & tiles) & size", True),
    ],
)  # fmt: skip
def test_a_name_in_a_logical_position_means_that_the_feature_is_selected(text: str, is_true: bool) -> None:
    assert truth(text, maps=True, tiles=False, size=3) == is_true


@pytest.mark.parametrize(
    "text",
    [
        "size == 3", "size * 2 + 1 == 7", "maps + maps == 2", "maps.price == 4", "maps.vendor == 'x'", "maps.paid",
        "title == 'ab'", "len(title) == 2", "floor(maps.price / 3) == 1", "ceil(maps.price / 3) == 2",
    ],
)  # fmt: skip
def test_a_name_in_arithmetic_means_the_value(text: str) -> None:
    assert truth(text, maps=True, size=3, title="ab")


@pytest.mark.parametrize(
    "text",
    [
        "size == 0", "size + 1 == 1", "maps.price == 0", "maps.vendor == ''", "!maps.paid", "!maps.vendor",
        "title == ''", "len(title) == 0", "title < 'a'", "size == title", "!(maps.vendor == 'x')",
    ],
)  # fmt: skip
def test_what_is_not_selected_counts_as_nothing(text: str) -> None:
    assert truth(text)
    assert truth(text, maps=False, size=False, title=False)


def test_an_empty_text_and_zero_are_values_of_features_that_are_there() -> None:
    assert truth("title & title == ''", title="")
    assert truth("size & size == 0", size=0)


@pytest.mark.parametrize("operator", ["==", "!=", "<", ">", "<=", ">="])
def test_a_comparison_that_cannot_be_calculated_is_false(operator: str) -> None:
    assert not truth(f"1 / size {operator} 1")
    assert not truth(f"title + 1 {operator} 1", title="a")
    assert not truth(f"floor(title) {operator} 1", title="a")
    assert not truth(f"len(size) {operator} 1", size=3)
    assert truth(f"!(1 / size {operator} 1)")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("sum(price) == 10", {}),
        ("sum(price) == 14.5", {"maps": True, "tiles": True}),
        ("sum(price, maps) == 4.5", {"maps": True, "tiles": True}),
        ("sum(price, maps) == 0", {}),
        ("avg(price) == 7", {"maps": True}),
        ("avg(price, maps) == 4", {"maps": True, "routes": True}),
        ("avg(price, size) == 0", {"size": 3}),
        ("sum(paid) == 0", {"maps": True}),
    ],
)
def test_a_sum_takes_the_numbers_of_the_selected_features(text: str, on: dict[str, Value]) -> None:
    assert truth(text, **on)


@pytest.mark.parametrize(
    ("groups", "valid"),
    [
        ('mandatory = ["a", "b"]', ["11"]),
        ('optional = ["a", "b"]', ["00", "01", "10", "11"]),
        ('or = ["a", "b"]', ["01", "10", "11"]),
        ('alternative = ["a", "b"]', ["01", "10"]),
        ('groups = [{ min = 0, max = 1, of = ["a", "b"] }]', ["00", "01", "10"]),
        ('groups = [{ min = 2, max = 2, of = ["a", "b"] }]', ["11"]),
    ],
)
def test_a_configuration_keeps_every_group_of_what_is_selected(groups: str, valid: list[str]) -> None:
    shop = model(f'[features.shop]\noptional = ["x"]\n[features.x]\n{groups}\n')
    found = [
        "".join(str(int(bit)) for bit in bits)
        for bits in product([False, True], repeat=2)
        if is_valid(shop, dict(zip(("shop", "x", "a", "b"), (True, True, *bits), strict=True)))
    ]
    assert found == valid
    assert is_valid(shop, {"shop": True})
    assert not is_valid(shop, {"shop": True, "a": True, "b": True})


def test_the_root_is_in_every_configuration() -> None:
    assert not is_valid(model("[features.shop]\n"), {})
    assert is_valid(model("[features.shop]\n"), {"shop": True})


def test_an_unknown_feature_is_in_none() -> None:
    assert not is_valid(model("[features.shop]\n"), {"shop": True, "maps": False})


@pytest.mark.parametrize(
    ("value", "valid"), [(5, True), (False, True), (0, False), (10, False), (True, False), ("5", False), (5.0, False)]
)
def test_a_typed_feature_needs_a_value_that_fits(value: Value, valid: bool) -> None:
    assert is_valid(model(SHOP), {"shop": True, "size": value}) == valid


def test_every_constraint_holds_in_a_configuration() -> None:
    shop = model(
        '[features.shop]\noptional = ["a", "b"]\n[[constraints]]\nrule = "a => b"\n[[constraints]]\nrule = "!b"\n'
    )
    assert is_valid(shop, {"shop": True})
    assert not is_valid(shop, {"shop": True, "a": True})
    assert not is_valid(shop, {"shop": True, "a": True, "b": True})


@given(expressions(["a", "b"]))
def test_an_expression_or_its_negation_is_true(given_expression: Expression) -> None:
    tree: FeatureModel = model('[features.shop]\noptional = ["a", "b"]\n')
    for a, b in product([False, True], repeat=2):
        values: dict[str, Value] = {"shop": True, "a": a, "b": b}
        assert evaluate(given_expression, values, tree) != evaluate(Not(given_expression), values, tree)
