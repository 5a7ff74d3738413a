"""The prices of a line as data, for a page that works out by itself what a choice costs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sarto.errors import SartoError
from sarto.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Text,
    exact,
    fold,
)
from sarto.model.feature_model import FeatureModel, attribute_value
from sarto.model.line import LineDescription
from sarto.model.price_rules import Addition, Amount, Bundle, Percentage, PriceRule, Prices, Tax, price_of

__all__ = ["prices_inside"]

Node = list[Any]


def prices_inside(line: LineDescription) -> dict[str, Any] | None:
    """The prices as the page's engine reads them: numbers as exact fractions; None where nothing has a price.

    Raises SartoError where features may be there several times: what each instance costs is not worked out there.
    """
    model, prices = line.model, line.prices or Prices()
    features = [
        {"name": name, "label": model.features[name].summary or name, "price": str(Fraction(exact(price)))}
        for name in model.preorder()
        if (price := price_of(model.features[name], prices.attribute)) is not None
    ]
    if line.prices is None and not features:
        return None
    for feature in model.features.values():
        if feature.copies or feature.instances not in (None, (1, 1)):
            what = f"a page by itself does not work out what several instances of '{feature.name}' cost"
            raise SartoError(what, where=feature.where, hint="sarto web LINE serves the line, with its prices")
    return {
        "currency": prices.currency,
        "decimals": prices.decimals if line.prices else _places(model, prices.attribute),
        "attribute": prices.attribute,
        "base": str(Fraction(prices.base)),
        "label": line.summary or line.name,
        "features": features,
        "rules": [_rule(rule, model) for rule in prices.rules],
        "taxes": [_tax(tax, model) for tax in prices.taxes],
    }


def _places(model: FeatureModel, attribute: str) -> int:
    """As many decimals as any price has."""
    amounts = (price_of(feature, attribute) for feature in model.features.values())
    places = [Decimal(repr(amount)).normalize().as_tuple().exponent for amount in amounts if amount]
    return max((-place for place in places if isinstance(place, int) and place < 0), default=0)


def _rule(rule: PriceRule, model: FeatureModel) -> dict[str, Any]:
    shared = {"name": rule.name, "because": rule.because, "when": _expression(rule.when, model)}
    match rule.effect:
        case Addition(amount, per):
            return {**shared, "effect": "add", "amount": _amount(amount, model), "per": per}
        case Percentage(amount, of):
            return {**shared, "effect": "percent", "amount": _amount(amount, model), "of": of}
        case Bundle(features, amount):
            return {**shared, "effect": "bundle", "amount": _amount(amount, model), "bundle": features}


def _tax(tax: Tax, model: FeatureModel) -> dict[str, Any]:
    when = _expression(tax.when, model)
    return {"name": tax.name, "because": tax.because, "when": when, "percent": str(Fraction(tax.percent))}


def _amount(amount: Amount, model: FeatureModel) -> Node:
    return ["number", str(Fraction(amount))] if isinstance(amount, Decimal) else fold(amount, _Writing(model).node)


def _expression(expression: Expression | None, model: FeatureModel) -> Node | None:
    return None if expression is None else fold(expression, _Writing(model).node)


class _Writing:
    """Expressions as lists: the kind of each node, what it has, its operands."""

    def __init__(self, model: FeatureModel) -> None:
        self._model = model

    def node(self, node: Expression, parts: Sequence[Node]) -> Node:
        match node:
            case FeatureReference(name):
                return ["feature", name]
            case AttributeReference(name, attribute):
                return ["attribute", name, self._attribute(name, attribute)]
            case Aggregate(function):
                return ["sum", function, *self._summed(node)]
            case Number(value):
                return ["number", str(Fraction(exact(value)))]
            case Text(text):
                return ["text", text]
            case Compare(operator):
                return ["compare", operator, *parts]
            case Arithmetic(operator):
                return ["arithmetic", operator, *parts]
            case Function(name):
                return ["function", name, *parts]
            case Not() | And() | Or() | Implies() | Iff():
                return [type(node).__name__.lower(), *parts]

    def _attribute(self, name: str, attribute: str) -> dict[str, str] | None:
        value = attribute_value(self._model.features[name], attribute)
        if value is None:
            return None
        return {"text": value} if isinstance(value, str) else {"number": str(Fraction(exact(value)))}

    def _summed(self, node: Aggregate) -> Node:
        """Of the values of a feature, where no attribute is called so, else of what features have as the attribute."""
        model, name = self._model, node.attribute
        known = any(attribute_value(feature, name) is not None for feature in model.features.values())
        if node.under is None and name in model.features and not known:
            return ["values", name]
        summed = ((each, price_of(model.features[each], name)) for each in model.preorder(node.under))
        return ["attributes", [[each, str(Fraction(exact(value)))] for each, value in summed if value is not None]]
