"""The prices of a features.toml: what they are read as, everything that is wrong with them, and writing them back."""

from __future__ import annotations

from decimal import Decimal

import pytest
import tomli_w
from sarto.errors import Place
from sarto.model.currencies import CURRENCIES, decimals_of
from sarto.model.expression import Arithmetic, Compare, FeatureReference, Number
from sarto.model.prices import Addition, Bundle, Percentage, PriceRule, Prices, Tax
from sarto.model.toml_line import beside_model
from sarto.model.toml_writing import line_to_toml

from .reading import HEAD, faults_of_line, line

SHOP = """
[features.shop]
optional = ["maps", "outlines", "seats", "motto", "port"]

[features.maps]
attributes = { price = 400, colour = "red" }

[features.outlines]
attributes = { price = 200 }

[features.seats]
type = "integer"

[features.motto]
type = "string"

[features.port]
instances = { min = 0, max = 3 }
mandatory = ["speed"]
attributes = { price = 10 }

[features.speed]
type = "integer"
"""
ALL = """
[prices]
currency = "EUR"
decimals = 3
base = "899.950"
attribute = "price"

[[prices.rules]]
name = "Seats"
when = "seats > 10 & subtotal < 1000"
add = "(seats - 10) * 4.5"
because = "Ten are in the base price."

[[prices.rules]]
name = "Speed"
per = "speed"
add = 0.10

[[prices.rules]]
name = "Both"
bundle = ["maps", "outlines"]
price = "500.00"

[[prices.rules]]
name = "Off"
percent = -2.5
of = ["maps"]

[[prices.taxes]]
name = "VAT"
percent = 22
when = "maps"
because = "Italy"
"""


MISSING = "prices: 'currency' is missing\n  hint: add currency = \"EUR\""


def faults(text: str, shop: str = SHOP) -> list[str]:
    """What is said of prices in the shop's currency, the file's name and ``prices`` left out."""
    found = faults_of_line(f'{shop}\n[prices]\ncurrency = "EUR"\n{text}\n')
    return [each.removeprefix("prices.") for each in found]


def rule(text: str) -> str:
    return f'[[prices.rules]]\nname = "R"\n{text}'


def test_prices_are_read_as_they_are_written() -> None:
    seats = FeatureReference("seats")

    prices = line(SHOP + ALL).prices
    assert prices is not None
    found, *others = prices.rules
    assert (prices.currency, prices.decimals, prices.base, prices.attribute) == ("EUR", 3, Decimal("899.95"), "price")
    assert found.effect == Addition(
        Arithmetic("*", Arithmetic("-", seats, Number(10)), Number(4.5))
    )  # 4.5 is exact: expressions take numbers by their digits
    assert (found.name, found.because, found.where) == (
        "Seats", "Ten are in the base price.", Place("features.toml", "prices.rules[0]"),
    )  # fmt: skip
    assert [each.effect for each in others] == [
        Addition(Decimal("0.10"), "speed"),
        Bundle(("maps", "outlines"), Decimal("500.00")),
        Percentage(Decimal("-2.5"), ("maps",)),
    ]
    assert prices.taxes == (Tax(name="VAT", percent=Decimal(22), when=FeatureReference("maps"), because="Italy"),)


def test_a_number_is_the_decimal_that_stands_there() -> None:
    prices = line(f'{SHOP}\n[prices]\ncurrency = "EUR"\nbase = 0.10\n' + rule("add = 1234567890.12345")).prices

    assert prices == Prices(
        currency="EUR",
        base=Decimal("0.10"),
        rules=(PriceRule(name="R", effect=Addition(Decimal("1234567890.12345"))),),
    )


def test_the_decimals_are_those_of_the_currency_where_none_are_said() -> None:
    assert [decimals_of(each) for each in ("EUR", "JPY", "KWD")] == [2, 0, 3]
    assert len(set(CURRENCIES)) == len(CURRENCIES)


def test_a_line_without_prices_has_none() -> None:
    assert line(SHOP).prices is None
    assert line(f'{SHOP}\n[prices]\ncurrency = "EUR"\n').prices == Prices(currency="EUR")


def test_prices_are_written_back_as_they_were() -> None:
    given = line(SHOP + ALL)

    assert line_to_toml(given)["prices"] == {
        "currency": "EUR", "decimals": 3, "base": Decimal("899.950"),
        "rules": [
            {"name": "Seats", "when": "seats > 10 & subtotal < 1000", "add": "(seats - 10) * 4.5",
             "because": "Ten are in the base price."},
            {"name": "Speed", "per": "speed", "add": Decimal("0.10")},
            {"name": "Both", "bundle": ["maps", "outlines"], "price": 500},
            {"name": "Off", "percent": Decimal("-2.5"), "of": ["maps"]},
        ],
        "taxes": [{"name": "VAT", "when": "maps", "percent": 22, "because": "Italy"}],
    }  # fmt: skip
    written = tomli_w.dumps(line_to_toml(given))
    assert (
        line(written.replace(HEAD.strip(), "").partition("[features")[1] + written.partition("[features")[2]) == given
    )


