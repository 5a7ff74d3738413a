"""Comparisons over numbers and texts, turned into decision diagrams over the features they read.

A typed feature takes one of finitely many values here (its *domain*), so a comparison is a truth
function of presences and values. Linear comparisons become a diagram over partial sums (Eén and
Sörensson, 2006), every other one a table over the states of the few features that it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from operator import eq, ge, gt, le, lt, ne

from ..errors import SartoError
from ..model.evaluation import evaluate
from ..model.expression import (
    Aggregate,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Number,
    Value,
    compare,
    exact,
    fold,
    postorder,
)
from ..model.feature import ValueType
from ..model.feature_model import FeatureModel, attribute_value
from ..model.grammar import write
from .formula import FormulaBuilder

__all__ = [
    "WITH_PLUGIN",
    "Domains",
    "LinearForm",
    "TooHard",
    "comparison",
    "features_read",
    "linear",
    "linear_form",
    "members_of",
]

OPERATORS = {"==": eq, "!=": ne, "<": lt, ">": gt, "<=": le, ">=": ge}
TABLE_LIMIT = 1 << 14
NODE_LIMIT = 200_000
WITH_PLUGIN = "the plugin sarto-optimise decides such arithmetic, in sarto optimise, analyse and check"
"""What helps beside other words, whether the plugin is installed or not: nothing is known of that here."""
Domains = Mapping[str, Sequence[Value]]
Selectors = Mapping[str, Mapping[Value, int]]


class TooHard(SartoError):
    """Arithmetic that Sarto does not decide on its own, and an optimiser may."""


def members_of(model: FeatureModel, node: Aggregate) -> tuple[str, ...]:
    """The features whose attribute an aggregate gathers."""
    names = model.features if node.under is None else model.preorder(node.under)
    return tuple(name for name in names if is_number(attribute_value(model.features[name], node.attribute)))


def is_number(value: Value | None) -> bool:
    """Whether an attribute's value counts in sums; a truth value does not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def features_read(model: FeatureModel, expression: Expression) -> tuple[str, ...]:
    """The features whose presence or value the arithmetic depends on, in the order of first use."""
    names: dict[str, None] = {}
    for node in postorder(expression):
        match node:
            case FeatureReference(name) | AttributeReference(name):
                names[name] = None
            case Aggregate():
                names.update(dict.fromkeys(members_of(model, node)))
    return tuple(names)


@dataclass(frozen=True, slots=True)
class LinearForm:
    """``constant`` plus, for each feature, the sum that it contributes in each of its selected states."""

    constant: Fraction
    terms: dict[str, dict[Value, Fraction]]


def linear_form(model: FeatureModel, domains: Domains, expression: Expression) -> LinearForm | None:
    """The expression as a sum over features, or None where it is not linear."""

    def combine(node: Expression, parts: tuple[LinearForm | None, ...]) -> LinearForm | None:
        match node:
            case Number(value):
                return LinearForm(Fraction(repr(value)), {})
            case FeatureReference(name) if model.features[name].type != "string":
                values = domains.get(name, (True,))
                return LinearForm(Fraction(0), {name: {value: _number(value) for value in values}})
            case AttributeReference(name, attribute):
                return _attributes(model, domains, (name,), attribute)
            case Aggregate("sum", attribute):
                return _attributes(model, domains, members_of(model, node), attribute)
            case Arithmetic(operator):
                return _combined(operator, *parts)
            case Function("floor" | "ceil"):
                return parts[0] if _is_whole(model, parts[0]) else None
            case _:
                return None

    return fold(expression, combine)


def _is_whole(model: FeatureModel, form: LinearForm | None) -> bool:
    """Whether the sum is a whole number for all values of its features, also where two stand for all."""
    if form is None or any(model.features[name].type is ValueType.REAL for name in form.terms):
        return False
    amounts = (amount for states in form.terms.values() for amount in states.values())
    return all(amount.denominator == 1 for amount in (form.constant, *amounts))


def _attributes(model: FeatureModel, domains: Domains, names: Sequence[str], attribute: str) -> LinearForm | None:
    terms: dict[str, dict[Value, Fraction]] = {}
    for name in names:
        value = attribute_value(model.features[name], attribute)
        if value is None or isinstance(value, str):
            return None
        terms[name] = {state: _number(value) for state in domains.get(name, (True,))}
    return LinearForm(Fraction(0), terms)


def _combined(operator: str, left: LinearForm | None, right: LinearForm | None) -> LinearForm | None:
    if left is None or right is None:
        return None
    match operator:
        case "+":
            return _added(left, right, 1)
        case "-":
            return _added(left, right, -1)
        case "*" if not right.terms:
            return _scaled(left, right.constant)
        case "*" if not left.terms:
            return _scaled(right, left.constant)
        case "/" if not right.terms and right.constant:
            return _scaled(left, 1 / right.constant)
        case _:
            return None


