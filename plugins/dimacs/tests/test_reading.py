"""What a DIMACS file means, and what is said of one that does not keep to the format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.solve.analysis import analyse
from sarto_dimacs.reading import read, read_text

Said = Callable[..., list[str]]
Shown = Callable[[FeatureModel], list[str]]
SMALL = """c A model of three features
c 1 linux
c 2 USB support
c 3$ _X3
p cnf 3 3
1 0
-1 2 -3 0
-2 3 0
"""


def test_named_variables_are_optional_features_below_an_abstract_root(shown: Shown) -> None:
    model = read_text(SMALL, strict=True).model
    assert model == FeatureModel(
        root="root",
        features={
            "root": Feature(name="root", abstract=True),
            "linux": Feature(name="linux"),
            "USB support": Feature(name="USB support"),
            "_X3": Feature(name="_X3", abstract=True),
        },
        groups=(Group("root", GroupKind.OPTIONAL, ("linux", "USB support", "_X3")),),
        constraints=model.constraints,
    )
    assert shown(model) == ["linux", '!linux | "USB support" | !"_X3"', '!"USB support" | "_X3"']


def test_features_and_constraints_have_the_places_where_they_stand() -> None:
    model = read_text(SMALL, "m.cnf").model
    assert str(model.features["USB support"].where) == "m.cnf:3"
    assert [str(constraint.where) for constraint in model.constraints] == ["m.cnf:6", "m.cnf:7", "m.cnf:8"]


def test_a_name_that_the_root_would_have_is_left_to_its_feature() -> None:
    model = read_text("c 1 root\nc 2 root_\np cnf 2 0\n", strict=True).model
    assert (model.root, [*model.features]) == ("root__", ["root__", "root", "root_"])


@pytest.mark.parametrize(
    "text",
    [
        "c 1 a\nc 2 b\np cnf 2 2\n1 2 0\n-1 -2 0\n",
        "p  cnf\t2 2\nc 1 a\n1\n2 0 -1\nc in between\n -2 0\nc 2 b\n",
        "\ufeffc 1 a\r\nc 2 b\r\np cnf 2 2\r\n1 2 0\r\n-1 -2 0\r\n",
        "c 1 a\nc 2 b  \np cnf 2 2\n\n1 2 0 -1 -2 0\n%\n0\n",
        "c\nc p show 1 2 0\nc 2026 was the year\nc 0 nothing\nc 1 a\nc 1 a\nc 2 b\np cnf 2 2\n1 2 0\n-1 -2 0",
    ],
)
def test_a_file_can_be_laid_out_in_any_way(text: str, shown: Shown, tmp_path: Path) -> None:
    path = tmp_path / "m.cnf"
    path.write_bytes(text.encode())
    model = read(path, strict=True).model
    assert [*model.features] == ["root", "a", "b"]
    assert shown(model) == ["a | b", "!a | !b"]


def test_an_empty_clause_makes_the_model_void(shown: Shown) -> None:
    model = read_text("c 1 a\np cnf 1 1\n0\n", strict=True).model
    assert shown(model) == ["!root"]
    assert analyse(model).void


def test_a_file_without_variables_has_the_root_alone() -> None:
    assert read_text("p cnf 0 0\n", strict=True).model == FeatureModel(
        root="root", features={"root": Feature(name="root", abstract=True)}
    )


def test_a_variable_without_a_name_is_an_abstract_feature_and_a_warning(shown: Shown, faults_of: Said) -> None:
    text = "c 1 variable_2\np cnf 4 2\n1 2 0\n-2 3 0\n"
    reading = read_text(text, "m.cnf")
    assert reading.model.features["variable_2_"] == Feature(name="variable_2_", abstract=True)
    assert shown(reading.model) == ["variable_2 | variable_2_", "!variable_2_ | variable_3"]
    assert [str(warning) for warning in reading.warnings] == [
        "m.cnf:3: the variable 2 has no name, and becomes the abstract feature 'variable_2_' (and 1 more like this)\n"
        "  hint: name it in a comment: c 2 name",
        "m.cnf:2: 1 of the variables has neither a name nor a clause, and is left out",
    ]
    assert [said.partition("\n")[0] for said in faults_of(text, strict=True)] == [
        "2: 1 of the variables has neither a name nor a clause, and is left out",
        "3: the variable 2 has no name, and becomes the abstract feature 'variable_2_'",
        "4: the variable 3 has no name, and becomes the abstract feature 'variable_3'",
    ]


ODD = [
    ("c 1 a\np cnf 1 2\n1 0\n", "2: the header says 2 clauses, and there are 1"),
    ("c 1 a\nc 2 b\np cnf 1 1\n1 2 0\n", "4: the variable 2 is beyond the 1 of the header"),
    ("c 1 a\np cnf 1 1\n\n1\n", "5: the last clause has no 0 at its end"),
]


@pytest.mark.parametrize(("text", "said"), ODD)
def test_what_is_odd_and_still_clear_is_a_warning_and_an_error_where_strict(
    text: str, said: str, faults_of: Said
) -> None:
    assert [str(warning) for warning in read_text(text, "m.cnf").warnings] == [f"m.cnf:{said}"]
    assert faults_of(text, strict=True) == [said]


HINT = "\n  hint: it is 'p cnf', the number of variables, and the number of clauses"
FAULTY = [
    ("", ["1: this file has no header\n  hint: it begins with: p cnf 3 2"]),
    ("p sat 3 2\n", [f"1: the header 'p sat 3 2' cannot be read{HINT}"]),
    ("p cnf -1 2\n", [f"1: the header 'p cnf -1 2' cannot be read{HINT}"]),
    ("p cnf 1 1 1\n", [f"1: the header 'p cnf 1 1 1' cannot be read{HINT}"]),
    ("p cnf 0 0\np cnf 0 0\n", ["2: this file has a second header; the first is m.cnf:1"]),
    ("c 1 a\np cnf 1 1\n1 x 1_0 +1 ٣ --1 0\n",
     ["3:3: 'x' is no literal", "3:5: '1_0' is no literal", "3:9: '+1' is no literal", "3:12: '٣' is no literal",
      "3:14: '--1' is no literal"]),
    (f"c 1 a\np cnf 1 1\n{'9' * 5000} 0\n", [f"3:1: '{'9' * 57}...' is no literal"]),
    ("c 1 a\nc 1 b\np cnf 1 0\n", ["2: the variable 1 has two names, 'a' and 'b'"]),
    ("c 1 a\nc 2 a\np cnf 2 0\n", ["2: 'a' names two variables, 1 and 2"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), FAULTY)
def test_what_cannot_be_read_is_told_all_at_once_with_its_place(text: str, said: list[str], faults_of: Said) -> None:
    assert faults_of(text) == said


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.cnf"
    with pytest.raises(SartoError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: there is no such file"
    path.write_bytes(b"c \xff\n")
    with pytest.raises(SartoError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: this is not UTF-8 text: byte 2 is 0xff\n  hint: save the file as UTF-8"
    with pytest.raises(SartoError, match="this file cannot be read: Is a directory"):
        read(tmp_path)


def test_of_thousands_of_errors_a_hundred_are_told(faults_of: Said) -> None:
    said = faults_of("p cnf 0 0\n" + "x\n" * 5000)
    assert (len(said), said[-1]) == (101, " and 4,900 more errors")


def test_a_header_that_promises_billions_costs_nothing() -> None:
    [warning] = read_text("p cnf 9999999999 0\n", "m.cnf").warnings
    said = "m.cnf:1: 9,999,999,999 of the variables have neither a name nor a clause, and are left out"
    assert str(warning) == said


def test_a_clause_can_have_a_hundred_thousand_literals() -> None:
    clause = " ".join(str(number if number % 2 else -number) for number in range(1, 100_001))
    model = read_text(f"p cnf 100000 1\n{clause} 0\n").model
    assert len(model.features) == 100_001


@pytest.mark.parametrize("between", [" ", "\n"])
def test_of_thousands_of_words_that_are_no_literals_a_hundred_are_told(between: str, faults_of: Said) -> None:
    said = faults_of(f"p cnf 2 1\n{between.join(['1', 'x', '2', 'y'] * 1000)} 0\n")
    assert said[0].endswith("'x' is no literal")
    assert (len(said), said[100].strip()) == (101, "and 1,900 more errors")


def test_a_file_that_is_larger_than_any_model_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "model.cnf"
    with file.open("wb") as stream:
        stream.truncate(50 * 2**20)
    with pytest.raises(SartoError, match="this file has 50 MB, and Sarto reads no more than 16 MB"):
        read(file)
