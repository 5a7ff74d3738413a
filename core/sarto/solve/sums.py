"""Sums with exact fractional factors over the variables of a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from .problem import Terms

__all__ = ["ONE", "Sum", "terms_of"]


@dataclass(frozen=True, slots=True)
class Sum:
    """``constant`` plus factors times variables, named as in :data:`Terms`."""

    constant: Fraction = Fraction(0)
    terms: Mapping[int, Fraction] = field(default_factory=dict)

    def plus(self, other: Sum, factor: Fraction = Fraction(1)) -> Sum:
        """This sum and ``factor`` times the other."""
        terms = dict(self.terms)
        for variable, amount in other.terms.items():
            more = amount if factor == 1 else factor * amount
            terms[variable] = terms[variable] + more if variable in terms else more
        kept = {variable: amount for variable, amount in terms.items() if amount}
        return Sum(self.constant + factor * other.constant, kept)

    def times(self, factor: Fraction) -> Sum:
        """The sum, multiplied by a constant."""
        return self if factor == 1 else Sum().plus(self, factor)

    @property
    def scale(self) -> int:
        """The least whole number by which all factors and the constant become whole."""
        return lcm(self.constant.denominator, *{amount.denominator for amount in self.terms.values()})


ONE = Sum(Fraction(1))


def terms_of(total: Sum) -> Terms:
    """The terms of a sum of whole numbers."""
    return tuple((int(amount), variable) for variable, amount in total.terms.items())
