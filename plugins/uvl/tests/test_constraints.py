"""Constraints: every operator and function, as the grammar of Sarto has them, and where UVL leaves things open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
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
)
from sarto_uvl.reading import read_text

Said = Callable[..., list[str]]

TREE = """features
\tA {price 3}
\t\toptional
\t\t\tB {price 4.5, name 'b'}
\t\t\t"or"
\t\t\t"big maps"
\t\t\tString S
\t\t\tInteger I
"""
A, B, S, I = (FeatureReference(name) for name in "ABSI")  # noqa: E741  # the feature's own name


def constraint(text: str, strict: bool = True) -> Expression:
    """The one constraint of the tree above with this line."""
    [found] = read_text(f"{TREE}constraints\n\t{text}\n", strict=strict).model.constraints
    return found.expression


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("A", A),
        ("!A", Not(A)),
        ("!!A & !(B)", And((Not(Not(A)), Not(B)))),
        ("A & B & S", And((A, B, S))),
        ("A & (B & S)", And((A, And((B, S))))),
        ("A | B & S", Or((A, And((B, S))))),
        ("A => B => S", Implies(Implies(A, B), S)),
        ("A <=> B => S | I", Iff(A, Implies(B, Or((S, I))))),
        ('"or" => "big maps"', Implies(FeatureReference("or"), FeatureReference("big maps"))),
        ('"A" => "B"', Implies(A, B)),
        ("A.price + B.price * 2 <= 10.5", Compare("<=", Arithmetic(
            "+", AttributeReference("A", "price"), Arithmetic("*", AttributeReference("B", "price"), Number(2)),
        ), Number(10.5))),
        ("I - I / -2 != 0", Compare("!=", Arithmetic("-", I, Arithmetic("/", I, Number(-2))), Number(0))),
        ("I-I == 0", Compare("==", Arithmetic("-", I, I), Number(0))),
        ("I < 3 & I > 1 | I >= 5", Or((And((Compare("<", I, Number(3)), Compare(">", I, Number(1)))),
                                       Compare(">=", I, Number(5))))),
        ("S == 'a & b // c'", Compare("==", S, Text("a & b // c"))),
        ("S != B.name", Compare("!=", S, AttributeReference("B", "name"))),
        ("len(S) < 10 => floor(B.price) == 4 & ceil(I) > 1", Implies(
            Compare("<", Function("len", S), Number(10)),
            And((Compare("==", Function("floor", AttributeReference("B", "price")), Number(4)),
                 Compare(">", Function("ceil", I), Number(1)))),
        )),
        ("sum(price) < 9", Compare("<", Aggregate("sum", "price"), Number(9))),
        ("avg(price, A) < 9", Compare("<", Aggregate("avg", "price", "A"), Number(9))),
        ("sum(A, price) < 9", Compare("<", Aggregate("sum", "price", "A"), Number(9))),
        ("(A\n& (B |\n\t\tS))", And((A, Or((B, S))))),
        ("A /* one */ & B // two", And((A, B))),
    ],
)  # fmt: skip
def test_a_constraint_means_what_uvl_says(text: str, meaning: Expression) -> None:
    assert constraint(text) == meaning


def test_names_in_logic_are_made_once() -> None:
    first, second = read_text(f"{TREE}constraints\n\t!A | B\n\tB => !A\n").model.constraints
    assert isinstance(first.expression, Or)
    assert isinstance(second.expression, Implies)
    assert first.expression.operands[0] is second.expression.right
    assert first.expression.operands[1] is second.expression.left


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A &", "10:5: expected a feature or a value, but found the end"),
        ("A B", "10:4: expected an operator, but found 'B'"),
        ("(A & B", "10:2: this bracket is never closed"),
        ("A & B)", "10:7: this bracket was never opened"),
        ("A = B", "10:4: expected an operator, but found '='"),
        ("Apple => B", "10:2: unknown feature 'Apple'"),
        ("A => bigmaps", "10:7: unknown feature 'bigmaps'\n  hint: did you mean 'big maps'?"),
        ("A + 1", "10:2: 'A + 1' is a value, where something true or false is needed"
                  "\n  hint: compare it: ==, !=, <, >, <=, >="),
        ("A => 'x'", "10:4: ''x'' is a value, where something true or false is needed"
                     "\n  hint: compare it: ==, !=, <, >, <=, >="),
        ("I > " + "9" * 5000, "10:6: the number " + "9" * 57 + "... is too large"),
        ('A => "B', "10:7: expected a feature or a value, but found '\"'"),
    ],
)  # fmt: skip
def test_a_constraint_that_is_none_is_refused_at_its_column(text: str, said: str, faults_of: Said) -> None:
    assert faults_of(f"{TREE}constraints\n\t{text}\n") == [said]


def test_all_unknown_names_of_all_constraints_are_reported(faults_of: Said) -> None:
    assert faults_of(f"{TREE}constraints\n\tX => A & Y\n\t(A |\n\t  Z.price > 3)\n") == [
        "10:2: unknown feature 'X'",
        "10:11: unknown feature 'Y'",
        "12:4: unknown feature 'Z'",
    ]


@pytest.mark.parametrize(
    ("text", "meaning", "said"),
    [
        ("B.prise > 3", Compare(">", Number(0), Number(3)),
         "10:2: the feature 'B' has no attribute 'prise', which counts as 0\n  hint: did you mean 'price'?"),
        ("len(B.prise) == 0", Compare("==", Number(0), Number(0)),
         "10:2: the feature 'B' has no attribute 'prise', which counts as 0\n  hint: did you mean 'price'?"),
        ("sum(I) > 3", Compare(">", I, Number(3)),
         "10:2: no feature has an attribute 'I', so 'sum(I)' is the value of that name itself"),
        ("avg(B.price) > 3", Compare(">", AttributeReference("B", "price"), Number(3)),
         "10:2: no feature has an attribute 'B.price', so 'avg(B.price)' is the value of that name itself"),
        ("sum(I, A) > 3", Compare(">", Aggregate("sum", "I", "A"), Number(3)),
         "10:2: no feature has an attribute 'I', so 'sum(I, A)' is 0"),
        ("sum(weight) > 3", Compare(">", Aggregate("sum", "weight"), Number(3)),
         "10:2: no feature has an attribute 'weight', so 'sum(weight)' is 0"),
        ("S > 3", Compare(">", S, Number(3)),
         "10:2: 'S' is a text and '3' is a number, which '>' cannot compare"),
    ],
)  # fmt: skip
def test_what_the_grammar_leaves_open_is_decided_with_a_warning(
    text: str, meaning: Expression, said: str, warnings_of: Said
) -> None:
    assert constraint(text, strict=True) == meaning
    assert warnings_of(f"{TREE}constraints\n\t{text}\n") == [said]


def test_a_typed_feature_can_be_summed_beside_an_attribute_of_its_name() -> None:
    text = "features\n A {I 3}\n  or\n   Integer I\nconstraints\n sum(I) > 3\n"
    [found] = read_text(text, strict=True).model.constraints
    assert found.expression == Compare(">", Aggregate("sum", "I"), Number(3))


def test_an_attribute_is_no_feature(faults_of: Said) -> None:
    assert faults_of(f"{TREE}constraints\n\tprice > 3\n") == [
        "10:2: unknown feature 'price'",
    ]
