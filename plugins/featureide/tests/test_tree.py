"""The tree of a file: groups, what is said of features, and what published files do beside the format."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sarto.model.feature import Feature
from sarto.model.feature_model import FeatureModel
from sarto_featureide.reading import read_text

Said = Callable[..., list[str]]
Shown = Callable[[FeatureModel], list[str]]


def struct(tree: str) -> str:
    return f"<featureModel>\n<struct>\n{tree}\n</struct>\n</featureModel>"


def test_the_children_of_and_are_mandatory_or_optional_in_runs(shown: Shown) -> None:
    tree = """<and name="R" mandatory="true">
        <feature name="A" mandatory="true"/><feature name="B" mandatory="true"/>
        <feature name="C"/><feature name="D" mandatory="false"/>
        <feature name="E" mandatory="true"/>
    </and>"""
    assert shown(read_text(struct(tree), strict=True).model) == [
        "R: mandatory A, B", "R: optional C, D", "R: mandatory E",
    ]  # fmt: skip


def test_or_and_alt_are_groups_whatever_is_mandatory_in_them(shown: Shown) -> None:
    tree = """<and name="R"><or name="A"><feature name="B" mandatory="true"/><feature name="C"/></or>
        <alt name="D"><feature name="E"/><feature name="F"/></alt></and>"""
    assert shown(read_text(struct(tree), strict=True).model) == [
        "R: optional A, D", "A: or B, C", "D: alternative E, F",
    ]  # fmt: skip


def test_an_alternative_of_one_needs_that_one(shown: Shown) -> None:
    tree = '<alt name="R"><feature name="A"/></alt>'
    assert shown(read_text(struct(tree), strict=True).model) == ["R: alternative A"]


def test_a_file_may_have_its_root_without_struct(shown: Shown) -> None:
    tree = '<or name="R"><feature name="A"/><feature name="B"/></or>'
    text = f'<featureModel chosenLayoutAlgorithm="1">{tree}</featureModel>'
    assert shown(read_text(text, strict=True).model) == ["R: or A, B"]


def test_abstract_hidden_and_the_description_are_kept() -> None:
    tree = """<and abstract="true" hidden="TRUE" name="R" coordinates="1,2"><graphics key="collapsed" value="false"/>
        <description>
            Two lines,
            without what indents them
        </description></and>"""
    model = read_text(struct(tree)).model
    [found] = model.features.values()
    assert found == Feature(
        name="R", abstract=True, attributes={"hidden": True}, summary="Two lines,\nwithout what indents them"
    )  # fmt: skip


def test_layout_and_settings_of_the_editor_say_nothing() -> None:
    text = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<featureModel>
  <properties><graphics key="layout" value="horizontal"/><calculations key="auto" value="true"/></properties>
  <struct><feature name="R"/></struct>
  <constraints/><calculations Auto="true"/><comments/><featureOrder userDefined="false"/>
</featureModel>"""
    assert read_text(text, strict=True).warnings == ()


def test_comments_and_an_order_of_features_are_said_not_to_be_kept() -> None:
    text = """<featureModel><struct><feature name="R"/></struct>
<comments><c>Do not touch</c></comments>
<featureOrder userDefined="true"><feature name="R"/></featureOrder></featureModel>"""
    assert [str(warning) for warning in read_text(text, "m.xml", strict=True).warnings] == [
        "m.xml:2:1: the comments on the model are not kept",
        "m.xml:3:1: the order of the features is not kept",
    ]


def test_places_count_characters_and_not_bytes() -> None:
    model = read_text(
        '<featureModel><struct><and name="é€𝄞"><feature name="A"/></and></struct></featureModel>', "m"
    ).model
    assert str(model.features["A"].where) == "m:1:39"


ODD = [
    ('<or name="R"><feature name="A"/></or>',
     "3:1: <or> 'R' has one feature in it\n  hint: it is read as <and>, as FeatureIDE does"),
    ('<feature name="R"><feature name="A"/></feature>',
     "3:1: <feature> 'R' has features in it\n  hint: it is read as <and>"),
    ('<alt name="R"/>', "3:1: <alt> 'R' has no features in it\n  hint: a leaf is a <feature>"),
    ('<feature name="R" colour="red"/>',
     "3:1: a feature has no 'colour'\n  hint: it has name, mandatory, abstract, hidden"),
    ('<feature name="R"><note/></feature>', "3:19: <note> is nothing that a feature has"),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "said"), ODD)
def test_what_is_odd_and_still_clear_is_a_warning_and_an_error_where_strict(
    tree: str, said: str, faults_of: Said
) -> None:
    reading = read_text(struct(tree), "m.xml")
    assert [str(warning) for warning in reading.warnings] == [f"m.xml:{said}"]
    assert faults_of(struct(tree), strict=True) == [said]


def test_an_or_of_one_feature_leaves_it_optional_as_featureide_does(shown: Shown) -> None:
    assert shown(read_text(struct('<or name="R"><feature name="A"/></or>')).model) == ["R: optional A"]


def test_spaces_around_a_name_are_left_out_everywhere() -> None:
    text = """<featureModel><struct><and name="R"><feature name="Full Grain "/></and></struct>
<constraints><rule><not><var>Full Grain </var></not></rule></constraints></featureModel>"""
    reading = read_text(text, "m.xml", strict=True)
    assert list(reading.model.features) == ["R", "Full Grain"]
    assert [str(warning) for warning in reading.warnings] == [
        "m.xml:1:37: spaces around the name of 'Full Grain' are left out"
    ]


FAULTY = [
    ('<feature/>', ["3:1: this feature has no name"]),
    ('<and name="R"><feature name="A"/>\n<feature name="A"/></and>',
     ["4:1: the feature 'A' is there twice\n  hint: give one of the two another name; the first is m.xml:3:15"]),
    ('<feature name="R"/>\n<and name="S"/>', ["4:1: a model has one root feature, and this is another"]),
    ('<feature name="R" abstract="yes"/>', ["3:1: abstract=\"yes\" is neither 'true' nor 'false'"]),
    ('<xor name="R"/>',
     ["3:1: <xor> stands where a feature is expected\n  hint: a feature is one of and, or, alt, feature"]),
    ('', ["1:1: this model has no features\n  hint: put a root feature into <struct>"]),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "said"), FAULTY)
def test_a_tree_that_cannot_be_read_is_an_error_with_its_place(tree: str, said: list[str], faults_of: Said) -> None:
    assert faults_of(struct(tree), strict=True) == said
