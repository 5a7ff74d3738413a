"""Models as UVL: what is written, word for word, and what cannot be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sarto.errors import Place, SartoError
from sarto.model.expression import (
    Aggregate,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Number,
    Text,
)
from sarto.model.feature import Constraint, Delivery, Feature, Group, GroupKind, Stage, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml
from sarto_uvl.reading import read_text
from sarto_uvl.writing import write


def test_a_model_is_written_in_the_order_of_its_tree() -> None:
    model = FeatureModel(
        root="big shop",
        features={
            "Footer": Feature(name="Footer", attributes={"or": [1, "x", {"y": False}], "net price": 0.5}),
            "big shop": Feature(name="big shop", abstract=True),
            "Size": Feature(name="Size", type=ValueType.INTEGER, instances=(1, None)),
            "s.Small": Feature(name="s.Small", instances=(0, 2)),
            "Type": Feature(name="Type", type=ValueType.STRING),
            "größe": Feature(name="größe", type=ValueType.REAL, abstract=True, attributes={"z": True, "a": {}}),
        },
        groups=(
            Group("Size", GroupKind.ALTERNATIVE, ("s.Small", "Type")),
            Group("big shop", GroupKind.CARDINALITY, ("Size", "größe"), 1, 2),
            Group("big shop", GroupKind.MANDATORY, ("Footer",)),
        ),
        constraints=(Constraint(Compare("<", FeatureReference("größe"), Number(1e-7))),),
    )
    text = write(model)
    assert (
        text
        == """features
\t"big shop" {abstract true}
\t\t[1..2]
\t\t\tInteger Size cardinality [1..*]
\t\t\t\talternative
\t\t\t\t\ts.Small cardinality [0..2]
\t\t\t\t\tString "Type"
\t\t\tReal "größe" {abstract true, z true, a {}}
\t\tmandatory
\t\t\tFooter {"or" [1, 'x', {y false}], "net price" 0.5}

constraints
\t"größe" < 0.0000001
"""
    )
    reading = read_text(text, strict=True)
    assert reading.model == model
    assert reading.warnings == ()


def test_what_only_sarto_has_words_for_stands_in_its_own_attribute() -> None:
    model = model_from_toml(
        """
[line]
root = "shop"

[features.shop]
optional = ["maps", "size"]

[features.maps]
summary = "It's a map"
default = true
stage = "user"
parts = ["maps>=1; python_version < '3.12'"]
before = ["size"]

[features.size]
type = "integer"
minimum = 10
default = 50

[[constraints]]
rule = "maps => size"
because = "Maps have\\na size."

[[constraints]]
rule = "maps => size"
because = "They really have."
""",
        "features.toml",
    )
    text = write(model)
    assert (
        text
        == r"""features
	shop {sarto {rules [{rule 'maps => size', because 'Maps have\na size.'}, """
        + r"""{rule 'maps => size', number 2, because 'They really have.'}]}}
		optional
			maps {sarto {summary 'It\u0027s a map', default true, stage 'user', """
        + r"""parts ['maps>=1; python_version < \u00273.12\u0027'], before ['size']}}
			Integer size {sarto {minimum 10, default 50}}

constraints
	maps => size
	maps => size
