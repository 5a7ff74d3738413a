"""How many instances are enough for what is said of sums, where there may be any number of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import floor

from .expression import (
    Aggregate,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Number,
    exact,
    fold,
    postorder,
)
from .feature import Feature, ValueType
from .feature_model import FeatureModel, attribute_value
from .kinds import is_sum_of_values

__all__ = ["MOST_NEEDED", "enough_for_sums"]

MOST_NEEDED = 200
"""More instances than these are not looked at for the sake of sums."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A linear expression: aggregates with their factors, and a rest that is between ``low`` and ``high``."""

    factors: Mapping[Aggregate, Fraction]
    low: Fraction
    high: Fraction

    def times(self, factor: Fraction) -> _Form:
        ends = sorted((self.low * factor, self.high * factor))
        return _Form({each: value * factor for each, value in self.factors.items()}, *ends)

    def plus(self, other: _Form) -> _Form:
        both = {**self.factors, **other.factors}
        factors = {each: self.factors.get(each, 0) + other.factors.get(each, Fraction(0)) for each in both}
        return _Form(factors, self.low + other.low, self.high + other.high)


def enough_for_sums(model: FeatureModel, name: str) -> int | None:
    """So many instances of a feature, kept from any number of them, decide each comparison of sums as all of them do.

    None where no number is found, or it is above MOST_NEEDED: where a comparison has an ``avg``, or is not linear, or
    where some instances add to it and others take from it, or others may take from it without end.

    Let a comparison be ``s + r`` against 0, where each instance adds nothing to ``s`` or at least ``p > 0``, and
    ``r``, all the rest, is at least ``-t``. If at most ``k = floor(t / p) + 1`` instances add something, keep them all:
    the sum stays what it was. If there are more, keep ``k``: the sum is above 0 before and after. The same
    holds with all signs turned. Where there are several comparisons, keep the instances of each.
    """
    needed = 0
    for constraint in model.constraints:
        for node in postorder(constraint.expression):
            if isinstance(node, Compare) and any(_counts(model, each, name) for each in _aggregates(node)):
                form = _form(model, node)
                enough = None if form is None else _enough(model, form, name)
                if enough is None:
                    return None
                needed += enough
    return needed if needed <= MOST_NEEDED else None


def _aggregates(expression: Expression) -> Iterator[Aggregate]:
    return (node for node in postorder(expression) if isinstance(node, Aggregate))


def _counts(model: FeatureModel, aggregate: Aggregate, name: str) -> bool:
    """Whether an aggregate counts an attribute, or the value, of the feature or of what is below it."""
    below = (model.features[each] for each in model.preorder(name))
    key = aggregate.attribute
    return any(key == each.name or attribute_value(each, key) is not None for each in below)


def _enough(model: FeatureModel, form: _Form, name: str) -> int | None:
    below = set(model.preorder(name))
    under = {each: set(model.preorder(each.under)) for each in form.factors}
    added: list[tuple[Fraction, Fraction, Fraction]] = []
    low, high = form.low, form.high
    for each in model.features:
        ends = _added(model, {sum_: factor for sum_, factor in form.factors.items() if each in under[sum_]}, each)
        if ends is None:
            return None
        if each in below:
            added.append(ends)
            continue
        times = _times(model, each)
        if times is None and any(ends[:2]):
            return None
        low, high = low + ends[0] * (times or 0), high + ends[1] * (times or 0)
    steps = [step for _, _, step in added if step]
    if not steps:
        return 0
    if all(least >= 0 for least, _, _ in added):
        return max(0, floor(-low / min(steps)) + 1)
    if all(most <= 0 for _, most, _ in added):
        return max(0, floor(high / min(steps)) + 1)
    return None


