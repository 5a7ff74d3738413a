"""Attributes: the four types, what is said beside the value, and types that come from further up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sarto.model.feature_model import FeatureModel
from sarto_featureide.reading import read_text
from sarto_featureide.writing import write

Said = Callable[..., list[str]]
SANDWICH = """<extendedFeatureModel>
<struct>
<and mandatory="true" name="Sandwich">
<attribute configurable="true" name="Calories" recursive="true" type="long" unit="kcal"/>
<attribute name="Price" recursive="true" type="double" unit="" value="0.5"/>
<alt mandatory="true" name="Bread">
<feature name="Toast"><attribute name="Calories" value="313"/><attribute name="Price" value="1"/></feature>
<feature name="Grain"><attribute name="organic" type="boolean" unit="" value="true"/></feature>
</alt>
</and>
</struct>
</extendedFeatureModel>"""


def attributes(text: str) -> dict[str, object]:
    """Of the one feature of a model, the attributes."""
    [found] = read_text(model(text), strict=True).model.features.values()
    return dict(found.attributes)


def model(text: str) -> str:
    return f'<extendedFeatureModel>\n<struct><feature name="R">\n{text}\n</feature></struct></extendedFeatureModel>'


def features(text: str) -> FeatureModel:
    return read_text(text, "m.xml", strict=True).model


def test_values_have_their_types() -> None:
    assert attributes("""<attribute name="a" type="long" value="-7"/><attribute name="b" type="double" value="7"/>
        <attribute name="c" type="boolean" value="False"/><attribute name="d" type="string" value="7"/>
        <attribute name="e" type="string" value=""/>""") == {"a": -7, "b": 7.0, "c": False, "d": "7", "e": ""}
    assert isinstance(attributes('<attribute name="b" type="double" value="7"/>')["b"], float)


def test_what_is_said_beside_the_value_is_kept() -> None:
    found = features(SANDWICH).features
    assert found["Sandwich"].attributes == {
        "Price": 0.5,
        "featureide": {
            "Calories": {"unit": "kcal", "recursive": True, "configurable": True, "type": "long"},
            "Price": {"recursive": True},
        },
    }


def test_a_type_comes_from_a_recursive_attribute_further_up() -> None:
    found = features(SANDWICH).features
    assert found["Toast"].attributes == {"Calories": 313, "Price": 1.0}
    assert found["Bread"].attributes == {}
    assert found["Grain"].attributes == {"organic": True}


def test_a_type_does_not_come_from_elsewhere(faults_of: Said) -> None:
    text = SANDWICH.replace(' recursive="true" type="long"', ' type="long"')
    hint = "\n  hint: the types are boolean, long, double, string"
    assert faults_of(text) == [f"7:23: 'Calories' has no type{hint}"]


def test_attributes_are_written_as_featureide_has_them() -> None:
    text = write(features(SANDWICH))
    for line in (
        '<attribute name="Calories" type="long" unit="kcal" recursive="true" configurable="true"/>',
        '<attribute name="Price" type="double" value="0.5" unit="" recursive="true"/>',
        '<attribute name="organic" type="boolean" value="true" unit=""/>',
    ):
        assert line in text
    assert read_text(text).model == features(SANDWICH)


DEEP = f"{{&quot;a&quot;: {'[' * 200}{']' * 200}}}"
FAULTY = [
    ('<attribute type="long"/>', "3:1: this attribute has no name"),
    ('<attribute name="a" type="float"/>',
     "3:1: 'float' is no type of an attribute\n  hint: the types are boolean, long, double, string"),
    ('<attribute name="a" type="long" value="1.5"/>', "3:1: '1.5' is no value of 'a', which has the type long"),
    ('<attribute name="a" type="long" value="9223372036854775808"/>',
     "3:1: '9223372036854775808' is no value of 'a', which has the type long"),
    ('<attribute name="a" type="long" value="1_0"/>', "3:1: '1_0' is no value of 'a', which has the type long"),
    ('<attribute name="a" type="double" value="nan"/>', "3:1: 'nan' is no value of 'a', which has the type double"),
    ('<attribute name="a" type="boolean" value="1"/>', "3:1: '1' is no value of 'a', which has the type boolean"),
    ('<attribute name="a" type="string" value="x"/>\n<attribute name="a" type="string"/>',
     "4:1: the attribute 'a' is there twice"),
    ('<attribute name="a" type="long" recursive="1"/>', "3:1: recursive=\"1\" is neither 'true' nor 'false'"),
    ('<attribute name="a" type="long" min="1"/>', "3:1: an attribute has no 'min'"),
    ('<attribute name="sarto.attributes" type="string" value="{"/>',
     "2:9: sarto.attributes is no JSON that can be read"),
    ('<attribute name="sarto.attributes" type="string" value="[]"/>',
     "2:9: sarto.attributes is no table of attributes"),
    (f'<attribute name="sarto.attributes" type="string" value="{DEEP}"/>',
     "2:9: sarto.attributes is nested deeper than 100 levels"),
    ('<attribute name="sarto.parts" type="string" value="x"/>', "2:9: sarto.parts is no JSON that can be read"),
    ('<attribute name="sarto.stage" type="string" value="usr"/>',
     "2:9: sarto.stage: 'usr' is not a stage\n  hint: did you mean 'user'?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), FAULTY)
def test_an_attribute_that_cannot_be_read_is_an_error_with_its_place(text: str, said: str, faults_of: Said) -> None:
    assert faults_of(model(text), strict=True) == [said]


def test_hidden_is_said_once(faults_of: Said) -> None:
    text = model('<attribute name="hidden" type="long" value="2"/>').replace('"R"', '"R" hidden="true"')
    assert faults_of(text) == ["2:9: the attribute 'hidden' says something else than hidden=\"true\""]
