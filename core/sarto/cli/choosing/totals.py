"""What a choice adds up to: the price, and the numbers among the features' attributes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from ...errors import SartoError
from ...model.expression import Value, exact
from ...model.feature import Feature
from ...model.line import LineDescription

__all__ = ["Totals"]

PRICE = "price"


class Totals:
    """The totals of a line, each under its name: the price first, then the attributes in the order of the tree.

    Where the line has prices, the price is what a quote would come to, with the defaults of what has no value yet;
    else it is the sum of the attribute of that name, as all others are.
    """

    def __init__(self, line: LineDescription) -> None:
        self._line = line
        priced = {PRICE, line.prices.attribute} if line.prices is not None else set()
        amounts = {name: _amounts(line.model.features[name], priced) for name in line.model.preorder()}
        self._amounts = {name: found for name, found in amounts.items() if found}
        found = dict.fromkeys(key for each in self._amounts.values() for key in each)
        self._attributes = tuple(sorted(found, key=lambda key: key != PRICE))

    def of(self, decided: Mapping[str, Value]) -> dict[str, Fraction]:
        """The totals of what is decided, exact; without the price where it cannot be said yet."""
        totals = dict.fromkeys(self._attributes, Fraction(0))
        for name, amounts in self._amounts.items():
            if decided.get(name, False) is not False:
                for key, amount in amounts.items():
                    totals[key] += amount
        return self._price(decided) | totals

    def in_words(self, key: str, amount: Fraction) -> str:
        """A total as people write it: money as on a quote, others without needless zeros, at most six decimals."""
        prices = self._line.prices
        if key == PRICE and prices is not None:
            from ...model.bill import rounded

            return f"{rounded(amount, prices.decimals):f} {prices.currency}"
        if amount.denominator == 1:
            return str(amount.numerator)
        return f"{float(amount):.6f}".rstrip("0").rstrip(".")

    def _price(self, decided: Mapping[str, Value]) -> dict[str, Fraction]:
        if self._line.prices is None:
            return {}
        from ...model.prices import quote_of, with_defaults

        try:
            quote = quote_of(self._line, with_defaults(self._line.model, decided))
        except SartoError:
            return {}
        return {PRICE: Fraction(quote.total)}


def _amounts(feature: Feature, others: Collection[str]) -> dict[str, Fraction]:
    """The numbers among the attributes of a feature, but for the ``others``."""
    return {
        key: Fraction(exact(value))
        for key, value in feature.written_attributes.items()
        if key not in others and isinstance(value, int | float) and not isinstance(value, bool)
    }
