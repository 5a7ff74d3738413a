"""What a vendor says that products cost: a base, rules in their order, taxes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from ..errors import Place
from .expression import Expression
from .feature import NOWHERE, Feature
from .feature_model import attribute_value

__all__ = ["SUBTOTAL", "Addition", "Amount", "Bundle", "Percentage", "PriceRule", "Prices", "Tax", "price_of"]

SUBTOTAL = "subtotal"
"""The name that stands, in a price rule, for what the product comes to so far."""

Amount = Decimal | Expression
"""A number as it was written, or arithmetic over features, their attributes and ``subtotal``."""


@dataclass(frozen=True, slots=True)
class Addition:
    """So much more, or less where it is negative; with ``per`` once for every one that there is of a feature.

    Of a feature that is a number there are as many as its value, of one with instances as many as these, and of any
    other one. With ``per``, ``when`` and ``amount`` are looked at in each instance that has the feature.
    """

    amount: Amount
    per: str = ""


@dataclass(frozen=True, slots=True)
class Percentage:
    """So many hundredths of what the features ``of`` cost, or of the subtotal where it names none."""

    amount: Amount
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """These features cost so much together, where all of them are there and no bundle before has one of them."""

    features: tuple[str, ...]
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """One rule: where ``when`` holds (None: always), a line of the quote with the amount that it comes to."""

    name: str
    effect: Addition | Percentage | Bundle
    when: Expression | None = None
    because: str = ""
    where: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """So many hundredths of the net amount, where ``when`` holds over the features (None: always)."""

    name: str
    percent: Decimal
    when: Expression | None = None
    because: str = ""
    where: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The prices of a line: the base, what each feature has as ``attribute``, then the rules, then the taxes.

    ``currency`` is an ISO 4217 code, or empty. Each line of a quote is rounded to so many ``decimals``, halves away
    from zero, before it is added to the others.
    """

    currency: str = ""
    decimals: int = 2
    base: Decimal = Decimal(0)
    attribute: str = "price"
    rules: tuple[PriceRule, ...] = ()
    taxes: tuple[Tax, ...] = ()
    where: Place = field(default=NOWHERE, compare=False)


def price_of(feature: Feature, attribute: str) -> int | float | None:
    """The number that a feature has as its price; None where it has none."""
    value = attribute_value(feature, attribute)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