def test_prices_are_beyond_what_a_feature_model_says() -> None:
    assert beside_model(HEAD + SHOP + ALL, "features.toml")[1][-1] == "prices"


def test_everything_that_is_wrong_is_told_at_once() -> None:
    text = """
        decimals = 9
        base = -1
        attribute = "prize"
        [[prices.rules]]
        name = "Seats"
        when = "seets > 1"
        add = "seats * maps.prise"
        [[prices.taxes]]
        name = "VAT"
        """
    assert faults(text) == [
        "decimals: no currency has 9 decimals\n  hint: write 0 to 6",
        "base: the base price -1 is below nothing",
        "attribute: no feature has an attribute 'prize'\n  hint: did you mean 'price'?",
        "rules[0].when, column 1: unknown feature 'seets'\n  hint: did you mean 'seats'?",
        "rules[0].add: feature 'maps' has no attribute 'prise'\n  hint: did you mean 'price'?",
        "taxes[0]: 'percent' is missing\n  hint: add percent = 22",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("'eur'", "'eur' is no currency of ISO 4217\n  hint: did you mean 'EUR'?"),
        ("'EURO'", "'EURO' is no currency of ISO 4217\n  hint: did you mean 'EUR'?"),
        ("'€'", "'€' is no currency of ISO 4217\n  hint: write three letters, such as \"EUR\""),
        ("978", "expected a text, but found 978\n  hint: put it in quotes: currency = \"978\""),
    ],
)  # fmt: skip
def test_a_currency_is_one_of_iso_4217(written: str, said: str) -> None:
    assert faults_of_line(f"{SHOP}\n[prices]\ncurrency = {written}\n") == [f"prices.currency: {said}"]


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("true", "expected a decimal number, but found true\n  hint: write 12.50 or \"12.50\""),
        ("'12,50'", "expected a decimal number, but found '12,50'\n  hint: write 12.50 or \"12.50\""),
        ("'1e3'", "expected a decimal number, but found '1e3'\n  hint: write 12.50 or \"12.50\""),
        ("nan", "NaN is no amount\n  hint: write a number of at most 15 digits"),
        ("inf", "Infinity is no amount\n  hint: write a number of at most 15 digits"),
        ("1e999999", "1E+999999 is no amount\n  hint: write a number of at most 15 digits"),
        ("1e-99", "1E-99 is no amount\n  hint: write a number of at most 15 digits"),
        ("1234567890123.456", "1234567890123.456 is no amount\n  hint: write a number of at most 15 digits"),
    ],
)  # fmt: skip
def test_an_amount_is_a_decimal_of_a_reasonable_size(base: str, said: str) -> None:
    assert faults(f"base = {base}") == [f"base: {said}"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('add = "motto"', "add: 'motto' is a text, where an amount is needed"),
        ("add = \"'x'\"", "add: 'x' is a text, where an amount is needed"),
        ('add = "maps.colour"', "add: 'maps.colour' is a text, where an amount is needed"),
        ('add = "motto * 2"', "add: 'motto' is a text, where '*' needs a number"),
        ('add = "seats > 2"', "add, column 1: 'seats > 2' is true or false, where an amount is needed"),
        ('add = "seats *"', "add, column 8: expected a feature or a value, but found the end"),
        ('add = "sum(prize)"',
         "add: no feature has a number as attribute 'prize' (did you mean 'price'?)"),
        ('add = "0.1234567890123456 * seats"',
         "add: the number 0.1234567890123456 has more than 15 digits\n  hint: round it"),
        ('when = "subtotal"\nadd = 1',
         "when: 'subtotal' is a number, where something true or false is needed\n"
         "  hint: compare it: ==, !=, <, >, <=, >="),
        ("when = \"subtotal == 'x'\"\nadd = 1",
         "when: 'subtotal' is a number and 'x' is a text, which '==' cannot compare"),
        ('when = "motto > 2"\nadd = 1', "when: 'motto' is a text and '2' is a number, which '>' cannot compare"),
        ('when = ""\nadd = 1', "when: this text is empty\n  hint: leave it out where the rule always holds"),
        ('add = "speed * 2"',
         "add: 'speed' may be there several times, so its name is no one number here\n"
         "  hint: write sum(speed), or say per = \"port\""),
        ('add = "port"',
         "add: 'port' may be there several times, so its name is no one number here\n  hint: say per = \"port\""),
        ('when = "speed > 2"\nadd = 1',
         "when: 'speed' may be there several times, so its name is no one number here\n"
         "  hint: write sum(speed), or say per = \"port\""),
        ('per = "motto"\nadd = 1', "per: 'motto' is a text, of which there are no so and so many"),
        ('per = "seets"\nadd = 1', "per: unknown feature 'seets'\n  hint: did you mean 'seats'?"),
        ("percent = 1\nof = ['seats']",
         "of[0]: what 'seats' costs is not known: it has no number as attribute 'price'\n"
         "  hint: write attributes = { price = 0 } where it costs nothing by itself"),
        ("bundle = ['maps', 'port']\nprice = 1",
         "bundle[1]: 'port' may be there several times\n  hint: a bundle has features of which there is one"),
        ("bundle = ['maps']\nprice = 1", "bundle: a bundle has two features or more"),
        ("bundle = ['maps', 'outlines']", ": 'price' is missing\n  hint: add price = 500"),
        ("add = 1\nprice = 2", "price: 'price' goes with 'bundle'\n  hint: leave it out of a rule with 'add'"),
        ("add = 1\nof = ['maps']", "of: 'of' goes with 'percent'\n  hint: leave it out of a rule with 'add'"),
        ("percent = 1\nper = 'maps'", "per: 'per' goes with 'add'\n  hint: leave it out of a rule with 'percent'"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_in_a_rule_is_told(text: str, said: str) -> None:
    assert faults(rule(text)) == [f"rules[0]{'' if said.startswith(':') else '.'}{said}"]


@pytest.mark.parametrize(("text", "what"), [
    ("add = 1\npercent = 2", "'add' and 'percent' are different rules"), ("", "nothing says what this rule does"),
])  # fmt: skip
def test_a_rule_does_one_thing(text: str, what: str) -> None:
    hint = 'write one of add = "seats * 4.5", percent = -10 and bundle = ["one", "another"]'
    assert faults(rule(text)) == [f"rules[0]: {what}\n  hint: {hint}"]


def test_a_rule_in_instances_sees_what_is_in_them() -> None:
    prices = line(
        f'{SHOP}\n[prices]\ncurrency = "EUR"\n' + rule('per = "port"\nwhen = "speed > 9"\nadd = "speed"')
    ).prices

    assert prices is not None
    assert prices.rules[0].when == Compare(">", FeatureReference("speed"), Number(9))


def test_rules_have_names_of_their_own() -> None:
    assert faults(rule("add = 1\n") + rule("add = 2\n") + "[[prices.rules]]\nadd = 3") == [
        "rules[1].name: two price rules are called 'R'\n  hint: the first is features.toml: prices.rules[0]",
        "rules[2]: 'name' is missing\n  hint: add name = \"as the customer reads it\"",
    ]
    assert faults('[[prices.rules]]\nname = "a\\nb"\nadd = 1') == [
        "rules[0].name: a name is one line without control characters\n  hint: write it on one line"
    ]


def test_a_tax_is_a_percentage_of_what_is_there() -> None:
    assert faults('[[prices.taxes]]\nname = "T"\npercent = -1') == [
        "taxes[0].percent: a tax of -1 per cent is below nothing"
    ]
    assert faults('[[prices.taxes]]\nname = "T"\npercent = "seats"') == [
        "taxes[0].percent: expected a decimal number, but found 'seats'\n  hint: write 12.50 or \"12.50\""
    ]
    assert faults('[[prices.taxes]]\nname = "T"\npercent = 1\nwhen = "subtotal > 2"') == [
        "taxes[0].when, column 1: unknown feature 'subtotal'"
    ]


def test_a_feature_whose_price_is_no_number_is_told() -> None:
    shop = SHOP.replace("price = 200", 'price = "two hundred"')

    assert faults("", shop) == [
        "features.outlines.attributes.price: the price of 'outlines' is 'two hundred', which is no number"
    ]


def test_no_feature_has_the_name_of_the_subtotal() -> None:
    shop = SHOP.replace('"maps",', '"maps", "subtotal",')

    assert faults(rule("add = 1"), shop) == [
        "features.shop.optional: a feature is called 'subtotal', "
        "which in price rules is what the product comes to so far\n"
        "  hint: rename the feature"
    ]


def test_keys_are_checked_and_tables_are_tables() -> None:
    assert faults("currancy = 1") == ["currancy: unknown key 'currancy'\n  hint: did you mean 'currency'?"]
    assert faults("rules = {}") == [
        "rules: expected a list of tables, but found a table\n  hint: write [[prices.rules]]"
    ]
    assert faults_of_line(f"{SHOP}\n[prices]\n") == [MISSING]
    assert faults_of_line(f"{SHOP}\n[[prices]]\n") == [
        "prices: expected a table, but found a list", MISSING,
    ]  # fmt: skip
