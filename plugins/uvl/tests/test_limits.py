"""Sizes that no person writes: read, or refused in few words, without a limit on nesting and without a traceback."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sarto.errors import SartoError
from sarto.model.expression import And, Not, Or
from sarto.model.feature_model import FeatureModel
from sarto_uvl.reading import read_text
from sarto_uvl.writing import write

Said = Callable[..., list[str]]


def test_a_tree_can_be_thousands_of_levels_deep() -> None:
    levels = 1500  # the indentation of the file grows with the square of the levels
    text = "features\n" + "".join(f"{' ' * (2 * n + 1)}F{n}\n{' ' * (2 * n + 2)}or\n" for n in range(levels))
    model = read_text(f"{text}{' ' * (2 * levels + 1)}Last\n").model
    assert len(model.features) == levels + 1
    assert read_text(write(model)).model == model


def wide(count: int) -> str:
    return "features\n A\n  optional\n" + "".join(f"   F{n}\n" for n in range(count))


def test_a_constraint_can_have_a_hundred_thousand_literals() -> None:
    literals = [f"{'!' if n % 2 else ''}F{n % 100}" for n in range(100_000)]
    [found] = read_text(f"{wide(100)}constraints\n {' | '.join(literals)}\n").model.constraints
    assert isinstance(found.expression, Or)
    assert len(found.expression.operands) == 100_000


def test_a_long_constraint_can_have_numbers_too() -> None:
    rule = " & ".join(f"F{n % 100} < 2" for n in range(10_000))
    [found] = read_text(f"{wide(100)}constraints\n {rule}\n").model.constraints
    assert isinstance(found.expression, And)
    assert len(found.expression.operands) == 10_000


@pytest.mark.parametrize(("opening", "closing", "inner"), [("(", ")", "A"), ("!", "", "A"), ("!(", ")", "1 < 2")])
def test_brackets_and_negations_can_be_nested_without_end(opening: str, closing: str, inner: str) -> None:
    [found] = read_text(f"features\n A\nconstraints\n {opening * 20_000}{inner}{closing * 20_000}\n").model.constraints
    depth, node = 0, found.expression
    while isinstance(node, Not):
        depth, node = depth + 1, node.operand
    assert depth == (0 if opening == "(" else 20_000)


def test_a_hundred_errors_are_told_and_the_rest_is_counted(faults_of: Said) -> None:
    said = faults_of("features\n A\n  or\n" + "".join(f"   F{n} x\n" for n in range(3000)))
    assert len(said) == 101
    assert said[99].startswith("103:8: expected the end of the line, but found 'x'")
    assert said[100] == " and 2,900 more errors"


def test_lines_of_rubbish_are_counted_one_by_one(faults_of: Said) -> None:
    said = faults_of("rubbish\n\tand more\n" * 3000)
    assert said[0].startswith("1:1: expected a section of UVL, but found 'rubbish'")
    assert said[100] == " and 2,900 more errors"


def test_as_many_unknown_names_in_one_constraint_are_counted_too(faults_of: Said) -> None:
    said = faults_of(f"{wide(10)}constraints\n {' | '.join(f'X{n}' for n in range(5000))}\n")
    assert said[0] == "15:2: unknown feature 'X0'"
    assert said[-1].endswith("and 4,900 more errors")


def test_brackets_that_are_never_closed_cost_no_more_than_their_lines(faults_of: Said) -> None:
    lines = "".join(f"   F{n} {{x [\n" for n in range(5_000))
    assert faults_of(f"features\n A\n  or\n{lines}")[-1].endswith("and 4,900 more errors")
    rules = " (A\n" * 5_000
    assert faults_of(f"features\n A\nconstraints\n{rules}")[-1].endswith("and 4,900 more errors")


@pytest.mark.parametrize(
    "line",
    [
        "A {" + ", ".join(f"a{n} {n}" for n in range(50_000)) + "}",
        "A {x [" + ", ".join("'y'" for _ in range(50_000)) + "]}",
        "A" + " " * 500_000 + "{x}",
        "A /*" + "x" * 500_000 + "*/",
        "A " + "/**/" * 100_000,
        '"' + "A" * 500_000 + '"',
    ],
)  # fmt: skip
def test_a_line_can_be_long(line: str) -> None:
    assert len(read_text(f"features\n {line}\n").model.features) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[(" * 100_000, "2:2: expected a feature, but found '['"),
        ("A " + "{a " * 100_000, "2:304: attributes are nested deeper than 100 levels"),
        ("A.b" * 100_000, "2:2: a name of more than 200 parts"),
        ("A" * 1000 + "-", "2:1002: expected the end of the line, but found '-'"),
        ("A {" + "x" * 1000 + " y}", "2:1006: expected a value, but found 'y'"),
        ("A '" + "x" * 1000 + "'", f"2:4: expected the end of the line, but found ''{'x' * 56}...'"),
    ],
)  # fmt: skip
def test_a_long_line_that_is_wrong_is_refused_in_few_words(line: str, said: str, faults_of: Said) -> None:
    [found] = faults_of(f"features\n {line}\n")
    assert found.partition("\n")[0] == said


def test_a_constraint_of_names_in_names_is_refused_in_time(faults_of: Said) -> None:
    assert faults_of("features\n A\nconstraints\n " + "a.b." * 50_000 + "c\n") == ["4:2: unknown feature 'a'"]


def test_many_comments_are_read_in_time() -> None:
    text = "/* a\n// b */" * 20_000 + "\nfeatures\n A /*\n*/\n" + "/*\n*/ // x\n" * 20_000
    assert list(read_text(text).model.features) == ["A"]


def test_a_void_model_is_a_model() -> None:
    model: FeatureModel = read_text("features\n A\nconstraints\n !A\n").model
    assert len(model.constraints) == 1


def test_an_error_is_raised_as_one_where_there_is_one() -> None:
    with pytest.raises(SartoError) as caught:
        read_text("features\n A B\n", "m.uvl")
    assert caught.type is SartoError
