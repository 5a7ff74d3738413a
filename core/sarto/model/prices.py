"""What a configuration costs: the prices of a line, applied to it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..errors import SartoError
from .bill import Bill
from .brand_check import brand_texts
from .expression import Value
from .feature_model import FeatureModel
from .instance_views import View
from .instances import expanded
from .line import LineDescription
from .price_rules import Addition, Bundle, Percentage, PriceRule, Prices, Tax, price_of
from .quote_language import ENGLISH, QuoteLanguage
from .quotes import Offer, PriceKind, PriceLine, Quote, quote_from_data, quote_to_data
from .selection import Selection
from .values import misfit

__all__ = [
    "Addition", "Bundle", "Offer", "Percentage", "PriceKind", "PriceLine", "PriceRule", "Prices", "Quote", "Tax",
    "offer_of", "quote_from_data", "quote_of", "quote_to_data", "with_defaults",
]  # fmt: skip


def quote_of(line: LineDescription, configuration: Mapping[str, Value]) -> Quote:
    """What the configuration costs.

    The configuration is over the features of :attr:`ProductLine.description <sarto.line.ProductLine.description>`,
    where instances have names of their own, and may be partial: what is not in it is off. Every line is rounded by
    itself, halves away from zero, and the lines add up. A line without ``[prices]`` costs what its features have as
    ``price``, without currency. Raises SartoError, with the place of the rule, where one divides by zero, needs the
    value of a typed feature that has none yet (is True in the configuration), or brings the whole below nothing.
    """
    model = expanded(line.model)
    prices = line.prices or _unwritten_prices(model)
    bill = Bill(prices, View(model, _values(model, configuration)))
    bill.charge_base(line.summary or line.name)
    bill.charge_features()
    for rule in prices.rules:
        bill.apply(rule)
    bill.close()
    for tax in prices.taxes:
        bill.levy(tax)
    return bill.quote()


def with_defaults(model: FeatureModel, configuration: Mapping[str, Value]) -> dict[str, Value]:
    """The configuration with the line's default, where there is one, for what is in without a value so far."""
    found: dict[str, Value] = {}
    for name, value in configuration.items():
        default = model.features[name].default if value is True else None
        found[name] = value if default is None or model.features[name].type is None else default
    return found


def offer_of(
    line: LineDescription,
    selection: Selection,
    configuration: Mapping[str, Value],
    *,
    number: str = "",
    date: str = "",
    valid_until: str = "",
    language: QuoteLanguage = ENGLISH,
) -> Offer:
    """The offer of a configuration to the customer of a selection, under the brand that this fills in, in a language.

    Raises SartoError as :func:`quote_of` does.
    """
    return Offer(
        line=line,
        customer=selection.customer,
        quote=quote_of(line, configuration),
        configuration=configuration,
        number=number,
        date=date,
        valid_until=valid_until,
        brand=brand_texts(line, selection, language.tag),
        language=language,
    )


def _unwritten_prices(model: FeatureModel) -> Prices:
    """The prices of a line that says nothing of them: the attribute, with as many decimals as one of them has."""
    amounts = (price_of(feature, Prices().attribute) for feature in model.features.values())
    places = [Decimal(repr(amount)).normalize().as_tuple().exponent for amount in amounts if amount]
    return Prices(decimals=max((-place for place in places if isinstance(place, int) and place < 0), default=0))


def _values(model: FeatureModel, configuration: Mapping[str, Value]) -> dict[str, Value | Decimal | None]:
    """The configuration, with None for a typed feature that is wanted and has no value yet."""
    values: dict[str, Value | Decimal | None] = {}
    for name, value in configuration.items():
        feature = model.features.get(name)
        if feature is None:
            raise SartoError(f"the feature '{name}' of this configuration is not one of the line")
        is_undecided = feature.type is not None and value is True
        if not is_undecided and (what := misfit(feature, value)):
            raise SartoError(what)
        values[name] = None if is_undecided else value
    return values
