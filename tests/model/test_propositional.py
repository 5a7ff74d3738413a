"""The fast road for constraints of names and logic: it gives what the grammar gives, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.errors import Place, SartoError
from sarto.model.expression import And, Expression, FeatureReference, Iff, Implies, Not, Or
from sarto.model.grammar import parse, write
from sarto.model.propositional import PropositionalReader

NAMES = ("a", "b", "big maps", "or", "A1_")
A, B = FeatureReference("a"), FeatureReference("b")


def logic() -> st.SearchStrategy[Expression]:
    """Logic over the names."""
    return st.recursive(
        st.sampled_from(NAMES).map(FeatureReference),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=4).map(tuple).map(And),
            st.lists(inner, min_size=2, max_size=4).map(tuple).map(Or),
            st.builds(Implies, inner, inner),
            st.builds(Iff, inner, inner),
        ),
        max_leaves=12,
    )


@given(logic())
def test_every_constraint_of_names_and_logic_is_read_as_the_grammar_reads_it(expression: Expression) -> None:
    assert PropositionalReader(NAMES).read(write(expression)) == expression


@given(st.lists(st.sampled_from(["a", "b", '"or"', "(", ")", "!", "&", "|", "=>", "<=>"]), max_size=12).map(" ".join))
def test_it_reads_exactly_the_texts_that_the_grammar_does(text: str) -> None:
    try:
        meaning = parse(text, Place(), NAMES)
    except SartoError:
        meaning = None
    assert PropositionalReader(NAMES).read(text) == meaning


@given(st.text("ab1&|!()=<>+-*/.,'\"# _é", max_size=12))
def test_what_it_reads_the_grammar_reads_alike(text: str) -> None:
    meaning = PropositionalReader(NAMES).read(text)
    if meaning is not None:
        assert parse(text, Place(), NAMES) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "a &",
        "(a",
        "a)",
        "c",
        "or",
        "a.b",
        "a > 1",
        "sum(a) > 1",
        "a - b",
        "a // b",
        "'a'",
        '"a',
        "é",
        "1a",
        "a;",
    ],
)
def test_everything_else_is_left_to_the_grammar(text: str) -> None:
    assert PropositionalReader((*NAMES, "é", "1a", "a;", "a.b")).read(text) is None


def test_a_name_and_its_negation_are_made_once() -> None:
    reader = PropositionalReader(NAMES)
    first, second = reader.read("!a => b"), reader.read("b & !a")
    assert first == Implies(Not(A), B)
    assert isinstance(first, Implies)
    assert isinstance(second, And)
    assert first.left is second.operands[1]
    assert first.right is second.operands[0]


def test_a_prefix_is_put_before_every_name() -> None:
    reader = PropositionalReader({"x.a", "x.big maps", "b"}, "x.")
    assert reader.read('a & !"big maps"') == And((FeatureReference("x.a"), Not(FeatureReference("x.big maps"))))
    assert reader.read("b") is None


@pytest.mark.parametrize("opening", ["(", "!", "!("])
def test_nesting_has_no_limit(opening: str) -> None:
    text = opening * 50_000 + "a" + ")" * (50_000 if "(" in opening else 0)
    assert PropositionalReader(NAMES).read(text) is not None


def test_a_chain_can_be_long() -> None:
    found = PropositionalReader(NAMES).read(" | ".join(["a", "!b"] * 50_000))
    assert isinstance(found, Or)
    assert len(found.operands) == 100_000
