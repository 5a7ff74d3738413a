"""Constraints from text to values and back: precedence, names, positions of what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.errors import Place, SartoError
from sarto.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Text,
    postorder,
)
from sarto.model.grammar import parse, write
from sarto.model.kinds import kind_faults
from sarto.model.notation import spelled

from .reading import expression
from .strategies import expressions

A, B, C = FeatureReference("a"), FeatureReference("b"), FeatureReference("c")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a", A),
        ("!a", Not(A)),
        ("!!a", Not(Not(A))),
        ("a & b & c", And((A, B, C))),
        ("a & (b & c)", And((A, And((B, C))))),
        ("a | b & c", Or((A, And((B, C))))),
        ("a & b | c", Or((And((A, B)), C))),
        ("!a & b", And((Not(A), B))),
        ("!(a & b)", Not(And((A, B)))),
        ("a => b => c", Implies(Implies(A, B), C)),
        ("a <=> b => c", Iff(A, Implies(B, C))),
        ("a | b => c", Implies(Or((A, B)), C)),
        ("!a > 3", Not(Compare(">", A, Number(3)))),
        ("a + b * c > 1", Compare(">", Arithmetic("+", A, Arithmetic("*", B, C)), Number(1))),
        ("a - b - c > 1", Compare(">", Arithmetic("-", Arithmetic("-", A, B), C), Number(1))),
        ("a - (b - c) > 1", Compare(">", Arithmetic("-", A, Arithmetic("-", B, C)), Number(1))),
        ("a == -2", Compare("==", A, Number(-2))),
        ("a - -2 == 0.5", Compare("==", Arithmetic("-", A, Number(-2)), Number(0.5))),
        ("len(a) == 3 & floor(b / 2) < ceil(c)", And((
            Compare("==", Function("len", A), Number(3)),
            Compare("<", Function("floor", Arithmetic("/", B, Number(2))), Function("ceil", C)),
        ))),
        ("a == 'b & c'", Compare("==", A, Text("b & c"))),
        ("sum(price) <= 10", Compare("<=", Aggregate("sum", "price"), Number(10))),
        ("a.price < 3", Compare("<", AttributeReference("a", "price"), Number(3))),
        ("a.paid", Compare("!=", AttributeReference("a", "paid"), Number(0))),
        ('"a" & "b"', And((A, B))),
        ("a // and nothing else", A),
        ("a /* and\nalso */ & b", And((A, B))),
    ],
)  # fmt: skip
def test_a_constraint_means_what_uvl_says(text: str, meaning: Expression) -> None:
    assert expression(text, "a", "b", "c") == meaning


def test_the_longest_known_name_is_the_feature_and_the_rest_its_attribute() -> None:
    known = ("shop", "shop.cart")
    assert expression("shop.cart", *known) == FeatureReference("shop.cart")
    assert expression("shop.cart.size > 1", *known) == Compare(">", AttributeReference("shop.cart", "size"), Number(1))
    assert expression("shop.size.width > 1", *known) == Compare(
        ">", AttributeReference("shop", "size.width"), Number(1)
    )


@pytest.mark.parametrize("text", ["sum(price, a)", "sum(a, price)"])
def test_an_aggregate_takes_its_two_names_in_either_order(text: str) -> None:
    assert expression(f"{text} > 0", "a") == Compare(">", Aggregate("sum", "price", "a"), Number(0))


@pytest.mark.parametrize("name", ["größe", "サイズ", "page_size", "or", "big maps", "3d", "x-y", "len", "true"])
def test_a_name_in_any_script_is_quoted_only_as_far_as_it_has_to_be(name: str) -> None:
    assert expression(spelled(name), name) == FeatureReference(name)
    assert (spelled(name) == name) == (name == "page_size")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "column 1: expected a feature or a value, but found the end"),
        ("a &", "column 4: expected a feature or a value, but found the end"),
        ("a & & b", "column 5: expected a feature or a value, but found '&'"),
        ("a b", "column 3: expected an operator, but found 'b'"),
        ("(a & b", "column 1: this bracket is never closed"),
        ("a & b)", "column 6: this bracket was never opened"),
        ("a.", "column 3: expected a name after '.', but found the end"),
        ("a § b", "column 3: expected an operator, but found '§'"),
        ("sum()", "column 5: expected an attribute, but found ')'"),
        ("sum(a, b, c) > 1", "column 9: expected ')', but found ','"),
        ("sum(a", "column 6: expected ')', but found the end"),
        ("3", "column 1: '3' is a value, where something true or false is needed"
              "\n  hint: compare it: ==, !=, <, >, <=, >="),
        ("a + b", "column 1: 'a + b' is a value, where something true or false is needed"
                  "\n  hint: compare it: ==, !=, <, >, <=, >="),
        ("(a & b) > 3", "column 9: 'a & b' is true or false, where '>' needs a value"
                        "\n  hint: put brackets around the comparison"),
        ("a => 'x'", "column 3: ''x'' is a value, where something true or false is needed"
                     "\n  hint: compare it: ==, !=, <, >, <=, >="),
    ],
)  # fmt: skip
def test_the_first_syntax_error_is_reported_with_its_column(text: str, said: str) -> None:
    with pytest.raises(SartoError) as caught:
        parse(text, Place("f.toml", "rule"), ["a", "b", "c"])
    assert str(caught.value) == f"f.toml: rule, {said}"


def test_every_unknown_name_is_reported_with_the_nearest_known_one() -> None:
    with pytest.raises(SartoError) as caught:
        parse("mpas & tokens => graphq.price > 3", Place(), ["maps", "tokens", "graphql"])
    assert [str(error) for error in caught.value.errors] == [
        "unknown feature 'mpas'\n  hint: did you mean 'maps'?",
        "unknown feature 'graphq'\n  hint: did you mean 'graphql'?",
    ]
    assert [error.where.column for error in caught.value.errors if isinstance(error.where, Place)] == [1, 18]


def test_a_column_counts_on_from_where_the_expression_begins() -> None:
    with pytest.raises(SartoError) as caught:
        parse("a &", Place("m.uvl", line=7, column=9), ["a"])
    assert str(caught.value) == "m.uvl:7:12: expected a feature or a value, but found the end"


def test_a_number_without_end_is_refused() -> None:
    with pytest.raises(SartoError, match="is too large"):
        parse(f"a > {'9' * 400}.0", Place())


@pytest.mark.parametrize("opening", ["(", "!"])
def test_nesting_has_no_limit(opening: str) -> None:
    depth = 50_000
    text = opening * depth + "a" + (")" * depth if opening == "(" else "")
    assert len(write(parse(text, Place()))) == (1 if opening == "(" else depth + 1)


@given(expressions(["a", "b", "big maps", "or", "größe", "x.y"]))
def test_what_is_written_reads_back_equal(given_expression: Expression) -> None:
    text = write(given_expression)
    assert parse(text, Place(), ["a", "b", "big maps", "or", "größe", "x.y"]) == given_expression


@given(expressions(["a", "b"], texts=st.just("x")))
def test_a_bracket_is_written_only_where_it_is_needed(given_expression: Expression) -> None:
    text = write(given_expression)
    for index, char in enumerate(text):
        if char == "(" and not text[max(index - 1, 0)].isalpha():  # letters: the bracket of a function
            closing = _partner(text, index)
            without = text[:index] + text[index + 1 : closing] + text[closing + 1 :]
            assert _reads_as(without) != given_expression


def _partner(text: str, index: int) -> int:
    depth = 0
    for position in range(index, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise ValueError("never closed")


def _reads_as(text: str) -> Expression | None:
    try:
        return parse(text, Place(), ["a", "b"])
    except SartoError:
        return None


@given(st.text("ab&|!()=<>+-*/.,'\" 1len", max_size=12))
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    try:
        parse(text, Place(), ["a", "b"])
    except SartoError as error:
        for single in error.errors:
            assert isinstance(single.where, Place)
            assert 1 <= (single.where.column or 0) <= len(text) + 1


def test_an_integer_that_no_real_number_reaches_is_too_large() -> None:
    with pytest.raises(SartoError) as caught:
        parse("a > 1" + "0" * 400, Place("x.uvl", line=3, column=2), {"a"})
    assert str(caught.value).startswith("x.uvl:3:6: the number 1000")


@pytest.mark.parametrize(("operator", "kind"), [("|", Or), ("&", And)])
def test_a_long_chain_of_names_means_what_it_means_in_brackets(operator: str, kind: type[Or | And]) -> None:
    names = [f"f{number % 7}" for number in range(1500)]
    chain = f" {operator}\t".join(names)
    meaning = kind(tuple(map(FeatureReference, names)))
    assert parse(chain, Place("t"), set(names)) == meaning
    assert parse(f"({chain})", Place("t"), set(names)) == meaning


@pytest.mark.parametrize("last", ["!f1", '"f1"', "f1 // f1", "f1.price", "f1 & f2", "f1 => f2", "(f1)"])
def test_whatever_else_stands_in_a_long_chain_is_read_as_ever(last: str) -> None:
    known = {"f1", "f2"}
    long = parse(" | ".join(["f1"] * 1500) + " | " + last, Place("t"), known)
    short = parse("f1 | f1 | " + last, Place("t"), known)
    assert write(long) == "f1 | " * 1498 + write(short)


def test_an_unknown_name_in_a_long_chain_is_reported_with_its_column() -> None:
    with pytest.raises(SartoError) as caught:
        parse("f1 | " * 1500 + "f2", Place("t"), {"f1"})
    assert caught.value.where == Place("t", column=7501)
    assert caught.value.what == "unknown feature 'f2'"


class Names(frozenset[str]):
    """Names that are counted one by one, as those of a model of several files are."""

    def __len__(self) -> int:
        raise AssertionError("thousands of rules over thousands of features would take minutes")


def test_the_known_names_are_not_counted_for_each_rule() -> None:
    assert parse("a => b", Place(), Names({"a", "b"})) == Implies(FeatureReference("a"), FeatureReference("b"))


def test_where_there_are_no_features_every_name_is_unknown() -> None:
    with pytest.raises(SartoError, match="unknown feature 'a'"):
        parse("a", Place(), ())


def test_two_hundred_thousand_negations_are_read_and_gone_through_children_first() -> None:
    read = parse("!" * 200_000 + "f1", Place("t"), {"f1"})
    nodes = list(postorder(read))

    assert nodes[0] == FeatureReference("f1")
    assert len(nodes) == 200_001
    assert nodes[-1] is read
    assert not list(kind_faults(read, lambda _: None))


def test_operands_are_gone_through_from_left_to_right_before_what_joins_them() -> None:
    read = parse("a & (b => c) | floor(d + 1) > 2", Place("t"))
    assert [write(node) for node in postorder(read)] == [
        "a", "b", "c", "b => c", "a & (b => c)", "d", "1", "d + 1", "floor(d + 1)", "2", "floor(d + 1) > 2",
        "a & (b => c) | floor(d + 1) > 2",
    ]  # fmt: skip
