"""Rules: what each operator means, what stands beside them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from sarto.model.evaluation import evaluate
from sarto.model.expression import FeatureReference
from sarto.model.feature_model import FeatureModel
from sarto_featureide.reading import read_text
from sarto_featureide.rules import at_most_one

Said = Callable[..., list[str]]
Shown = Callable[[FeatureModel], list[str]]
VAR = "<var>A</var>"


def ruled(*rules: str) -> str:
    tree = '<and name="R"><feature name="A"/><feature name="B"/><feature name="C"/></and>'
    lines = "".join(f"<rule>{rule}</rule>\n" for rule in rules)
    return f"<featureModel><struct>{tree}</struct><constraints>\n{lines}</constraints></featureModel>"


MEANINGS = [
    ("<var>A</var>", "A"),
    ("<not><var>A</var></not>", "!A"),
    ("<conj><var>A</var><var>B</var><var>C</var></conj>", "A & B & C"),
    ("<disj><var>A</var><not><var>B</var></not></disj>", "A | !B"),
    ("<imp><var>A</var><disj><var>B</var><var>C</var></disj></imp>", "A => B | C"),
    ("<eq><var>A</var>\n<conj><var>B</var></conj></eq>", "A <=> B"),
    ("<atmost1><var>A</var><var>B</var></atmost1>", "!(A & B)"),
    ("<atmost1><var>A</var><var>B</var><var>C</var></atmost1>", "!(A & (B | C)) & !(B & C)"),
    ("<atmost1><var>A</var></atmost1>", "A => A"),
]


@pytest.mark.parametrize(("rule", "meaning"), MEANINGS)
def test_an_operator_has_its_meaning(rule: str, meaning: str, shown: Shown) -> None:
    assert shown(read_text(ruled(rule), strict=True).model)[1:] == [meaning]


@pytest.mark.parametrize("count", range(1, 8))
def test_at_most_one_of_several_holds_for_none_and_each_alone(count: int) -> None:
    names = [f"f{number}" for number in range(count)]
    expression = at_most_one(tuple(map(FeatureReference, names)))
    for states in product([False, True], repeat=count):
        assert evaluate(expression, dict(zip(names, states, strict=True))) is (sum(states) <= 1)


def test_the_description_is_the_reason_and_tags_are_said_not_to_be_kept() -> None:
    rule = f"<description>\n\tBecause of\n\tthe law\n</description><tags>law</tags><graphics key='x'/>{VAR}"
    reading = read_text(ruled(rule), "m.xml", strict=True)
    assert [constraint.because for constraint in reading.model.constraints] == ["Because of\nthe law"]
    assert [str(warning) for warning in reading.warnings] == ["m.xml:5:15: the tags of a rule are not kept"]


def test_a_rule_without_an_expression_says_nothing(faults_of: Said) -> None:
    reading = read_text(ruled("", "<description>later</description>"), "m.xml")
    assert reading.model.constraints == ()
    said = "2:1: this rule says nothing (and 1 more like this)\n  hint: take it out"
    assert [str(warning) for warning in reading.warnings] == [f"m.xml:{said}"]
    assert faults_of(ruled(""), strict=True) == ["2:1: this rule says nothing\n  hint: take it out"]


def test_all_errors_of_all_rules_are_told_together(faults_of: Said) -> None:
    rules = [
        "<imp><var>A</var></imp>",
        "<not><var>A</var><var>B</var></not>",
        "<disj/>",
        "<xor><var>A</var><var>Bee</var></xor>",
        f"{VAR}{VAR}",
        "<not><var>CC</var></not>",
        "<var></var>",
    ]
    assert faults_of(ruled(*rules)) == [
        "2:7: <imp> has 1 operands, and needs 2",
        "3:7: <not> has 2 operands, and needs 1",
        "4:7: <disj> has 0 operands, and needs at least 1",
        "5:7: <xor> is no operator of a rule\n  hint: it is one of var, not, imp, eq, conj, disj, atmost1",
        "5:24: unknown feature 'Bee'",
        "6:19: a rule has one expression, and this is another\n  hint: join them in <conj>",
        "7:12: unknown feature 'CC'\n  hint: did you mean 'C'?",
        "8:7: unknown feature ''",
    ]


def test_constraints_have_rules_and_nothing_else(faults_of: Said) -> None:
    text = ruled().replace("<constraints>", "<constraints><imp/>")
    assert faults_of(text) == ["1:122: <imp> stands where a <rule> is expected"]
