"""Arithmetic as a sum over features: what each contributes in each of its states, where the expression is linear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..model.expression import (
    Aggregate,
    Arithmetic,
    AttributeReference,
    Expression,
    FeatureReference,
    Function,
    Number,
    Value,
    exact,
    fold,
    postorder,
)
from ..model.feature import ValueType
from ..model.feature_model import FeatureModel, attribute_value

__all__ = ["Domains", "LinearForm", "added", "attribute_form", "features_read", "linear_form", "members_of"]

Domains = Mapping[str, Sequence[Value]]
"""The values that a typed feature may have, for those that have finitely many."""


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
                return attribute_form(model, domains, (name,), attribute)
            case Aggregate("sum", attribute):
                return attribute_form(model, domains, members_of(model, node), attribute)
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


def attribute_form(model: FeatureModel, domains: Domains, names: Sequence[str], attribute: str) -> LinearForm | None:
    """The sum of an attribute over features; None where one of them has no number there."""
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
            return added(left, right, 1)
        case "-":
            return added(left, right, -1)
        case "*" if not right.terms:
            return _scaled(left, right.constant)
        case "*" if not left.terms:
            return _scaled(right, left.constant)
        case "/" if not right.terms and right.constant:
            return _scaled(left, 1 / right.constant)
        case _:
            return None


def added(left: LinearForm, right: LinearForm, sign: int) -> LinearForm:
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
