"""What an edit of a line does to its prices, in words and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ...model.expression import Expression
from ...model.price_rules import Addition, Amount, Bundle, Percentage, PriceRule, Prices, Tax
from ...model.price_writing import prices_to_toml, rule_to_toml, tax_to_toml
from .renaming import with_names

__all__ = ["PriceChange", "price_changes"]


@dataclass(frozen=True, slots=True)
class PriceChange:
    """One change: of a key of ``[prices]``, or of a rule or tax by its name; None for what is not there."""

    name: str
    before: Any
    after: Any

    def in_words(self) -> str:
        """``base: 900 → 950``; what came or went as it is."""
        if self.before is None or self.after is None:
            return f"{self.name}: {_shown(self.after if self.before is None else self.before)}"
        if isinstance(self.before, dict) and isinstance(self.after, dict):
            keys = [key for key in {**self.before, **self.after} if self.before.get(key) != self.after.get(key)]
            return f"{self.name}: " + ", ".join(
                f"{key} {_shown(self.before.get(key))} → {_shown(self.after.get(key))}" for key in keys
            )
        return f"{self.name}: {_shown(self.before)} → {_shown(self.after)}"

    def as_data(self) -> dict[str, Any]:
        """The change for JSON, in which decimals are texts."""
        return {"name": self.name, "before": _plain(self.before), "after": _plain(self.after)}


def price_changes(old: Prices | None, new: Prices | None, names: Mapping[str, str]) -> tuple[PriceChange, ...]:
    """What differs between the prices of two lines; rules and taxes are the same where their names are.

    ``names`` are what features of the old line are called in the new one. The order of rules is a change of its own
    where the same rules stand in another one.
    """
    old = old and _with_names(old, names)
    if old == new:
        return ()
    before, after = (prices_to_toml(prices) if prices is not None else {} for prices in (old, new))
    found = [
        PriceChange(key, before.get(key), after.get(key))
        for key in ("currency", "decimals", "base", "attribute")
        if before.get(key) != after.get(key)
    ]
    rules = [_by_name(prices.rules if prices else ()) for prices in (old, new)]
    taxes = [_by_name(prices.taxes if prices else ()) for prices in (old, new)]
    found += [*_differing("rule", *rules), *_differing("tax", *taxes)]
    for kind, (one, other) in (("rules", rules), ("taxes", taxes)):
        common = [[name for name in each if name in one and name in other] for each in (one, other)]
        if common[0] != common[1]:
            found.append(PriceChange(f"the order of the {kind}", common[0], common[1]))
    return tuple(found)


def _with_names(prices: Prices, names: Mapping[str, str]) -> Prices:
    """The prices with other names for some features."""

    def each(features: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in features)

    def amount_of(amount: Amount) -> Amount:
        return amount if isinstance(amount, Decimal) else with_names(amount, names)

    def condition_of(when: Expression | None) -> Expression | None:
        return None if when is None else with_names(when, names)

    def effect_of(rule: PriceRule) -> Addition | Percentage | Bundle:
        match rule.effect:
            case Addition(amount, per):
                return Addition(amount_of(amount), names.get(per, per))
            case Percentage(amount, of):
                return Percentage(amount_of(amount), each(of))
            case Bundle(features, amount):
                return Bundle(each(features), amount_of(amount))

    if not names:
        return prices
    return replace(
        prices,
        rules=tuple(replace(rule, effect=effect_of(rule), when=condition_of(rule.when)) for rule in prices.rules),
        taxes=tuple(replace(tax, when=condition_of(tax.when)) for tax in prices.taxes),
    )


def _by_name(each: Sequence[PriceRule | Tax]) -> dict[str, dict[str, Any]]:
    tables = (rule_to_toml(item) if isinstance(item, PriceRule) else tax_to_toml(item) for item in each)
    return {table.pop("name"): table for table in tables}


def _differing(kind: str, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> Iterator[PriceChange]:
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield PriceChange(f"{kind} '{name}'", before.get(name), after.get(name))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "nothing" if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return str(value) if isinstance(value, Decimal) else value
