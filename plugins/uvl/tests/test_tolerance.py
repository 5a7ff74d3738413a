"""What breaks the grammar and is plain all the same: a warning, or an error where the reading is strict."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sarto.errors import SartoError
from sarto_uvl.reading import read_text

Said = Callable[..., list[str]]

ODDITIES = [
    ("features\n Type\n", "2:2: 'Type' is a word of UVL, not a name\n  hint: put it in double quotes: \"Type\""),
    ("features\n String\n", "2:2: 'String' is a word of UVL, not a name\n  hint: put it in double quotes: \"String\""),
    ("features\n Integer sum\n", "2:10: 'sum' is a word of UVL, not a name\n  hint: put it in double quotes: \"sum\""),
    ("features\n A {as 3}\n", "2:5: 'as' is a word of UVL, not a name\n  hint: put it in double quotes: \"as\""),
    ("features\n \"len\"\nconstraints\n len\n",
     "4:2: 'len' is a word of UVL, not a name\n  hint: put it in double quotes: \"len\""),
    ("features\n \"é\"\nconstraints\n é\n",
     "4:2: the name 'é' has characters that UVL takes only between double quotes"
     "\n  hint: put it in double quotes: \"é\""),
    ("features\n 64BIT\n", "2:2: the name '64BIT' begins with a digit\n  hint: put it in double quotes: \"64BIT\""),
    ("features\n _A\n", "2:2: the name '_A' has characters that UVL takes only between double quotes"
                        "\n  hint: put it in double quotes: \"_A\""),
    ("features\n 日本語\n", "2:2: the name '日本語' has characters that UVL takes only between double quotes"
                            "\n  hint: put it in double quotes: \"日本語\""),
    ("features\n हिन्दी\n", "2:2: the name 'हिन्दी' has characters that UVL takes only between double quotes"
                           "\n  hint: put it in double quotes: \"हिन्दी\""),
    ('features\n "a.b"\n', "2:2: the name 'a.b' has a dot in it, which UVL keeps for references"
                           "\n  hint: use another character"),
    ('features\n A {x "y"}\n', "2:7: a text in double quotes\n  hint: UVL's texts stand in 'single quotes'"),
    ('features\n A {b [], x "y"}\n', "2:13: a text in double quotes\n  hint: UVL's texts stand in 'single quotes'"),
    ("features\n A {x ''}\n", "2:7: an empty text, which UVL does not have"),
    ("features\n A {x 007}\n", "2:7: the number 007 begins with a needless 0"),
    ("features\n Integer A\nconstraints\n A > 1 & A < 010\n", "4:14: the number 010 begins with a needless 0"),
    ("features\n A\n  [ 1 .. * ]\n   B\n", "3:3: blanks or needless zeros in the cardinality [ 1 .. * ]"),
    ("features\n A cardinality [01]\n", "2:16: blanks or needless zeros in the cardinality [01]"),
    ("constraints\n A\nfeatures\n A\n", "3:1: 'features' stands behind 'constraints'"
                                        "\n  hint: the order is namespace, include, imports, features, constraints"),
    ("include\n SMT-level\nfeatures\n A\n",
     "2:2: 'SMT-level' is not a language level of UVL\n  hint: the levels are Boolean, Arithmetic, Type, Boolean.*, "
     "Arithmetic.*, Type.*, Boolean.group-cardinality, Arithmetic.feature-cardinality, "
     "Arithmetic.aggregate-function, Type.string-constraints"),
    ("include\n Type.string-constraint\nfeatures\n A\n",
     "2:2: 'Type.string-constraint' is not a language level of UVL\n  hint: did you mean 'Type.string-constraints'?"),
    ("features\n Integer A\nconstraints\n floor(A / 2) > 1\n",
     "4:2: UVL has functions of a feature or an attribute alone"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), ODDITIES)
def test_what_is_only_odd_is_read_with_a_warning(text: str, said: str, warnings_of: Said) -> None:
    assert warnings_of(text) == [said]


@pytest.mark.parametrize(("text", "said"), ODDITIES)
def test_what_is_odd_is_refused_where_the_reading_is_strict(text: str, said: str, faults_of: Said) -> None:
    assert faults_of(text, strict=True) == [said]


def test_oddities_of_one_kind_are_one_warning_that_counts_them(warnings_of: Said) -> None:
    text = 'features\n A {x "y", z "z"}\n  or\n' + "".join(f'   F{n} {{x "y"}}\n' for n in range(1200)) + "   Type\n"
    assert warnings_of(text) == [
        "2:7: a text in double quotes (and 1,201 more like this)\n  hint: UVL's texts stand in 'single quotes'",
        "1204:4: 'Type' is a word of UVL, not a name\n  hint: put it in double quotes: \"Type\"",
    ]


def test_odd_names_are_the_names_that_they_look_like() -> None:
    text = 'features\n 64BIT\n  or\n   Type {sum 1}\n   "a.b" {x "y", z \'\'}\nconstraints\n 64BIT & Type => "a.b"\n'
    model = read_text(text).model
    assert list(model.features) == ["64BIT", "Type", "a.b"]
    assert model.features["a.b"].attributes == {"x": "y", "z": ""}
    assert len(model.constraints) == 1


@pytest.mark.parametrize("name", ["12B", "3D", "1a"])
def test_digits_and_a_letter_are_a_quantity_and_no_name(name: str, faults_of: Said) -> None:
    said = f"'{name}' is a quantity, not a name\n  hint: put it in double quotes: \"{name}\""
    for strict in (False, True):
        assert faults_of(f"features\n {name}\nconstraints\n {name}\n", strict) == [f"2:2: {said}", f"4:2: {said}"]
    assert list(read_text(f'features\n "{name}"\n', strict=True).model.features) == [name]


@pytest.mark.parametrize("word", ["or", "mandatory", "optional", "alternative"])
def test_the_name_of_a_group_is_no_name_of_a_feature(word: str, faults_of: Said) -> None:
    assert faults_of(f"features\n A\n  or\n   {word}\n")[0].startswith(f"4:4: '{word}' stands where a feature")
    assert list(read_text(f'features\n A\n  or\n   "{word}"\n', strict=True).model.features) == ["A", word]


def test_a_strict_reading_reports_odd_and_wrong_together_in_order() -> None:
    with pytest.raises(SartoError) as caught:
        read_text('features\n A {x "y"}\n  or\n   Type\n   B C\nconstraints\n A & X\n _A\n', "m.uvl", strict=True)
    assert [error.what for error in caught.value.errors] == [
        "a text in double quotes",
        "'Type' is a word of UVL, not a name",
        "expected the end of the line, but found 'C'",
        "unknown feature 'X'",
        "unknown feature '_A'",
    ]
