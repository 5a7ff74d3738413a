"""What stands in braces: values, nested and in lists, and constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sarto.errors import Place
from sarto.model.expression import Aggregate, Compare, Number
from sarto.model.feature_model import FeatureModel
from sarto.model.grammar import write
from sarto_uvl.reading import read_text
from sarto_uvl.writing import write as write_model

Said = Callable[..., list[str]]
Shown = Callable[[FeatureModel], list[str]]


@pytest.mark.parametrize(
    ("braces", "attributes"),
    [
        ("{}", {}),
        ("{ }", {}),
        ("{price 3}", {"price": 3}),
        ("{price -3, weight 0.5, depth -.25, nothing 0}", {"price": -3, "weight": 0.5, "depth": -0.25, "nothing": 0}),
        ("{important}", {"important": True}),
        ("{important true, cheap false}", {"important": True, "cheap": False}),
        ("{doc 'It says \"yes\", {really} // no comment'}", {"doc": 'It says "yes", {really} // no comment'}),
        ('{"net price" 3, "or" 4, "constraint" 5}', {"net price": 3, "or": 4, "constraint": 5}),
        ("{values ['a', 'b', 3, true, []]}", {"values": ["a", "b", 3, True, []]}),
        ("{size {width 3, height {in 'cm'}}, x}", {"size": {"width": 3, "height": {"in": "cm"}}, "x": True}),
        ("{list [{a 1, b {}}, {c}]}", {"list": [{"a": 1, "b": {}}, {"c": True}]}),
        ("{\n\n  price 3, // in euros\n  weight 4\n}", {"price": 3, "weight": 4}),
        ("{abstract 'no'}", {"abstract": "no"}),
        ("{sarto 3}", {"sarto": 3}),
        ("{big 123456789012345678901234567890}", {"big": 123456789012345678901234567890}),
        ("{größe 3, a#b 4}", {"größe": 3, "a#b": 4}),
    ],
)  # fmt: skip
def test_attributes_keep_their_values_and_types(braces: str, attributes: dict[str, Any]) -> None:
    found = read_text(f"features\n A {braces}\n  or\n   B\n", strict="größe" not in braces).model.features
    assert found["A"].attributes == attributes
    assert [type(value) for value in found["A"].attributes.values()] == [type(value) for value in attributes.values()]
    assert list(found) == ["A", "B"]


def test_a_constraint_in_braces_is_a_constraint_of_the_model(shown: Shown) -> None:
    model = read_text(
        """features
    A {price 3, constraint sum(price, A) > 2, constraints [A => B,
                                                           (A | C) & A.price == 3]}
        optional
            B {constraint (B =>
                C), x {constraints []}}
            C
constraints
    A
""",
        "m.uvl",
    ).model
    assert shown(model)[1:] == ["sum(price, A) > 2", "A => B", "(A | C) & A.price == 3", "B => C", "A"]
    assert [constraint.where for constraint in model.constraints] == [
        Place("m.uvl", line=2, column=28),
        Place("m.uvl", line=2, column=60),
        Place("m.uvl", line=3, column=60),
        Place("m.uvl", line=5, column=27),
        Place("m.uvl", line=9, column=5),
    ]
    assert model.features["A"].attributes == {"price": 3}
    assert model.features["B"].attributes == {"x": {}}


def test_an_unknown_name_in_a_constraint_in_braces_has_its_own_place(faults_of: Said) -> None:
    assert faults_of("features\n A {x 1,\n    constraints [A => B,\n  A & (C |\n   D)]}\n") == [
        "3:23: unknown feature 'B'",
        "4:8: unknown feature 'C'",
        "5:4: unknown feature 'D'",
    ]


def test_attributes_of_one_hundred_levels_are_read() -> None:
    value: Any = read_text("features\n A " + "{a " * 99 + "{}" + "}" * 99 + "\n").model.features["A"].attributes
    for _ in range(99):
        value = value["a"]
    assert value == {}


@pytest.mark.parametrize(
    ("braces", "said"),
    [
        ("{", "2:5: expected an attribute, but found the end of the line"),
        ("{price", "2:10: expected a value, but found the end of the line"),
        ("{price 3", "2:12: expected ',' or '}', but found the end of the line"),
        ("{price 3 4}", "2:13: expected ',' or '}', but found '4'"),
        ("{price 3,}", "2:13: expected an attribute, but found '}'"),
        ("{price three}", "2:11: expected a value, but found 'three'\n  hint: a text stands in 'single quotes'"),
        ("{price = 3}", "2:11: expected a value, but found '='"),
        ("{'price' 3}", "2:5: expected an attribute, but found ''price''"),
        ("{a.b 3}", "2:6: expected a value, but found '.'"),
        ("{price 3, price 4}", "2:14: the attribute 'price' is there twice"),
        ("{p 3, q [1, p 2]}", "2:16: expected a value, but found 'p'\n  hint: a text stands in 'single quotes'"),
        ("{l [1, 2}", "2:12: expected ',' or ']', but found '}'"),
        ("{l [1 2]}", "2:10: expected ',' or ']', but found '2'"),
        ("{t 'never closed}", "2:7: expected a value, but found a quote (') that is never closed"),
        ("{constraint}", "2:15: expected a constraint, but found '}'"),
        ("{constraints A}", "2:17: expected '[' and a list of constraints, but found 'A'"),
        ("{constraints [A}", "2:19: expected ',' or ']', but found '}'"),
        ("{constraint A &}", "2:19: expected a feature or a value, but found the end"),
        ("{p " + "9" * 5000 + "}", "2:7: the number " + "9" * 57 + "... is too large"),
        ("{p " + "9" * 500 + ".5}", "2:7: the number " + "9" * 57 + "... is too large"),
        ("{a " * 101 + "}" * 101, "2:304: attributes are nested deeper than 100 levels"),
        ("{a " + "[" * 101 + "]" * 101 + "}", "2:106: attributes are nested deeper than 100 levels"),
    ],
)
def test_braces_that_cannot_be_read_are_refused(braces: str, said: str, faults_of: Said) -> None:
    assert faults_of(f"features\n A {braces}\n") == [said]


def test_the_features_below_unreadable_braces_are_known_all_the_same(faults_of: Said) -> None:
    text = "features\n A {price}}\n  or\n   B {x 'y}\n   C\nconstraints\n A & B & C & D\n"
    assert [said.partition(":")[0] for said in faults_of(text)] == ["2", "4", "7"]


def test_a_constraint_can_ask_for_attributes_at_any_depth(shown: Shown) -> None:
    text = 'features\n A {size {"net width" 3}, ok}\nconstraints\n A.size."net width" > 2 & A.ok\n'
    [constraint] = read_text(text).model.constraints
    assert write(constraint.expression) == 'A.size."net width" > 2 & A.ok != 0'


def test_a_sum_over_a_typed_feature_in_instances_adds_up_their_values_and_comes_back_so() -> None:
    text = "features\n\tHome\n\t\tmandatory\n\t\t\tRoom cardinality [1..3]\n\t\t\t\tmandatory\n"
    text += "\t\t\t\t\tInteger Area\nconstraints\n\tsum(Area) < 60\n"
    reading = read_text(text)
    assert not reading.warnings
    again = read_text(write_model(reading.model)).model
    assert again.constraints[0].expression == Compare("<", Aggregate("sum", "Area"), Number(60))
