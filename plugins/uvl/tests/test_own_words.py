"""The attribute ``sarto``: what only Sarto has words for, in a UVL file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sarto.model.feature import Binding, Delivery, Feature, Stage, ValueType
from sarto_uvl.own_words import escaped
from sarto_uvl.reading import read_text

Said = Callable[..., list[str]]


def test_a_feature_has_what_its_table_in_toml_could_say() -> None:
    text = """features
    Shop
        optional
            Maps {price 400, sarto {
                summary 'Tables draw themselves as maps', default true, stage 'user', binding 'start',
                parts ['datasette-cluster-map>=0.18'], setting 'maps', before ['Size'], after ['Shop'], was ['map']
            }}
            Integer Size {sarto {minimum 10, maximum 1000, default 100}}
"""
    features = read_text(text, strict=True).model.features
    assert features["Maps"] == Feature(
        name="Maps", summary="Tables draw themselves as maps", default=True, stage=Stage.USER,
        attributes={"price": 400},
        delivery=Delivery(
            parts=("datasette-cluster-map>=0.18",), binding=Binding.START, setting="maps", before=("Size",),
            after=("Shop",), was=("map",),
        ),
    )  # fmt: skip
    assert features["Size"] == Feature(name="Size", type=ValueType.INTEGER, minimum=10, maximum=1000, default=100)


def test_the_root_gives_reasons_for_constraints() -> None:
    text = """features
    A {sarto {rules [{rule 'A => B', because 'B is A\\u0027s.'}, {rule '(B | A)', because 'x'},
                     {rule 'B', number 2, because 'the second'}, {rule 'A.price > 0', because 'y'}]}, price 3}
        or
            B
constraints
    B
    A | B
    B | A
    A => B
    B
    A.price > 0
"""
    model = read_text(text, strict=True).model
    assert [constraint.because for constraint in model.constraints] == ["", "", "x", "B is A's.", "the second", "y"]
    assert model.features["A"].attributes == {"price": 3}


def test_an_imported_model_brings_its_words_along(tmp_path: Path) -> None:
    (tmp_path / "sub.uvl").write_text(
        "features\n Sub {sarto {rules [{rule 'Sub => X', because 'y'}]}}\n  or\n   X {sarto {before ['Sub']}}\n"
        "constraints\n Sub => X\n"
    )
    model = read_text("imports\n sub as s\nfeatures\n A\n  or\n   s.Sub\n", str(tmp_path / "main.uvl")).model
    assert model.features["s.X"].delivery.before == ("s.Sub",)
    assert model.constraints[0].because == "y"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"), ("it's", "it\\u0027s"), ("a\nb\tc\r", "a\\nb\\tc\\r"), ("", "\\e"), ("\\n", "\\\\n"),
        ("\\", "\\\\"), ('"', '"'), ("\x00\x1f\x7f", "\\u0000\\u001f\\u007f"), ("größe 日本", "größe 日本"),
    ],
)  # fmt: skip
def test_texts_are_escaped_and_read_back(text: str, written: str) -> None:
    assert escaped(text) == written
    model = read_text(f"features\n A {{sarto {{summary '{written}'}}}}\n", strict=True).model
    assert model.features["A"].summary == text


def test_escapes_reach_into_lists_and_tables() -> None:
    assert escaped({"a": ["b'", {"c": ""}], "d": 3, "e": True}) == {"a": ["b\\u0027", {"c": "\\e"}], "d": 3, "e": True}


def test_other_attributes_have_no_escapes() -> None:
    assert read_text("features\n A {x 'a\\nb'}\n").model.features["A"].attributes == {"x": "a\\nb"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("price 3", "sarto.price: unknown key 'price'\n  hint: the keys here are summary, minimum, maximum, default, "
                    "stage, binding, setting, parts, before, after, was, on_failure, failures, licensed, rules"),
        ("sumary 'x'", "sarto.sumary: unknown key 'sumary'\n  hint: did you mean 'summary'?"),
        ("summary 3", "sarto.summary: expected a text, but found 3\n  hint: put it in quotes: summary = \"3\""),
        ("stage 'usr'", "sarto.stage: 'usr' is not a stage\n  hint: did you mean 'user'?"),
        ("minimum 3", "sarto.minimum: 'A' is no number, so it has no minimum"
                      "\n  hint: add type = \"integer\" or type = \"real\""),
        ("default 3", "sarto.default: 3 is not true or false, and 'A' has no type\n  hint: add type = \"integer\""),
        ("before ['B']", "sarto.before[0]: unknown feature 'B'"),
        ("parts ['==']", "sarto.parts[0]: '==' is not a requirement: expected package name at the start of dependency "
                         "specifier\n  hint: write it as \"name>=1.2,<2\""),
        ("rules [{because 'x'}]", "sarto.rules[0]: 'rule' is missing\n  hint: add a rule"),
        ("rules [{rule 'A', becuase 'x'}]", "sarto.rules[0].becuase: unknown key 'becuase'"
                                            "\n  hint: did you mean 'because'?"),
    ],
)  # fmt: skip
def test_wrong_words_are_refused_with_their_key(words: str, said: str, faults_of: Said) -> None:
    assert faults_of(f"features\n A {{sarto {{{words}}}}}\nconstraints\n A\n") == [f"2:2: {said}"]


@pytest.mark.parametrize("rule", ["A => B", "B", "A &", "X"])
def test_a_reason_for_no_constraint_is_a_warning(rule: str, warnings_of: Said) -> None:
    text = f"features\n A {{sarto {{rules [{{rule '{rule}', because 'x'}}]}}}}\n  or\n   B\nconstraints\n A\n"
    assert warnings_of(text) == [f"2:2: sarto.rules[0]: a reason for '{rule}', which is no constraint here"]
