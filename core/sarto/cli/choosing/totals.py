"""What a choice adds up to: the numbers among the features' attributes, such as prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from ...model.expression import exact
from ...model.feature_model import FeatureModel

__all__ = ["Totals"]


class Totals:
    """The attributes of a model that are numbers, ``price`` first, then in the order of the tree."""

    def __init__(self, model: FeatureModel) -> None:
        self._amounts = {name: _amounts(feature.written_attributes) for name, feature in model.features.items()}
        found = dict.fromkeys(key for name in model.preorder() for key in self._amounts[name])
        self.attributes = tuple(sorted(found, key=lambda key: key != "price"))

    def of(self, features: Iterable[str]) -> dict[str, Fraction]:
        """The sum of each attribute over the features, exact."""
        totals = dict.fromkeys(self.attributes, Fraction(0))
        for name in features:
            for key, amount in self._amounts[name].items():
                totals[key] += amount
        return totals


def _amounts(attributes: Mapping[str, object]) -> dict[str, Fraction]:
    numbers = {
        key: exact(value)
        for key, value in attributes.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    return {key: amount for key, amount in numbers.items() if isinstance(amount, Fraction)}
