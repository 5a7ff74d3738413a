"""Arithmetic over presences and values as linear sums of whole-number variables, for an optimiser.

Every number is an exact fraction: a sum with fractional factors over a sum that is known to be positive. What
is not linear gets an integer of its own, with bounds, tied to the others by a product.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm

from ..errors import SartoError
from ..model.expression import (
    Aggregate,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Number,
    Text,
    exact,
    fold,
)
from ..model.feature import ValueType
from ..model.feature_model import FeatureModel, attribute_value
from ..model.grammar import write
from .formula import FormulaBuilder
from .linear_form import members_of
from .problem import Linear, Product
from .sums import ONE, Sum, terms_of

__all__ = ["Amount", "Arithmetics"]

LARGEST = 1 << 60
"""Sums and products stay below this, so that they fit into 64 bits in whatever order they are added."""


@dataclass(frozen=True, slots=True)
class Amount:
    """``above`` / ``below``, which is positive; it can be calculated where all literals ``defined`` hold."""

    above: Sum
    below: Sum = ONE
    defined: tuple[int, ...] = ()


class Arithmetics:
    """The integers of a problem under construction, beside the builder of its clauses.

    ``values`` gives the value of each typed feature as a sum that is 0 where the feature is not selected.
    """

    def __init__(self, builder: FormulaBuilder, model: FeatureModel) -> None:
        self.builder = builder
        self.model = model
        self.values: dict[str, Sum] = {}
        self.integers: list[tuple[int, int]] = []
        self.linear: list[Linear] = []
        self.products: list[Product] = []

    def integer(self, low: int, high: int) -> int:
        """A new integer with these bounds, as a variable of :data:`Terms`."""
        if max(-low, high) >= LARGEST:
            raise SartoError("its numbers become too large", hint="give typed features narrower bounds")
        self.integers.append((low, high))
        return -len(self.integers)

    def require(self, total: Sum, low: int | None, high: int | None, when: Iterable[int] = ()) -> None:
        """``low`` ≤ ``total`` ≤ ``high``, where all of ``when`` hold; the sum is of whole numbers."""
        constant = int(total.constant)
        terms = terms_of(total)
        if sum(abs(amount) * self._size(variable) for amount, variable in terms) + abs(constant) >= LARGEST:
            raise SartoError("its numbers become too large", hint="give typed features narrower bounds")
        self.linear.append(
            Linear(
                terms,
                None if low is None else low - constant,
                None if high is None else high - constant,
                tuple(when),
            )
        )

    def _size(self, variable: int) -> int:
        return 1 if variable > 0 else max(map(abs, self.integers[-variable - 1]))

    def range_of(self, total: Sum) -> tuple[Fraction, Fraction]:
        """Between which numbers the sum is."""
        low = high = total.constant
        for variable, amount in total.terms.items():
            ends = [amount * end for end in ((0, 1) if variable > 0 else self.integers[-variable - 1])]
            low, high = low + min(ends), high + max(ends)
        return low, high

    def comparison(self, node: Compare) -> int:
        """A literal that is true when, and only when, the comparison of numbers is."""
        left, right = self.amount(node.left), self.amount(node.right)
        difference = self._product(left.above, right.below).plus(self._product(right.above, left.below), Fraction(-1))
        holds = self._sign(node.operator, difference)
        defined = dict.fromkeys((*left.defined, *right.defined))
        return self.builder.all_of([*defined, holds])

    def _sign(self, operator: str, total: Sum) -> int:
        """A literal for ``total op 0``."""
        if operator == "!=":
            return -self._sign("==", total)
        if operator in (">", ">="):
            return self._sign({">": "<", ">=": "<="}[operator], total.times(Fraction(-1)))
        whole = total.times(Fraction(total.scale))
        low, high = self.range_of(whole)
        if operator == "==":
            if low == high == 0 or low > 0 or high < 0:
                return self.builder.constant(low == high == 0)
            below, above = self._sign("<", whole), self._sign("<", whole.times(Fraction(-1)))
            return self.builder.all_of([-below, -above])
        most = 0 if operator == "<=" else -1
        if high <= most or low > most:
            return self.builder.constant(high <= most)
        literal = self.builder.fresh()
        self.require(whole, None, most, [literal])
        self.require(whole, most + 1, None, [-literal])
        return literal

    def amount(self, expression: Expression) -> Amount:
        """What an arithmetic expression comes to."""
        return fold(expression, self._amount)

    def _amount(self, node: Expression, parts: tuple[Amount, ...]) -> Amount:
        match node:
            case Number(value):
                return Amount(Sum(Fraction(exact(value))))
            case Text():
                return Amount(Sum(), defined=(self.builder.constant(False),))
            case FeatureReference(name):
                return self._value(name)
            case AttributeReference(name, attribute):
                return self._attribute(name, attribute)
            case Aggregate(function):
                return self._aggregate(node, function)
            case Arithmetic(operator):
                return self._calculated(operator, *parts)
            case Function("len", operand):
                return self._length(operand)
            case Function(name):
                return self._rounded(name, parts[0])
            case _:
                raise SartoError(f"'{write(node)}' is no number")

    def _value(self, name: str) -> Amount:
        variable = self.builder.variable(name)
        if self.model.features[name].type is ValueType.STRING:
            return Amount(Sum(), defined=(-variable,))
        return Amount(self.values.get(name, Sum(terms={variable: Fraction(1)})))

    def _length(self, operand: Expression) -> Amount:
        """The number of characters of a text, 0 where its feature is not selected."""
        match operand:
            case Text(text):
                return Amount(Sum(Fraction(len(text))))
            case FeatureReference(name) if self.model.features[name].type is ValueType.STRING:
                literals = self.builder.selectors[name]
                lengths = {literal: Fraction(len(str(text))) for text, literal in literals.items()}
            case AttributeReference(name, attribute):
                variable = self.builder.variable(name)
                value = attribute_value(self.model.features[name], attribute)
                if not isinstance(value, str):
                    return Amount(Sum(), defined=() if value is None else (-variable,))
                lengths = {variable: Fraction(len(value))}
            case FeatureReference(name):
                return Amount(Sum(), defined=(-self.builder.variable(name),))
            case _:
                return Amount(Sum(), defined=(self.builder.constant(False),))
        return Amount(Sum().plus(Sum(terms=lengths)))

    def _attribute(self, name: str, attribute: str) -> Amount:
        variable = self.builder.variable(name)
        value = attribute_value(self.model.features[name], attribute)
        if isinstance(value, str):
            return Amount(Sum(), defined=(-variable,))
        return Amount(Sum().plus(Sum(terms={variable: Fraction(exact(value or 0))})))

    def _aggregate(self, node: Aggregate, function: str) -> Amount:
        members = {self.builder.variable(name): name for name in members_of(self.model, node)}
        amounts = {v: Fraction(exact(self._number(name, node))) for v, name in members.items()}
        total = Sum().plus(Sum(terms=amounts))
        if function == "sum" or not members:
            return Amount(total)
        nothing = self.builder.all_of([-variable for variable in members])
        return Amount(total, Sum(terms=dict.fromkeys([*members, self._positive(nothing)], Fraction(1))))

    def _number(self, name: str, node: Aggregate) -> int | float:
        value = attribute_value(self.model.features[name], node.attribute)
        return value if isinstance(value, int | float) else 0

    def _positive(self, literal: int) -> int:
        """A Boolean variable for a literal."""
        if literal > 0:
            return literal
        variable = self.builder.fresh()
        self.builder.add(variable, -literal)
        self.builder.add(-variable, literal)
        return variable

    def _calculated(self, operator: str, left: Amount, right: Amount) -> Amount:
        defined = tuple(dict.fromkeys((*left.defined, *right.defined)))
        if operator in "+-":
            if left.below == right.below:
                return Amount(left.above.plus(right.above, Fraction(f"{operator}1")), left.below, defined)
            above = self._product(left.above, right.below)
            above = above.plus(self._product(right.above, left.below), Fraction(f"{operator}1"))
            return Amount(above, self._product(left.below, right.below), defined)
        if operator == "*":
            above = self._product(left.above, right.above)
            return Amount(above, self._product(left.below, right.below), defined)
        above, below = self._product(left.above, right.below), self._product(left.below, right.above)
        return self._divided(above, below, defined)

    def _divided(self, above: Sum, below: Sum, defined: tuple[int, ...]) -> Amount:
        """``above`` / ``below``, made positive; not defined where ``below`` is 0."""
        low, high = self.range_of(below)
        if low > 0:
            return Amount(above, below, defined)
        if high < 0:
            return Amount(above.times(Fraction(-1)), below.times(Fraction(-1)), defined)
        if low == high:
            return Amount(Sum(), defined=(*defined, self.builder.constant(False)))
        is_negative, is_zero = self._sign("<", below), self._sign("==", below)
        size = self._switched(below, [(is_negative, below.times(Fraction(-1))), (is_zero, ONE)])
        signed = self._switched(above, [(is_negative, above.times(Fraction(-1)))])
        return Amount(signed, size.plus(Sum()), (*defined, -is_zero))

    def _switched(self, usual: Sum, cases: list[tuple[int, Sum]]) -> Sum:
        """The sum of the case whose literal holds, ``usual`` where none does; the literals exclude one another."""
        scale = Fraction(lcm(usual.scale, *(case.scale for _, case in cases)))
        options = [([-literal for literal, _ in cases], usual), *(([literal], case) for literal, case in cases)]
        ranges = [self.range_of(option.times(scale)) for _, option in options]
        low, high = min(int(r[0]) for r in ranges), max(int(r[1]) for r in ranges)
        if usual.terms and any(case == ONE for _, case in cases):
            low = 1  # a divisor
        result = Sum(terms={self.integer(low, high): Fraction(1)})
        for when, option in options:
            self.require(option.times(scale).plus(result, Fraction(-1)), 0, 0, when)
        return result.times(1 / scale)

    def _product(self, left: Sum, right: Sum) -> Sum:
        """The product of two sums, through an integer of its own where neither is constant."""
        if not right.terms:
            return left.times(right.constant)
        if not left.terms:
            return right.times(left.constant)
        first, second = self._whole(left), self._whole(right)
        ends = [a * b for a in self.integers[-first - 1] for b in self.integers[-second - 1]]
        result = self.integer(min(ends), max(ends))
        self.products.append(Product(-result, -first, -second))
        return Sum(terms={result: Fraction(1, left.scale * right.scale)})

    def _whole(self, total: Sum) -> int:
        """The integer that is the sum, scaled to whole numbers."""
        whole = total.times(Fraction(total.scale))
        if whole.constant == 0 and len(whole.terms) == 1:
            ((variable, amount),) = whole.terms.items()
            if variable < 0 and amount == 1:
                return variable
        low, high = self.range_of(whole)
        result = self.integer(int(low), int(high))
        self.require(whole.plus(Sum(terms={result: Fraction(1)}), Fraction(-1)), 0, 0)
        return result

    def _rounded(self, function: str, operand: Amount) -> Amount:
        """``floor`` or ``ceil``: the whole number w with w·below ≤ above < (w + 1)·below, or its mirror."""
        sign = Fraction(1 if function == "floor" else -1)
        above = operand.above.times(sign)
        scale = Fraction(lcm(above.scale, operand.below.scale))
        above, below = above.times(scale), operand.below.times(scale)
        (least, most), (smallest, largest) = self.range_of(above), self.range_of(below)
        smallest = max(smallest, Fraction(1))
        corners = [end / divisor for end in (least, most) for divisor in (smallest, largest)]
        whole = Sum(terms={self.integer(floor(min(corners)), ceil(max(corners))): Fraction(1)})
        rest = above.plus(self._product(whole, below), Fraction(-1))
        self.require(rest, 0, None)
        self.require(rest.plus(below, Fraction(-1)), None, -1)
        return Amount(whole.times(sign), defined=operand.defined)
