"""Who is advised: what the features of the product say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Client"]


@dataclass(frozen=True, slots=True)
class Client:
    """Every feature of the line with true, false or its value."""

    name: str
    features: Mapping[str, bool | int | float | str]

    def number(self, feature: str) -> int:
        """The value of a typed feature that is in; 0 where it is not."""
        return int(self.features[feature])

    def twentieths(self, feature: str) -> Fraction:
        """The value of a typed feature that is said in twentieths, as a share of the whole."""
        return Fraction(self.number(feature), 20)