def _added(left: LinearForm, right: LinearForm, sign: int) -> LinearForm:
    """The sum, or with a ``sign`` of -1 the difference, of two forms that nobody needs any more.

    The shorter one is added into the longer one, so that a sum of many terms takes no longer than these.
    """
    into, more, factor = left, right, sign
    if len(right.terms) > len(left.terms) and sign == 1:
        into, more = right, left
    for name, states in more.terms.items():
        own = into.terms.setdefault(name, {})
        for state, amount in states.items():
            own[state] = own.get(state, Fraction(0)) + factor * amount
    return LinearForm(left.constant + sign * right.constant, into.terms)


def _scaled(form: LinearForm, factor: Fraction) -> LinearForm:
    terms = {n: {state: factor * amount for state, amount in states.items()} for n, states in form.terms.items()}
    return LinearForm(factor * form.constant, terms)


def _number(value: Value) -> Fraction:
    return Fraction(value) if type(value) is int else Fraction(exact(value))


def comparison(builder: FormulaBuilder, model: FeatureModel, domains: Domains, node: Compare) -> int:
    """A literal that is true when, and only when, the comparison is.

    Raises SartoError where it is neither linear nor small enough for a table.
    """
    left, right = linear_form(model, domains, node.left), linear_form(model, domains, node.right)
    if left is not None and right is not None:
        return linear(builder, _added(left, right, -1), node)
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
    total = _attributes(model, domains, names, average.attribute)
    if not names or total is None:
        return over_nothing
    terms = {n: {state: amount - constant for state, amount in states.items()} for n, states in total.terms.items()}
    sums = linear(builder, LinearForm(Fraction(0), terms), Compare(operator, node.left, node.right))
    return builder.choose(builder.any_of([builder.variable(name) for name in names]), sums, over_nothing)


def linear(builder: FormulaBuilder, form: LinearForm, node: Compare, selectors: Selectors | None = None) -> int:
    """A literal for ``form op 0``, with ``op`` the node's operator; ``selectors`` in place of the builder's."""
    literals = builder.selectors if selectors is None else selectors
    amounts = (amount for states in form.terms.values() for amount in states.values())
    scale = lcm(*{amount.denominator for amount in (form.constant, *amounts)})  # whole numbers are far quicker
    start = int(form.constant * scale)
    steps = [
        (name, choices)
        for name, states in form.terms.items()
        if any(choices := [*_choices(builder, literals, name, {state: int(a * scale) for state, a in states.items()})])
    ]
    steps.sort(key=lambda step: -max(abs(amount) for _, amount in step[1]))
    low, high = _reach(steps)
    holds = OPERATORS[node.operator]
    made = 0

    def settled(level: int, total: int) -> int | None:
        least, most = holds(total + low[level], 0), holds(total + high[level], 0)
        if level == len(steps):
            return builder.constant(least)
        if node.operator in ("==", "!="):
            inside = total + low[level] <= 0 <= total + high[level]
            return None if inside else builder.constant(node.operator == "!=")
        return builder.constant(least) if least == most else None

    table: dict[tuple[int, int], int] = {}
    work = [(0, start, False)]
    while work:
        level, total, is_ready = work.pop()
        key = (level, total)
        if key in table:
            continue
        known = settled(level, total)
        if known is not None:
            table[key] = known
            continue
        choices = steps[level][1]
        if not is_ready:
            work.append((level, total, True))
            work.append((level + 1, total, False))
            work.extend((level + 1, total + amount, False) for _, amount in choices)
            continue
        made += 1
        if made > NODE_LIMIT:
            raise _too_hard(node)
        result = table[level + 1, total]
        for condition, amount in choices:
            result = builder.choose(condition, table[level + 1, total + amount], result)
        table[key] = result
    return table[0, start]


def _choices(
    builder: FormulaBuilder, selectors: Selectors, name: str, states: Mapping[Value, int]
) -> Iterator[tuple[int, int]]:
    """What a feature may contribute: (literal of the state, amount), one entry where all states agree."""
    amounts = set(states.values())
    if len(amounts) == 1:
        amount = amounts.pop()
        if amount:
            yield builder.variable(name), amount
        return
    for state, amount in states.items():
        yield selectors[name][state], amount


def _reach(steps: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> tuple[list[int], list[int]]:
    """The least and the greatest that the steps from each level on can add."""
    low, high = [0], [0]
    for _, choices in reversed(steps):
        amounts = [0, *(amount for _, amount in choices)]
        low.append(low[-1] + min(amounts))
        high.append(high[-1] + max(amounts))
    return low[::-1], high[::-1]


def _table(builder: FormulaBuilder, model: FeatureModel, domains: Domains, node: Compare) -> int:
    """A literal for any comparison, by its value in every state of the features that it reads."""
    names = features_read(model, node)
    states = {name: tuple(domains.get(name, (True,))) for name in names}
    if prod(len(values) + 1 for values in states.values()) > TABLE_LIMIT:
        raise _too_hard(node)
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


def _too_hard(node: Expression) -> TooHard:
    return TooHard(
        f"the arithmetic of '{write(node)}' is beyond what Sarto decides on its own",
        hint=f"write it as a sum, or over fewer features; {WITH_PLUGIN}",
    )