def _added(
    model: FeatureModel, factors: Mapping[Aggregate, Fraction], name: str
) -> tuple[Fraction, Fraction, Fraction] | None:
    """What one feature adds where it is there or not: the least, the most, and the smallest step away from nothing.

    A step of 0 stands for a feature that adds nothing; None for one that may add as little as it likes.
    """
    feature = model.features[name]
    constant = Fraction(0)
    low = high = step = Fraction(0)
    for aggregate, factor in factors.items():
        if is_sum_of_values(aggregate, model.features):
            if aggregate.attribute == name and factor:
                ends = _values(feature)
                if ends is None:
                    return None
                (low, high), step = sorted(end * factor for end in ends[:2]), ends[2] * abs(factor)
            continue
        value = attribute_value(feature, aggregate.attribute)
        if isinstance(value, int | float) and not isinstance(value, bool):
            constant += Fraction(exact(value)) * factor
    if step and constant:
        return None
    return min(low, constant), max(high, constant), step or abs(constant)


def _values(feature: Feature) -> tuple[Fraction, Fraction, Fraction] | None:
    """Between what the value of a typed feature is, 0 where it is not there, and the smallest that is not 0."""
    if feature.minimum is None or feature.maximum is None:
        return None
    least, most = Fraction(exact(feature.minimum)), Fraction(exact(feature.maximum))
    if least < 0 < most:
        return None
    nearest = min(abs(least), abs(most))
    if not nearest:
        if feature.type is not ValueType.INTEGER:
            return None
        nearest = Fraction(1)
    return min(least, Fraction(0)), max(most, Fraction(0)), nearest


def _times(model: FeatureModel, name: str) -> int | None:
    """How often a feature may be there; None for any number of times."""
    times = 1
    above: str | None = name
    while above is not None:
        _, most = model.features[above].instances or (1, 1)
        if most is None:
            return None
        times, above = times * most, model.parent_of(above)
    return times


def _form(model: FeatureModel, comparison: Compare) -> _Form | None:
    """The left side less the right one; None where that is not linear in its sums, or its rest has no bounds."""
    left, right = (fold(side, partial(_formed, model)) for side in (comparison.left, comparison.right))
    return None if left is None or right is None else left.plus(right.times(Fraction(-1)))


def _formed(model: FeatureModel, node: Expression, parts: tuple[_Form | None, ...]) -> _Form | None:
    match node, parts:
        case Number(value), _:
            return _Form({}, Fraction(exact(value)), Fraction(exact(value)))
        case Aggregate("sum"), _:
            return _Form({node: Fraction(1)}, Fraction(0), Fraction(0))
        case FeatureReference(name) | AttributeReference(name), _:
            return _rest(model.features[name], node)
        case Arithmetic("+"), (_Form() as left, _Form() as right):
            return left.plus(right)
        case Arithmetic("-"), (_Form() as left, _Form() as right):
            return left.plus(right.times(Fraction(-1)))
        case Arithmetic("*"), (_Form() as left, _Form() as right):
            constant, other = (left, right) if _is_constant(left) else (right, left)
            return other.times(constant.low) if _is_constant(constant) else None
        case _:
            return None


def _is_constant(form: _Form) -> bool:
    return not form.factors and form.low == form.high


def _rest(feature: Feature, node: Expression) -> _Form | None:
    """What a feature or an attribute stands for in arithmetic, 0 where the feature is not there."""
    ends = (Fraction(0), Fraction(1))
    if isinstance(node, AttributeReference):
        value = attribute_value(feature, node.attribute)
        if isinstance(value, str):
            return None
        ends = (Fraction(0), Fraction(exact(value or 0)))
    elif feature.type is not None:
        found = None if feature.type is ValueType.STRING else _values_between(feature)
        if found is None:
            return None
        ends = found
    return _Form({}, min(ends), max(ends))


def _values_between(feature: Feature) -> tuple[Fraction, Fraction] | None:
    if feature.minimum is None or feature.maximum is None:
        return None
    least, most = Fraction(exact(feature.minimum)), Fraction(exact(feature.maximum))
    return min(least, Fraction(0)), max(most, Fraction(0))
