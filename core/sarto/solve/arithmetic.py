"""Comparisons over numbers and texts, turned into decision diagrams over the features they read.

A typed feature takes one of finitely many values here (its *domain*), so a comparison is a truth
function of presences and values. Linear comparisons become a diagram over partial sums, every other one a table
over the states of the few features that it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod

from ..model.evaluation import evaluate
from ..model.expression import Aggregate, Compare, Value, compare
from ..model.feature_model import FeatureModel
from .diagrams import linear
from .difficulty import too_hard
from .formula import FormulaBuilder
from .linear_form import Domains, LinearForm, added, attribute_form, features_read, linear_form, members_of

__all__ = ["comparison"]

TABLE_LIMIT = 1 << 14


def comparison(builder: FormulaBuilder, model: FeatureModel, domains: Domains, node: Compare) -> int:
    """A literal that is true when, and only when, the comparison is.

    Raises SartoError where it is neither linear nor small enough for a table.
    """
    left, right = linear_form(model, domains, node.left), linear_form(model, domains, node.right)
    if left is not None and right is not None:
        return linear(builder, added(left, right, -1), node)
    average = _average_against_constant(model, domains, node)
    if average is not None:
        return _average(builder, model, domains, node, *average)
    return _table(builder, model, domains, node)


def _average_against_constant(
    model: FeatureModel, domains: Domains, node: Compare
) -> tuple[str, Aggregate, Fraction] | None:
    """``avg(x) op c`` as (op, the average, c)."""
    mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    for left, right, operator in (
        (node.left, node.right, node.operator),
        (node.right, node.left, mirrored.get(node.operator, node.operator)),
    ):
        if isinstance(left, Aggregate) and left.function == "avg":
            form = linear_form(model, domains, right)
            if form is not None and not form.terms:
                return operator, left, form.constant
    return None


def _average(
    builder: FormulaBuilder, model: FeatureModel, domains: Domains, node: Compare,
    operator: str, average: Aggregate, constant: Fraction,
) -> int:  # fmt: skip
    names = members_of(model, average)
    over_nothing = builder.constant(compare(operator, Fraction(0), constant))
    total = attribute_form(model, domains, names, average.attribute)
    if not names or total is None:
        return over_nothing
    terms = {n: {state: amount - constant for state, amount in states.items()} for n, states in total.terms.items()}
    sums = linear(builder, LinearForm(Fraction(0), terms), Compare(operator, node.left, node.right))
    return builder.choose(builder.any_of([builder.variable(name) for name in names]), sums, over_nothing)


def _table(builder: FormulaBuilder, model: FeatureModel, domains: Domains, node: Compare) -> int:
    """A literal for any comparison, by its value in every state of the features that it reads."""
    names = features_read(model, node)
    states = {name: tuple(domains.get(name, (True,))) for name in names}
    if prod(len(values) + 1 for values in states.values()) > TABLE_LIMIT:
        raise too_hard(node)
    layer = {tuple(state.items()): builder.constant(evaluate(node, state, model)) for state in _states(names, states)}
    for depth in range(len(names) - 1, -1, -1):
        name = names[depth]
        above = {key: literal for key, literal in layer.items() if not key or key[-1][0] != name}
        for key in above:
            for value in states[name]:
                taken = layer[(*key, (name, value))]
                condition = builder.selectors[name][value] if len(states[name]) > 1 else builder.variable(name)
                above[key] = builder.choose(condition, taken, above[key])
        layer = above
    return layer[()]


def _states(names: Sequence[str], states: Mapping[str, Sequence[Value]]) -> Iterator[dict[str, Value]]:
    found: list[dict[str, Value]] = [{}]
    for name in names:
        found += [{**state, name: value} for state in found for value in states[name]]
    return iter(found)
