"""Formulas over typed features of which only some values are told apart: what they call impossible is.

A typed feature that arithmetic reads together with others, over a wide range, has a literal for some of its values and
one for all the others. With one of the others, a linear comparison is held to what the feature's bounds leave of it
(interval arithmetic: Moore, 1966), and any other comparison to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from ..model.expression import Arithmetic, Compare, Value
from ..model.feature import Feature, ValueType
from ..model.feature_model import FeatureModel
from . import diagrams
from .arithmetic import comparison
from .diagrams import linear
from .difficulty import TooHard
from .encoding import encode_skeleton
from .formula import Formula, FormulaBuilder
from .linear_form import Domains, LinearForm, features_read, linear_form
from .reasons import ValueRule

__all__ = ["loose_formula", "steps"]

OTHER = "other"
"""Stands for all values of a number that have no literal of their own."""


def steps(feature: Feature, start: Value) -> tuple[Value, ...]:
    """A feature's bounds, and the numbers at distances 1, 2, 4 and so on from ``start`` up to them."""
    if feature.type is ValueType.STRING or isinstance(start, str):
        return ()
    low, high = _bounds(feature)
    reach = max(abs(start - bound) for bound in (low, high, start) if bound is not None)
    distances = [1 << power for power in range(min(int(reach).bit_length(), 10))]
    found = [start + sign * distance for distance in distances for sign in (-1, 1)]
    ends = [bound for bound in (low, high) if bound is not None]
    return (*ends, *(n for n in found if (low is None or n >= low) and (high is None or n <= high)))


def _bounds(feature: Feature) -> tuple[int | float | None, int | float | None]:
    low, high = feature.minimum, feature.maximum
    if feature.type is ValueType.INTEGER:
        return (None if low is None else math.ceil(low)), (None if high is None else math.floor(high))
    return low, high


def loose_formula(
    model: FeatureModel,
    values: Domains,
    given: Mapping[str, Sequence[Value]],
    wide: Collection[str],
    also: Iterable[str],
) -> Formula:
    """As :func:`~sarto.solve.encoding.encode_skeleton`, with more solutions than configurations, not with fewer.

    ``values`` are those that are told apart, all that there are except of the features that are ``wide``. Where
    the numbers are too many even so, only ``given`` values are. Raises SartoError where these are too hard, too.
    """

    def comparing(builder: FormulaBuilder) -> Callable[[Compare], int]:
        for name in sorted(wide):
            _partly(builder, name, values[name])
        return _Comparisons(builder, model, values, given).literal

    exact = {name: domain for name, domain in values.items() if name not in wide}
    return encode_skeleton(model, exact, also, comparing)


def _partly(builder: FormulaBuilder, name: str, values: Sequence[Value]) -> None:
    """A selector for each of the values, and one for all others."""
    variable = builder.variable(name)
    selectors = {value: builder.fresh() for value in values}
    other = builder.fresh()
    builder.selectors[name] = selectors
    builder.others[name] = other
    builder.loose[other] = None
    builder.rule(ValueRule(name))
    builder.add(-variable, *selectors.values(), other)
    for selector in (*selectors.values(), other):
        builder.add(-selector, variable)
    builder.at_most_one([*selectors.values(), other])


class _Comparisons:
    """The literals of comparisons, as exactly as the values that are told apart allow."""

    def __init__(
        self, builder: FormulaBuilder, model: FeatureModel, values: Domains, given: Mapping[str, Sequence[Value]]
    ) -> None:
        self.builder = builder
        self.model = model
        self.values = values
        self.given = given

    def literal(self, node: Compare) -> int:
        """A literal that can be true wherever the comparison is true, and false wherever it is false."""
        names = features_read(self.model, node)
        others = [self.builder.others[name] for name in names if name in self.builder.others]
        form = linear_form(self.model, self.values, Arithmetic("-", node.left, node.right)) if others else None
        if form is not None and not self._is_small(form):
            return self._where_given(node, names)
        if form is not None and self._is_bounded(names):
            return self._between(node, form)
        try:
            return self._unless(others, comparison(self.builder, self.model, self.values, node))
        except TooHard:
            return self._where_given(node, names)

    def _is_bounded(self, names: Iterable[str]) -> bool:
        return all(None not in _bounds(self.model.features[name]) for name in names if name in self.builder.others)

    def _is_small(self, form: LinearForm) -> bool:
        """Whether its diagrams have few enough nodes: as many to a level as there are sums, or ways to choose."""
        amounts = [{Fraction(0), *states.values()} for states in form.terms.values()]
        scale = math.lcm(*(amount.denominator for each in amounts for amount in each))
        whole = [sorted(int(amount * scale) for amount in each) for each in amounts]
        step = math.gcd(*(amount for each in whole for amount in each)) or 1
        sums = sum(each[-1] - each[0] for each in whole) // step + 1
        made, ways = 0, 1
        for each in whole:
            made += ways * len(each)
            ways = min(ways * len(each), sums)
        return made <= diagrams.NODE_LIMIT

    def _between(self, node: Compare, form: LinearForm) -> int:
        """A literal that is true only where the comparison can be, and false only where it need not be."""
        can, must = self._ends(node, form)
        literal = self.builder.fresh()
        self.builder.add(-literal, can)
        self.builder.add(-must, literal)
        return literal

    def _ends(self, node: Compare, form: LinearForm) -> tuple[int, int]:
        """Literals that say if the comparison can be true, and if it must be, by the bounds of other values."""
        least, most = self._with_other(form, min), self._with_other(form, max)

        def holds(operator: str, end: LinearForm) -> int:
            return linear(self.builder, end, Compare(operator, node.left, node.right), self._states())

        match node.operator:
            case "<" | "<=" as operator:
                return holds(operator, least), holds(operator, most)
            case ">" | ">=" as operator:
                return holds(operator, most), holds(operator, least)
            case operator:
                can = self.builder.all_of([holds("<=", least), holds(">=", most)])
                must = self.builder.all_of([holds("<=", most), holds(">=", least)])
                return (can, must) if operator == "==" else (-must, -can)

    def _with_other(self, form: LinearForm, end: Callable[[Iterable[Fraction]], Fraction]) -> LinearForm:
        """The sum, where each value that is not told apart counts as the bound at that end."""
        terms = {
            name: {**states, OTHER: end(states.values())} if name in self.builder.others else states
            for name, states in form.terms.items()
        }
        return LinearForm(form.constant, terms)

    def _states(self) -> Mapping[str, Mapping[Value, int]]:
        others = {name: {**self.builder.selectors[name], OTHER: other} for name, other in self.builder.others.items()}
        return self.builder.selectors | others

    def _where_given(self, node: Compare, names: Iterable[str]) -> int:
        """A literal for the comparison of given values; with any other value it may be either."""
        told = {name: self.given.get(name, domain) for name, domain in self.values.items()}
        holds = comparison(self.builder, self.model, told, node)
        apart = []
        for name in names:
            if name in self.given and len(self.builder.selectors[name]) + (name in self.builder.others) > 1:
                selector = self.builder.selectors[name][self.given[name][0]]
                apart.append(self.builder.all_of([self.builder.variable(name), -selector]))
        return self._unless(apart, holds)

    def _unless(self, apart: Sequence[int], holds: int) -> int:
        """A literal that is as ``holds``, except where one of ``apart`` holds: there it may be either."""
        if not apart:
            return holds
        self.builder.loose |= dict.fromkeys(apart)
        literal = self.builder.fresh()
        self.builder.add(*apart, -literal, holds)
        self.builder.add(*apart, literal, -holds)
        return literal
