"""Writing the prices of a line as TOML tables that read back equal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .currencies import decimals_of
from .notation import write
from .price_rules import Addition, Amount, Bundle, Percentage, PriceRule, Prices, Tax

__all__ = ["prices_to_toml", "rule_to_toml", "tax_to_toml"]

Content = dict[str, Any]


def prices_to_toml(prices: Prices) -> Content:
    """The prices as the content of ``[prices]``; what has its default is left out."""
    default = Prices()
    return _filled(
        currency=prices.currency,
        decimals=None if prices.decimals == decimals_of(prices.currency) else prices.decimals,
        base=_number(prices.base) if prices.base else None,
        attribute="" if prices.attribute == default.attribute else prices.attribute,
        rules=[rule_to_toml(rule) for rule in prices.rules],
        taxes=[tax_to_toml(tax) for tax in prices.taxes],
    )


def rule_to_toml(rule: PriceRule) -> Content:
    """A rule as its table."""
    effect: Content
    match rule.effect:
        case Addition(amount, per):
            effect = {"per": per, "add": _amount(amount)}
        case Percentage(amount, of):
            effect = {"percent": _amount(amount), "of": list(of)}
        case Bundle(features, amount):
            effect = {"bundle": list(features), "price": _amount(amount)}
    when = "" if rule.when is None else write(rule.when)
    return _filled(name=rule.name, when=when, **effect, because=rule.because)


def tax_to_toml(tax: Tax) -> Content:
    """A tax as its table."""
    when = "" if tax.when is None else write(tax.when)
    return _filled(name=tax.name, when=when, percent=_number(tax.percent), because=tax.because)


def _amount(amount: Amount) -> int | Decimal | str:
    return _number(amount) if isinstance(amount, Decimal) else write(amount)


def _number(number: Decimal) -> int | Decimal:
    """A number as TOML has it: an integer where it is one."""
    return int(number) if number == number.to_integral_value() else number


def _filled(**content: Any) -> Content:
    """The content without what is empty."""
    return {key: value for key, value in content.items() if value not in ("", None, [])}