"""
    )
    assert read_text(text, strict=True).model == model


def one(name: str = "A", **facts: Any) -> FeatureModel:
    """A model of a single feature."""
    return FeatureModel(
        root=name, features={name: Feature(name=name, where=Place("features.toml", "features.A"), **facts)}
    )


def over(expression: Expression) -> FeatureModel:
    """A model with this constraint over ``A`` and its attribute ``price``."""
    features = {"A": Feature(name="A", attributes={"price": 3}), "N": Feature(name="N", type=ValueType.INTEGER)}
    constraint = Constraint(expression, where=Place("features.toml", "constraints[0].rule"))
    groups = (Group("A", GroupKind.OPTIONAL, ("N",)),)
    return FeatureModel(root="A", features=features, groups=groups, constraints=(constraint,))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (one('a "b"'), "'a \"b\"' cannot name a feature in UVL"
                       "\n  hint: UVL's names have no double quotes or line breaks, and no dots at their ends"),
        (one("a.."), "'a..' cannot name a feature in UVL"
                     "\n  hint: UVL's names have no double quotes or line breaks, and no dots at their ends"),
        (one(attributes={"a.b": 1}), "'a.b' cannot name an attribute in UVL"
                                     "\n  hint: UVL's names have no double quotes, line breaks or dots"),
        (one(attributes={"": 1}), "'' cannot name an attribute in UVL"
                                  "\n  hint: UVL's names have no double quotes, line breaks or dots"),
        (one(attributes={"x": "it's"}), "the text 'it's' cannot be written in UVL"
                                        "\n  hint: UVL's texts have no single quotes and no line breaks"),
        (one(attributes={"x": ["a\nb"]}), "the text 'a\nb' cannot be written in UVL"
                                          "\n  hint: UVL's texts have no single quotes and no line breaks"),
        (one(attributes={"x": ""}), "UVL has no empty texts"),
        (one(attributes={"x": float("inf")}), "UVL has no infinite numbers"),
        (one(attributes={"x": date(2026, 1, 2)}), "UVL has no values like 2026-01-02\n  hint: write it as a text"),
        (one(attributes={"sarto": {}}), "the attribute 'sarto' of 'A' would be read as something else than an attribute"
                                        "\n  hint: rename it"),
        (one(attributes={"abstract": True}), "the attribute 'abstract' of 'A' would be read as something else than an "
                                             "attribute\n  hint: rename it"),
    ],
)  # fmt: skip
def test_a_feature_that_uvl_has_no_words_for_is_refused(model: FeatureModel, said: str) -> None:
    with pytest.raises(SartoError) as caught:
        write(model)
    assert str(caught.value) == f"features.toml: features.A: {said}"


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (Compare("==", FeatureReference("A"), Text("it's")), "the text 'it's' cannot be written in UVL"
         "\n  hint: UVL's texts have no single quotes and no line breaks"),
        (Compare("==", FeatureReference("A"), Text("")), "UVL has no empty texts"),
        (Compare("==", FeatureReference("A"), Number(float("inf"))), "UVL has no infinite numbers"),
        (Compare("==", FeatureReference("A"), Function("floor", Number(0.5))),
         "UVL has 'floor' of a feature or an attribute alone\n  hint: compare both sides without it"),
        (Compare("==", FeatureReference("A"), Aggregate("sum", "N")),
         "'sum' of 'N', which is no attribute, would be read as its value"),
    ],
)  # fmt: skip
def test_a_constraint_that_uvl_has_no_words_for_is_refused(expression: Expression, said: str) -> None:
    with pytest.raises(SartoError) as caught:
        write(over(expression))
    assert str(caught.value) == f"features.toml: constraints[0].rule: {said}"


def test_everything_that_cannot_be_written_is_reported_together() -> None:
    model = FeatureModel(
        root="A",
        features={"A": Feature(name="A", attributes={"x": "", "y.z": "it's"}), '"': Feature(name='"')},
        groups=(Group("A", GroupKind.OR, ('"',)),),
        constraints=(Constraint(Compare("<", FeatureReference("A"), Number(float("inf")))),),
    )
    with pytest.raises(SartoError) as caught:
        write(model)
    assert len(caught.value.errors) == 5


def test_names_that_could_be_two_things_are_refused() -> None:
    features = {"A": Feature(name="A", attributes={"b": {"c": 1}}), "A.b": Feature(name="A.b")}
    model = FeatureModel(root="A", features=features, groups=(Group("A", GroupKind.OR, ("A.b",)),))
    with pytest.raises(SartoError) as caught:
        write(model)
    assert str(caught.value) == "'A.b' is a feature, and may be an attribute of 'A' too\n  hint: rename one of the two"


def test_attributes_deeper_than_can_be_read_are_refused() -> None:
    attributes: dict[str, Any] = {}
    for _ in range(100):
        attributes = {"a": attributes}
    with pytest.raises(SartoError, match="attributes are nested deeper than 100 levels"):
        write(one(attributes=attributes))
    assert read_text(write(one(attributes=attributes["a"]))).model.features["A"].attributes == attributes["a"]


def test_numbers_are_written_in_full() -> None:
    numbers = {"a": 1e300, "b": 5e-324, "c": -0.0, "d": 10**30, "e": 1.0, "f": -7, "g": 0.1}
    model = one(attributes=numbers)
    assert "e 1.0" in write(model)
    assert "e+" not in write(model)
    found = read_text(write(model), strict=True).model.features["A"].attributes
    assert [repr(number) for number in found.values()] == [repr(number) for number in numbers.values()]


def test_delivery_and_stage_have_their_words() -> None:
    delivery = Delivery(parts=("x",), setting="s", was=("old",))
    model = one(stage=Stage.VENDOR, delivery=delivery, default=False)
    assert write(model) == (
        "features\n\tA {sarto {default false, stage 'vendor', setting 's', parts ['x'], was ['old']}}\n"
    )
    assert read_text(write(model)).model == model
