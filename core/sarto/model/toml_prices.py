"""The prices of a features.toml: numbers as the exact decimals that are written there, and formulas over features."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..errors import SartoError, did_you_mean
from .currencies import CURRENCIES, decimals_of
from .expression import Expression
from .feature import Feature, ValueType
from .feature_model import FeatureModel, attribute_value
from .grammar import parse, parse_amount
from .names import MOST_HINTS, is_plain_text, known_feature
from .price_faults import MOST_DIGITS, Scopes, condition_faults, formula_faults, number_faults, own_scopes
from .price_rules import SUBTOTAL, Addition, Amount, Bundle, Percentage, PriceRule, Prices, Tax, price_of
from .toml_table import Table
from .values import shown

__all__ = ["PRICES_KEYS", "read_prices"]

PRICES_KEYS = ("currency", "decimals", "base", "attribute", "rules", "taxes")
RULE_KEYS = ("name", "when", "add", "per", "percent", "of", "bundle", "price", "because")
TAX_KEYS = ("name", "percent", "when", "because")
WAYS = ("add", "percent", "bundle")
MOST_DECIMALS = 6
_PLAIN = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


def read_prices(table: Table, features: Mapping[str, Feature], model: FeatureModel | None) -> Prices:
    """The prices in a table; what is wrong with them is among the table's errors.

    ``model`` is None where the features make none: what depends on their instances is not checked then.
    """
    currency = table.text("currency", check=_currency_fault, needed='currency = "EUR"')
    decimals = table.integer("decimals")
    if decimals is not None and decimals > MOST_DECIMALS:
        table.fault(f"no currency has {decimals} decimals", "decimals", hint=f"write 0 to {MOST_DECIMALS}")
    base = _decimal(table, "base") or Decimal(0)
    if base < 0:
        table.fault(f"the base price {shown(base)} is below nothing", "base")
    attribute = table.text("attribute", "price", needed="" if "attribute" not in table else 'attribute = "price"')
    _check_attribute(table, attribute, features)
    reading = _Reading(features, own_scopes(model) if model else {}, attribute)
    rules = tuple(reading.rules(table))
    taxes = tuple(reading.taxes(table))
    return Prices(
        currency=currency,
        decimals=decimals_of(currency) if decimals is None else decimals,
        base=base,
        attribute=attribute,
        rules=rules,
        taxes=taxes,
        where=table.where,
    )


def _currency_fault(text: str) -> tuple[str, str] | None:
    if text in CURRENCIES:
        return None
    near = text.upper() if text.upper() in CURRENCIES else ""
    hint = f"did you mean '{near}'?" if near else did_you_mean(text, CURRENCIES)
    return f"{shown(text)} is no currency of ISO 4217", hint or 'write three letters, such as "EUR"'


def _decimal(table: Table, key: str) -> Decimal | None:
    """The exact decimal under a key, written as a number or as a text; None where it is missing or wrong."""
    value = table.content.get(key)
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        if value is not None:
            table.fault(f"expected a decimal number, but found {shown(value)}", key, hint='write 12.50 or "12.50"')
        return None
    return _checked(table, key, Decimal(value))


def _checked(table: Table, key: str, number: Decimal) -> Decimal | None:
    """The number, where it is of a size that an amount can have."""
    if number.is_finite():
        _, digits, exponent = number.as_tuple()
        places = exponent if isinstance(exponent, int) else 0
        if len(digits) + max(places, 0) <= MOST_DIGITS and places >= -MOST_DIGITS:
            return number
    table.fault(f"{shown(number)} is no amount", key, hint=f"write a number of at most {MOST_DIGITS} digits")
    return None


def _check_attribute(table: Table, attribute: str, features: Mapping[str, Feature]) -> None:
    """Report a price that is no number, and an attribute that was asked for and nobody has."""
    is_there = False
    for feature in features.values():
        value = attribute_value(feature, attribute)
        is_there = is_there or value is not None
        if isinstance(value, bool | str):
            where = feature.where.at(f"attributes.{attribute}")
            table.fault(f"the price of '{feature.name}' is {shown(value)}, which is no number", where)
    if "attribute" in table and attribute and not is_there:
        hint = did_you_mean(attribute, {key for feature in features.values() for key in feature.attributes})
        table.fault(f"no feature has an attribute '{attribute}'", "attribute", hint=hint)


@dataclass(slots=True)
class _Reading:
    """What rules are read against: the features, those that may be there several times, and the attribute."""

    features: Mapping[str, Feature]
    scopes: Scopes
    attribute: str

    def rules(self, prices: Table) -> Iterator[PriceRule]:
        """The rules, those that can be read."""
        names: dict[str, Table] = {}
        tables = prices.tables("rules", RULE_KEYS)
        if tables and SUBTOTAL in self.features:
            prices.fault(
                f"a feature is called '{SUBTOTAL}', which in price rules is what the product comes to so far",
                self.features[SUBTOTAL].where, hint="rename the feature",
            )  # fmt: skip
        for table in tables:
            before = len(table.errors)
            name = _name(table, names, "price rules")
            per = table.text("per", check=self._countable)
            when = self._expression(table, "when", per)
            effect = self._effect(table, per)
            because = table.text("because")
            if effect is not None and len(table.errors) == before:
                yield PriceRule(name=name, effect=effect, when=when, because=because, where=table.where)

    def taxes(self, prices: Table) -> Iterator[Tax]:
        """The taxes, those that can be read."""
        names: dict[str, Table] = {}
        for table in prices.tables("taxes", TAX_KEYS):
            name = _name(table, names, "taxes")
            if "percent" not in table:
                table.missing("percent", "percent = 22")
            percent = _decimal(table, "percent")
            if percent is not None and percent < 0:
                table.fault(f"a tax of {shown(percent)} per cent is below nothing", "percent")
            when = self._expression(table, "when", "", with_subtotal=False)
            because = table.text("because")
            if percent is not None:
                yield Tax(name=name, percent=percent, when=when, because=because, where=table.where)

    def _effect(self, table: Table, per: str) -> Addition | Percentage | Bundle | None:
        ways = [key for key in WAYS if key in table]
        if len(ways) != 1:
            said = " and ".join(f"'{key}'" for key in ways)
            what = f"{said} are different rules" if ways else "nothing says what this rule does"
            hint = 'write one of add = "seats * 4.5", percent = -10 and bundle = ["one", "another"]'
            table.fault(what, table.where, hint=hint)
            return None
        for key, way in (("per", "add"), ("of", "percent"), ("price", "bundle")):
            if key in table and way not in ways:
                table.fault(f"'{key}' goes with '{way}'", key, hint=f"leave it out of a rule with '{ways[0]}'")
        match ways[0]:
            case "add":
                amount = self._amount(table, "add", per)
                return None if amount is None else Addition(amount, per)
            case "percent":
                amount, of = self._amount(table, "percent", ""), table.texts("of", check=self._priced)
                return None if amount is None else Percentage(amount, of)
            case _:
                return self._bundle(table)

    def _bundle(self, table: Table) -> Bundle | None:
        if "price" not in table:
            table.missing("price", "price = 500")
        features = table.texts("bundle", check=self._single)
        if isinstance(table.content["bundle"], list) and len(table.content["bundle"]) < 2:
            table.fault("a bundle has two features or more", "bundle")
        amount = self._amount(table, "price", "")
        return None if amount is None else Bundle(features, amount)

    def _amount(self, table: Table, key: str, per: str) -> Amount | None:
        """The number or formula under a key; None where it is missing or wrong."""
        value = table.content.get(key)
        if not isinstance(value, str) or _PLAIN.fullmatch(value):
            return _decimal(table, key)
        return self._read(table, key, value, per, is_amount=True, with_subtotal=True)

    def _expression(self, table: Table, key: str, per: str, *, with_subtotal: bool = True) -> Expression | None:
        """The condition under a key; None where it is missing or wrong."""
        text = table.text(key)
        if key in table and not text:
            if isinstance(table.content[key], str):
                table.fault("this text is empty", key, hint="leave it out where the rule always holds")
            return None
        return self._read(table, key, text, per, is_amount=False, with_subtotal=with_subtotal) if text else None

    def _read(
        self, table: Table, key: str, text: str, per: str, *, is_amount: bool, with_subtotal: bool
    ) -> Expression | None:
        names: Collection[str] = {*self.features, SUBTOTAL} if with_subtotal else self.features
        read = parse_amount if is_amount else parse
        try:
            found = read(text, table.at(key), names, hints=max(0, MOST_HINTS - len(table.errors)))
        except SartoError as error:
            table.errors.extend(error.errors)
            return None
        find = formula_faults if is_amount else condition_faults
        for what, hint in (*number_faults(text), *find(found, self.features, self.scopes, per)):
            table.fault(what, key, hint=hint)
        return found

    def _countable(self, name: str) -> tuple[str, str] | None:
        """Why there cannot be a price for every one of a feature."""
        if fault := known_feature(self.features)(name):
            return fault
        is_text = self.features[name].type is ValueType.STRING
        return (f"'{name}' is a text, of which there are no so and so many", "") if is_text else None

    def _priced(self, name: str) -> tuple[str, str] | None:
        """Why what a feature costs is not known."""
        if fault := known_feature(self.features)(name):
            return fault
        if price_of(self.features[name], self.attribute) is not None:
            return None
        what = f"what '{name}' costs is not known: it has no number as attribute '{self.attribute}'"
        return what, f"write attributes = {{ {self.attribute} = 0 }} where it costs nothing by itself"

    def _single(self, name: str) -> tuple[str, str] | None:
        """Why a feature cannot be in a bundle."""
        is_several = name in self.scopes
        several = f"'{name}' may be there several times", "a bundle has features of which there is one"
        return self._priced(name) or (several if is_several else None)


def _name(table: Table, names: dict[str, Table], kind: str) -> str:
    """The name of a rule or a tax, as no other has it: errors tell them apart by it."""
    name = table.text("name", check=_line_fault, needed='name = "as the customer reads it"')
    if name and names.setdefault(name, table) is not table:
        table.fault(f"two {kind} are called {shown(name)}", "name", hint=f"the first is {names[name].where}")
    return name


def _line_fault(text: str) -> tuple[str, str] | None:
    return None if is_plain_text(text) else ("a name is one line without control characters", "write it on one line")
