"""Whatever a file holds, it is read or refused with places: nothing else is ever raised."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sarto.errors import Place, SartoError
from sarto_uvl.reading import read, read_text
from sarto_uvl.writing import write

SEED = """namespace a."b c"
include
\tBoolean.*
\tType
imports
\tsub.file as s
features
\tIntegerShop {abstract, price 3.5, x ['a', {b {}}], constraint (A | "B b") => C.price > 2}
\t\tmandatory
\t\t\tInteger A cardinality [1..*] {sarto {minimum 1, rules [{rule 'A', because 'x'}]}}
\t\t[1..2]
\t\t\t"B b"
\t\t\tC {price 1, y "z"} // said
\t\t\t\talternative
\t\t\t\t\tString D /* and
said */
\t\t\t\t\ts.Root
constraints
\tA <=> !("B b" & C) | D == 'x' => len(D) * 2 - 1 <= sum(price, C) / avg(price)
"""
PIECES = [
    "\n", "\t", " ", "\r", "\n\t\t\t", "{", "}", "[", "]", "(", ")", ",", ".", "'", '"', "//", "/*", "*/", "!", "&",
    "features", "constraints", "imports", "include", "namespace", "or", "[1..2]", "cardinality", "Integer", "sarto",
    "abstract", "constraint", "sum(", "len(", "1", "0.5", "-", "9" * 30, "A", "B b", "é", "日", "\0", "\x0b", "\ufeff",
    "\u2028", "\U0001f600", "=>", "<=>",
]  # fmt: skip


def answer(text: str, strict: bool = False) -> None:
    """Read the text; what is read can be written, or refused, and what is refused has a place."""
    try:
        reading = read_text(text, "m.uvl", strict)
    except SartoError as error:
        for single in error.errors:
            assert isinstance(single.where, Place), single
            assert single.where.file
            assert single.where.line is None or 1 <= single.where.line <= text.count("\n") + text.count("\r") + 1
            assert single.what
        return
    try:
        written = write(reading.model)
    except SartoError:
        return
    assert read_text(written).model == reading.model


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """The seed with a few places cut out, repeated or replaced."""
    text = SEED if draw(st.booleans()) else SEED.replace("\ts.Root\n", "\tRoot\n").replace("\tsub.file as s\n", "")
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.just(""), st.just(text[start:end] * 2)))
        text = text[:start] + piece + text[end:]
    return text


@settings(deadline=None, max_examples=300)
@given(mutations(), st.booleans())
def test_a_broken_file_is_read_or_refused(text: str, strict: bool) -> None:
    answer(text, strict)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.booleans())
@example("features\n A {constraint", False)
@example("features\n A\n  [1..2]", False)
@example('features\n ""."" {"" \'\'}', False)
@example("features\n A\n  or\n   A.B\n   A.B.C", False)
@example("imports\n a as b.c\nfeatures\n b.c.d", False)
def test_pieces_of_files_are_read_or_refused(text: str, strict: bool) -> None:
    answer(text, strict)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab1.,'\"{}[] \t\n"), max_size=25))
def test_any_braces_are_read_or_refused(text: str) -> None:
    answer(f"features\n A {{{text}}}\n  or\n   b\n")


@settings(deadline=None)
@given(st.text(st.sampled_from("ab1.,'\"()[]&|!=<>+-*/ \n#"), max_size=25))
def test_any_constraint_is_read_or_refused(text: str) -> None:
    answer(f"features\n a {{b 3}}\n  or\n   b\n   String ab\nconstraints\n {text}\n")


@settings(deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, before: bytes, after: bytes) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "m.uvl"
    path.write_bytes(before + b"features\n A\n" + after)
    with contextlib.suppress(SartoError):
        read(path)
