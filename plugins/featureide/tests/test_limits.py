"""Files that nobody means well, and sizes that no person writes."""

from __future__ import annotations

import string
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.expression import Not, Or
from sarto_featureide.reading import read, read_text
from sarto_featureide.writing import write

Said = Callable[..., list[str]]
LEVELS = 10_000
WHOLE = """<?xml version="1.0"?><extendedFeatureModel><struct><and name="R" mandatory="true"><attribute name="p"
type="long" value="3" recursive="true"/><alt name="A"><feature name="B"/><feature name="C"/></alt></and></struct>
<constraints><rule><description>x</description><imp><var>B</var><not><var>R</var></not></imp></rule></constraints>
</extendedFeatureModel>"""


def test_a_tree_can_be_ten_thousand_levels_deep() -> None:
    opening = "".join(f'<and name="F{level}">' for level in range(LEVELS))
    model = read_text(f"<featureModel><struct>{opening}{'</and>' * LEVELS}</struct></featureModel>").model
    assert len(model.features) == LEVELS
    text = write(model)
    assert len(text) < 100 * LEVELS
    assert list(read_text(text).model.features) == list(model.features)


def test_a_rule_can_be_ten_thousand_levels_deep() -> None:
    rule = "<not>" * LEVELS + "<var>R</var>" + "</not>" * LEVELS
    tree = '<featureModel><struct><feature name="R"/></struct>'
    model = read_text(f"{tree}<constraints><rule>{rule}</rule></constraints></featureModel>").model
    node, depth = read_text(write(model)).model.constraints[0].expression, 0
    while isinstance(node, Not):
        node, depth = node.operand, depth + 1
    assert depth == LEVELS


def test_a_rule_can_have_a_hundred_thousand_operands() -> None:
    rule = f"<disj>{'<var>R</var>' * 100_000}</disj>"
    tree = '<featureModel><struct><feature name="R"/></struct>'
    [found] = read_text(f"{tree}<constraints><rule>{rule}</rule></constraints></featureModel>").model.constraints
    assert isinstance(found.expression, Or)
    assert len(found.expression.operands) == 100_000


def test_of_thousands_of_errors_a_hundred_are_told(faults_of: Said) -> None:
    rules = "".join(f"<rule><var>F{number}</var></rule>\n" for number in range(5000))
    said = faults_of(
        f'<featureModel><struct><feature name="R"/></struct><constraints>{rules}</constraints></featureModel>'
    )
    assert (len(said), said[0], said[-1]) == (101, "1:70: unknown feature 'F0'", " and 4,900 more errors")


@pytest.mark.parametrize(
    ("declaration", "where"),
    [
        ('<!ENTITY a "ha">', "1:36"),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', "1:63"),
        ('<!ENTITY % a SYSTEM "http://example.org/x.dtd">', "1:71"),
    ],
)
def test_entities_are_refused_where_they_are_declared(declaration: str, where: str, faults_of: Said) -> None:
    tree = '<struct><feature name="&a;"/></struct>'
    assert faults_of(f"<!DOCTYPE featureModel [{declaration}]><featureModel>{tree}</featureModel>") == [
        f"{where}: the entity 'a' is refused: a feature model has no need of entities\n  hint: write its text out"
    ]


def test_an_entity_of_a_definition_elsewhere_is_not_left_out(faults_of: Said) -> None:
    text = '<!DOCTYPE featureModel SYSTEM "x.dtd"><featureModel><struct>&tree;</struct></featureModel>'
    [said] = faults_of(text)
    assert said.startswith("1:61: the entity 'tree' is refused")


BROKEN = [
    (b"", "1:1: this is not XML: no element found"),
    (b"features\n\tA\n", "1:1: this is not XML: syntax error"),
    (b"\x7fELF\x02\x01\x01\0\0\0", "1:1: this is not XML: not well-formed (invalid token)"),
    (b"<featureModel>\n <struct>", "2:10: this is not XML: no element found"),
    (b"<featureModel>\n </struct>", "2:4: this is not XML: mismatched tag"),
    (b"<featureModel/>\n<x/>", "2:1: this is not XML: junk after document element"),
    (b'<?xml version="1.0" encoding="x-klingon"?><a/>',
     "1:1: the encoding that this file names is unknown\n  hint: use UTF-8"),
    (b"<feature_model name='x'/>",
     "1:1: this is no model of FeatureIDE: its outermost element is <feature_model>\n"
     "  hint: it is <featureModel> or <extendedFeatureModel> there"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), BROKEN)
def test_a_file_that_is_no_model_is_one_error_with_its_place(content: bytes, said: str, faults_of: Said) -> None:
    assert faults_of(content) == [said]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_file_can_have_any_encoding_that_it_names(encoding: str, tmp_path: Path) -> None:
    name = encoding.removesuffix("-sig")
    path = tmp_path / "model.xml"
    text = (
        f'<?xml version="1.0" encoding="{name}"?>\r\n<featureModel><struct><and name="Größe"/></struct></featureModel>'
    )
    path.write_bytes(text.encode(encoding))
    assert list(read(path).model.features) == ["Größe"]


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(SartoError) as missing:
        read(tmp_path / "none.xml")
    assert str(missing.value) == f"{tmp_path / 'none.xml'}: there is no such file"
    with pytest.raises(SartoError, match="this file cannot be read: Is a directory"):
        read(tmp_path)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_spoilt_file_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    end = data.draw(st.integers(start, min(len(WHOLE), start + 12)))
    inserted = data.draw(
        st.text(string.printable, max_size=4)
        | st.sampled_from(["<feature/>", "<rule/>", "<var>B</var>", "</and>", ' name="B"', "<struct>"])
    )
    text = WHOLE[:start] + inserted + WHOLE[end:]
    with suppress(SartoError):
        model = read_text(text, "m.xml", data.draw(st.booleans())).model
        assert read_text(write(model), strict=True).model.features == model.features


def test_a_file_that_is_larger_than_any_model_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "model.xml"
    with file.open("wb") as stream:
        stream.truncate(50 * 2**20)
    with pytest.raises(SartoError, match="this file has 50 MB, and Sarto reads no more than 16 MB"):
        read(file)
