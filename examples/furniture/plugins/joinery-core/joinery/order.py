"""What a customer ordered, as the features of the product say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Order"]

MODULE = 100
"""The grid that lets pieces combine, in millimetres."""


@dataclass(frozen=True, slots=True)
class Order:
    """Every feature of the line with true, false or its value."""

    customer: str
    features: Mapping[str, bool | int | float | str]

    def number(self, feature: str) -> int:
        """The value of a typed feature that is in; 0 where it is not."""
        return int(self.features[feature])

    def length(self, feature: str) -> int:
        """What is said in modules, in millimetres."""
        return MODULE * self.number(feature)

    def text(self, feature: str) -> str:
        """The text of a typed feature that is in; empty where it is not."""
        value = self.features[feature]
        return value if isinstance(value, str) else ""

    def which(self, *alternatives: str) -> str:
        """The one of these that is in."""
        (found,) = (each for each in alternatives if self.features[each] is not False)
        return found

    @property
    def wood(self) -> str:
        """What all that is wooden is made of."""
        return self.which("oak", "ash", "walnut")
