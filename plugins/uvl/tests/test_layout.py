"""How a file is laid out: comments, blanks and tabs, line ends, encodings, and the order of its sections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sarto.errors import Place, SartoError
from sarto.model.feature_model import FeatureModel
from sarto_uvl.reading import read, read_text

Said = Callable[..., list[str]]
Shown = Callable[[FeatureModel], list[str]]

PLAIN = "features\n\tA\n\t\tor\n\t\t\tB\n\t\t\tC\nconstraints\n\tB => C\n"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace("\t", "    "),
        PLAIN.replace("\n", " \t\n"),
        PLAIN.replace("\n", "\n\n \t\n"),
        PLAIN.replace("\n", " // said\n"),
        PLAIN.replace("\n", "\n// said\n    // and said\n"),
        PLAIN.replace("\n", "/* said */\n"),
        PLAIN.replace("\n", "\n/* said\nand said // /*\n*/\n"),
        PLAIN.replace("\t\tor", "\t\t/* said\n and said */or").replace("B =>", "B /*\n\n*/ =>"),
        PLAIN.replace("\tB\n", "\tB /* said\n and said */ // and said\n"),
        PLAIN.removesuffix("\n"),
        f"\n\n  \n{PLAIN}\n\t\n",
        f"\ufeff{PLAIN}",
        f"namespace x.\"y z\"\n\n{PLAIN}",
        f"namespace x\ninclude\n\tBoolean\n\timports\n{PLAIN}".replace("\timports\n", ""),
        "features\n  A\n    or\n\tB\n\tC\nconstraints\n  B => C\n",
        "features\n A\n      or\n       B\n       C\nconstraints\n           B => C\n",
        "features\n\tA\n\t\tor\n\t\t\tB {\n}\n\t\t\tC {abstract\nfalse}\nconstraints\n\t(B\n=>\nC)\n",
    ],
)  # fmt: skip
def test_one_model_can_be_laid_out_in_many_ways(text: str) -> None:
    reading = read_text(text, strict=True)
    assert reading.model == read_text(PLAIN).model
    assert reading.warnings == ()


def test_a_comment_in_quotes_is_none() -> None:
    text = """features
  "A // b" {doc 'http://x /* y', it's 'z // z'} // a comment, it's one
    or
      "/* C" /* one
      B */ {x 'a "//" b'}
"""
    features = read_text(text).model.features
    assert list(features) == ["A // b", "/* C"]
    assert features["A // b"].attributes == {"doc": "http://x /* y", "it's": "z // z"}
    assert features["/* C"].attributes == {"x": 'a "//" b'}


def test_what_stands_behind_a_comment_keeps_its_column(faults_of: Said) -> None:
    assert faults_of("features /* x */ y\n\t/*x*/A/* */ B\nconstraints\n A &/**/X\n") == [
        "1:18: expected the end of the line, but found 'y'",
        "2:14: expected the end of the line, but found 'B'"
        "\n  hint: a name of other characters than a-z, 0-9 and _ needs double quotes",
        "4:9: unknown feature 'X'",
    ]


def test_places_count_every_kind_of_line_end() -> None:
    for end in ("\n", "\r\n", "\r"):
        model = read_text(end.join(["// x", "features", "\tA", "\t\tor", "\t\t\tB"]), "m.uvl").model
        assert model.features["B"].where == Place("m.uvl", line=5, column=4)


def test_tabs_and_blanks_together_count_as_they_look() -> None:
    model = read_text("features\n\tA\n\t\tor\n                \tB\n                        C\n").model
    assert model.groups[0].members == ("B", "C")


def test_a_bracket_holds_lines_together_whatever_their_indentation(shown: Shown) -> None:
    text = (
        "features\n A {x [1,\n2,\n       3\n], y {\nz 'a(b'}\n }\n  or\n   B\nconstraints\n (A\n &\nB) => !(A |\n  B)\n"
    )
    model = read_text(text).model
    assert model.features["A"].attributes == {"x": [1, 2, 3], "y": {"z": "a(b"}}
    assert shown(model) == ["A: or 1..1 of B", "A & B => !(A | B)"]


def test_a_bracket_that_is_never_closed_ends_with_its_line(faults_of: Said) -> None:
    text = "features\n A {x\n  or\n   B {y [\n   C\nconstraints\n (A\n A => D\n"
    assert [said.partition("\n")[0] for said in faults_of(text)] == [
        "2:6: expected a value, but found the end of the line",
        "4:10: expected a value, but found the end of the line",
        "7:2: this bracket is never closed",
        "8:7: unknown feature 'D'",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["1:1: the file is empty"]),
        (" \n\t\n// nothing\n/* at all */", ["1:1: the file is empty"]),
        ("namespace x\n\n", ["1:1: the file has no section 'features'"]),
        ("features\n\nconstraints\n\n", ["1:1: there is no feature in this section"]),
        ("  features\n  A\n", ["1:3: this line is indented, but no section begins above it\n  hint: a section "
                               "begins with one of namespace, include, imports, features, constraints "
                               "at the start of a line"]),
        ("feature\n A\n", ["1:1: expected a section of UVL, but found 'feature'\n  hint: did you mean 'features'?"]),
        ("hello world\n", ["1:1: expected a section of UVL, but found 'hello'\n  hint: a section is one of namespace, "
                           "include, imports, features, constraints"]),
        ("features\n A\nfeatures\n B\n", ["3:1: there is a second section 'features'\n  hint: put the two together"]),
        ("namespace\nfeatures\n A\n", ["1:10: expected the name of the namespace, but found the end of the line"]),
        ("namespace x y\nfeatures\n A\n", ["1:13: expected the end of the line, but found 'y'"]),
        ("namespace x\n y\nfeatures\n A\n", ["2:2: expected the end of the line, but found 'y'"
                                              "\n  hint: a namespace is one line"]),
        ("features A\n B\n", ["1:10: expected the end of the line, but found 'A'"]),
        ("features\n A /* B\n", ["2:4: this comment is never closed\n  hint: end it with */"]),
        ("features\n A /*/\n", ["2:4: this comment is never closed\n  hint: end it with */"]),
        ("features\n A\0\n", ["2:3: the control character U+0000 does not belong in a text"
                              "\n  hint: is this a UVL file?"]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_model_is_refused(text: str, said: list[str], faults_of: Said) -> None:
    assert faults_of(text) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"features\n A\n  \xff\n", ":3:3: the byte 0xff is not UTF-8\n  hint: save the file as UTF-8"),
        ("features\n größe".encode("latin-1"), ":2:4: the byte 0xf6 is not UTF-8\n  hint: save the file as UTF-8"),
        ("features\n ä é €".encode() + b"\x80", ":2:7: the byte 0x80 is not UTF-8\n  hint: save the file as UTF-8"),
        ("features\n A\n".encode("utf-16"), ":1:1: the file is in UTF-16\n  hint: save it as UTF-8"),
        (b"\x89PNG\r\n\x1a\n", ":1:1: the byte 0x89 is not UTF-8\n  hint: save the file as UTF-8"),
        (b"PK\x03\x04", ":1:3: the control character U+0003 does not belong in a text\n  hint: is this a UVL file?"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_text_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "m.uvl"
    path.write_bytes(content)
    with pytest.raises(SartoError) as caught:
        read(path)
    assert str(caught.value) == f"{path}{said}"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        read(tmp_path / "m.uvl")
    assert str(caught.value) == f"{tmp_path / 'm.uvl'}: the file cannot be read: no such file or directory"
    with pytest.raises(SartoError) as caught:
        read(tmp_path)
    assert str(caught.value) == f"{tmp_path}: the file cannot be read: is a directory"
