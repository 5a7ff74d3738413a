"""The features section: features, groups, types and cardinalities, by their indentation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sarto.errors import Place
from sarto.model.feature import Feature, Group, GroupKind, ValueType
from sarto.model.feature_model import FeatureModel
from sarto_uvl.reading import read_text

Said = Callable[..., list[str]]
Shown = Callable[[FeatureModel], list[str]]

MODEL = """namespace shop

features
    Shop {abstract}
        mandatory
            Theme
                alternative
                    Plain
                    "Very branded"
            Integer "Page size"
        optional
            Search
        or
            Cash
            Card
        [1..2]
            A
            B
            C
        [2]
            D
            E
        [1..*]
            F
            G
        mandatory
            Footer

constraints
    Search => !Plain
"""


def test_every_kind_of_group_is_read(shown: Shown) -> None:
    assert shown(read_text(MODEL).model) == [
        "Shop: mandatory 2..2 of Theme, Page size",
        "Shop: optional 0..1 of Search",
        "Shop: or 1..2 of Cash, Card",
        "Shop: cardinality 1..2 of A, B, C",
        "Shop: cardinality 2..2 of D, E",
        "Shop: cardinality 1..2 of F, G",
        "Shop: mandatory 1..1 of Footer",
        "Theme: alternative 1..1 of Plain, Very branded",
        "Search => !Plain",
    ]


def test_features_are_in_the_order_of_the_file() -> None:
    names = list(read_text(MODEL).model.features)
    assert names[:5] == ["Shop", "Theme", "Plain", "Very branded", "Page size"]
    assert names[-1] == "Footer"


def test_everything_knows_where_it_stands() -> None:
    model = read_text(MODEL, "shop.uvl").model
    assert model.root == "Shop"
    assert model.features["Very branded"].where == Place("shop.uvl", line=9, column=21)
    assert model.features["Page size"].where == Place("shop.uvl", line=10, column=13)
    assert model.groups[0].where == Place("shop.uvl", line=5, column=9)
    assert model.constraints[0].where == Place("shop.uvl", line=30, column=5)


@pytest.mark.parametrize(
    ("line", "feature"),
    [
        ("Maps", Feature(name="Maps")),
        ('"big maps"', Feature(name="big maps")),
        ('"#!&|=><()[]{}//,"', Feature(name="#!&|=><()[]{}//,")),
        ("größe", Feature(name="größe")),
        ("a#b§c%d?e\\f'g;", Feature(name="a#b§c%d?e\\f'g;")),
        ('"日本語"', Feature(name="日本語")),
        ("Boolean Maps", Feature(name="Maps")),
        ("String Title", Feature(name="Title", type=ValueType.STRING)),
        ("Integer Size", Feature(name="Size", type=ValueType.INTEGER)),
        ('Real\t"Net price"', Feature(name="Net price", type=ValueType.REAL)),
        ('"Integer"', Feature(name="Integer")),
        ("Maps cardinality [3]", Feature(name="Maps", instances=(3, 3))),
        ("Maps cardinality [0..2]", Feature(name="Maps", instances=(0, 2))),
        ("Maps cardinality [2..*]", Feature(name="Maps", instances=(2, None))),
        ("Maps {abstract}", Feature(name="Maps", abstract=True)),
        ("Maps {abstract true}", Feature(name="Maps", abstract=True)),
        ("Maps {abstract false}", Feature(name="Maps")),
        ("Maps{abstract}", Feature(name="Maps", abstract=True)),
        (
            "Integer Maps cardinality [1..5] {price 3, abstract}",
            Feature(name="Maps", type=ValueType.INTEGER, instances=(1, 5), attributes={"price": 3}, abstract=True),
        ),
    ],
)
def test_a_line_is_a_feature(line: str, feature: Feature) -> None:
    reading = read_text(f"features\n\t{line}\n", strict=True)
    assert reading.model.features == {feature.name: feature}
    assert reading.warnings == ()


def test_a_model_may_be_a_single_feature() -> None:
    assert list(read_text("features\n A").model.features) == ["A"]


def test_a_group_of_more_than_there_are_is_a_group_of_all() -> None:
    model = read_text("features\n A\n  [1..5]\n   B\n   C\n").model
    assert model.groups == (Group("A", GroupKind.CARDINALITY, ("B", "C"), 1, 2),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("features\n A\n B\n", ["3:2: 'B' stands beside the root feature 'A'"
                                 "\n  hint: a model has one root; indent the other below it"]),
        ("features\n A\n  B\n", ["3:3: 'B' stands directly below the feature 'A', not in a group"
                                  "\n  hint: put mandatory, optional, or, alternative or [n..m] between the two"]),
        ("features\n A\n mandatory\n  B\n", ["3:2: 'mandatory' stands where a feature is expected\n  hint: indent a "
                                              "group below its feature; a name like this needs double quotes"]),
        ("features\n [1..2]\n  B\n", ["2:2: '[1..2]' stands where a feature is expected"
                                       "\n  hint: indent a group below its feature"]),
        ("features\n A\n  or\n   or\n    B\n", ["4:4: 'or' stands where a feature is expected\n  hint: indent a "
                                                 "group below its feature; a name like this needs double quotes"]),
        ("features\n A\n  or\n", ["3:3: this group of 'A' has no features\n  hint: indent its features below it"]),
        ("features\n A\n  or B\n", ["3:3: this group of 'A' has no features\n  hint: indent its features below it",
                                     "3:6: expected the end of the line, but found 'B'"]),
        ("features\n  A\n    or\n      B\n   or\n      C\n",
         ["5:4: this line is indented like none of the lines above it"
          "\n  hint: begin it where a line above begins that it goes with"]),
        ("features\n A\n  [3..2]\n   B\n", ["3:3: no number is in [3..2]\n  hint: the smaller one comes first"]),
        ("features\n A\n  [2..3]\n   B\n", ["3:3: 2 of 1 features cannot be selected"
                                             "\n  hint: the first number is at most 1"]),
        ("features\n A\n  [x]\n   B\n", ["3:3: '[x]' is not a cardinality\n  hint: write [n], [n..m] or [n..*]"]),
        ("features\n A\n  [99999999999]\n   B\n", ["3:3: the number 99999999999 is too large"]),
        ("features\n A cardinality 3\n", ["2:16: expected a cardinality like [1..3], but found '3'"]),
        ("features\n A cardinality [-1..2]\n", ["2:16: '[-1..2]' is not a cardinality"
                                                 "\n  hint: write [n], [n..m] or [n..*]"]),
        ("features\n A B\n", ["2:4: expected the end of the line, but found 'B'\n  hint: a name of other "
                               "characters than a-z, 0-9 and _ needs double quotes"]),
        ("features\n Blu-ray\n", ["2:5: expected the end of the line, but found '-'\n  hint: a name of other "
                                   "characters than a-z, 0-9 and _ needs double quotes"]),
        ('features\n "A\n', ["2:2: expected a feature, but found a quote (\") that is never closed"]),
        ('features\n ""\n', ["2:2: a name cannot be empty"]),
        ("features\n A\u00a0B\n", ["2:3: expected the end of the line, but found the character U+00A0\n  hint: a name "
                                  "of other characters than a-z, 0-9 and _ needs double quotes"]),
        ("features\n\u00a0A\n", ["2:1: expected a section of UVL, but found the character U+00A0\n  hint: a section is "
                                   "one of namespace, include, imports, features, constraints"]),
        ("features\n A.\n", ["2:4: expected a name behind the dot, but found the end of the line"]),
        ("features\n A\n  or\n   B\n   C\n   B\n",
         ["6:4: the feature 'B' is there twice"
          "\n  hint: give one of the two another name; the first is m.uvl:4:4"]),
    ],
)  # fmt: skip
def test_a_tree_that_is_none_is_refused(text: str, said: list[str], faults_of: Said) -> None:
    assert faults_of(text) == said
    assert faults_of(text, strict=True) == said


def test_one_reading_reports_every_fault_of_a_file(faults_of: Said) -> None:
    text = """include
\tMaths
feature
\tX
features
\tA {price}}
\t\tmandatory
\t\t\tB
\t\t\t\tC
\t\t\tB
\t\t\t"D {x 1}
\t\tor
constraints
\tA => X
\tA &
"""
    assert [said.partition("\n")[0] for said in faults_of(text)] == [
        "3:1: expected a section of UVL, but found 'feature'",
        "6:11: expected the end of the line, but found '}'",
        "9:5: 'C' stands directly below the feature 'B', not in a group",
        "10:4: the feature 'B' is there twice",
        '11:4: expected a feature, but found a quote (") that is never closed',
        "12:3: this group of 'A' has no features",
        "14:7: unknown feature 'X'",
        "15:5: expected a feature or a value, but found the end",
    ]
