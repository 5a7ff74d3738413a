"""What configurations cost: each kind of rule by hand, rounding, and prices that come to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from sarto.errors import SartoError
from sarto.model.bill import rounded
from sarto.model.expression import Value
from sarto.model.prices import (
    PriceKind,
    PriceLine,
    Quote,
    offer_of,
    quote_from_data,
    quote_of,
    quote_to_data,
    with_defaults,
)
from sarto.model.quote_language import ENGLISH
from sarto.model.selection import Selection
from sarto.model.toml_line import read_line

from .reading import HEAD, line

SHOP = """
[features.shop]
optional = ["maps", "outlines", "search", "seats", "motto"]

[features.maps]
summary = "Maps"
attributes = { price = 400 }

[features.outlines]
attributes = { price = 200.25 }

[features.search]
attributes = { price = 0 }

[features.seats]
type = "integer"
default = 5

[features.motto]
type = "string"
"""
HOUSE = """
[features.shop]
optional = ["port"]

[features.port]
summary = "Ports"
instances = { min = 0, max = 3 }
mandatory = ["speed"]
optional = ["pin"]
attributes = { price = 10 }

[features.speed]
type = "integer"

[features.pin]
instances = { min = 0, max = 2 }
optional = ["gold"]
attributes = { price = 1.5 }

[features.gold]
"""
PORTS = {
    "port": True, "port#1": True, "port#2": True, "speed": True, "speed#1": 100, "speed#2": 1000,
    "pin": True, "pin#1": True, "pin#1.1": True, "pin#2": True, "pin#2.1": True, "pin#2.2": True,
    "gold": True, "gold#2": True, "gold#2.2": True,
}  # fmt: skip


def quote(prices: str, configuration: Mapping[str, Value], shop: str = SHOP) -> Quote:
    return quote_of(line(f'{shop}\n[prices]\ncurrency = "EUR"\n{prices}'), {"shop": True, **configuration})


def amounts(prices: str, configuration: Mapping[str, Value], shop: str = SHOP) -> list[str]:
    """The lines of the quote, each as its label and its amount."""
    return [f"{each.label} {each.amount}" for each in quote(prices, configuration, shop).lines]


def refusal(prices: str, configuration: Mapping[str, Value], shop: str = SHOP) -> str:
    with pytest.raises(SartoError) as caught:
        quote(prices, configuration, shop)
    return str(caught.value).removeprefix("features.toml: ")


def rule(text: str, name: str = "R") -> str:
    return f'[[prices.rules]]\nname = "{name}"\n{text}\n'


def test_the_base_then_the_features_then_the_rules_then_the_taxes() -> None:
    prices = """
        base = "899.95"
        [[prices.rules]]
        name = "Seats"
        when = "seats > 10"
        add = "(seats - 10) * 4.5"
        because = "Ten are in the base price."
        [[prices.taxes]]
        name = "VAT"
        percent = 22
        """
    found = quote(prices, {"maps": True, "search": True, "seats": 13})

    assert found == Quote(
        "EUR",
        2,
        (
            PriceLine("shop", Decimal("899.95"), kind=PriceKind.BASE),
            PriceLine("Maps", Decimal("400.00"), "maps", kind=PriceKind.FEATURE),
            PriceLine("search", Decimal("0.00"), "search", kind=PriceKind.FEATURE),
            PriceLine("Seats", Decimal("13.50"), because="Ten are in the base price."),
            PriceLine("VAT", Decimal("288.96"), kind=PriceKind.TAX),
        ),
        net=Decimal("1313.45"),
        taxes=Decimal("288.96"),
        total=Decimal("1602.41"),
    )


def test_a_bundle_costs_what_it_says_where_all_of_it_is_there() -> None:
    bundle = rule('bundle = ["maps", "outlines"]\nprice = 500.005')

    assert amounts(bundle, {"maps": True, "outlines": True}) == ["Maps 400.00", "outlines 200.25", "R -100.24"]
    assert amounts(bundle, {"maps": True}) == ["Maps 400.00"]


def test_a_feature_is_in_one_bundle_the_first_that_applies() -> None:
    both = rule('when = "seats > 1"\nbundle = ["maps", "search"]\nprice = 300', "First")
    both += rule('bundle = ["maps", "outlines"]\nprice = 500', "Second")
    everything: dict[str, Value] = {"maps": True, "outlines": True, "search": True}

    assert amounts(both, {**everything, "seats": 2})[-1] == "First -100.00"
    assert amounts(both, {**everything, "seats": 1})[-1] == "Second -100.25"


def test_a_percentage_is_of_the_subtotal_or_of_what_some_features_cost() -> None:
    everything: dict[str, Value] = {"maps": True, "outlines": True}

    assert amounts("base = 100\n" + rule("percent = -10"), everything)[-1] == "R -70.03"
    assert amounts("base = 100\n" + rule('percent = -10\nof = ["outlines", "search"]'), everything)[-1] == "R -20.03"
    assert amounts("base = 100\n" + rule('percent = "-0.5 * seats"'), {**everything, "seats": 5})[-1] == "R -17.51"


def test_each_rule_sees_the_subtotal_as_it_stands_on_the_paper_above_it() -> None:
    two = "base = 10\n" + rule('add = "subtotal / 3"', "A") + rule('when = "subtotal == 13.33"\nadd = "subtotal"', "B")

    assert amounts(two, {}) == ["shop 10.00", "A 3.33", "B 13.33"]


def test_a_rule_that_comes_to_nothing_has_no_line() -> None:
    assert amounts(rule('add = "seats * 4.5"') + rule("percent = -10", "P"), {}) == []


def test_so_much_for_every_unit_of_a_feature_that_is_a_number() -> None:
    found = quote(rule('per = "seats"\nadd = 4.335\nbecause = "Each"'), {"seats": 3}).lines

    assert found == (PriceLine("R", Decimal("13.01"), "seats", Decimal(3), "Each"),)
    assert quote(rule('per = "maps"\nadd = 1'), {"maps": True}).lines[-1].quantity == 1
    assert quote(rule('per = "seats"\nadd = 1'), {}).lines == ()


def test_the_features_of_all_instances_are_in_one_line_with_their_number() -> None:
    assert quote("", PORTS, HOUSE).lines == (
        PriceLine("Ports", Decimal("20.00"), "port", Decimal(2), kind=PriceKind.FEATURE),
        PriceLine("pin", Decimal("4.50"), "pin", Decimal(3), kind=PriceKind.FEATURE),
    )


@pytest.mark.parametrize(
    ("text", "amount", "quantity"),
    [
        ('per = "port"\nadd = 7', "14.00", 2),
        ('per = "port"\nwhen = "speed > 100"\nadd = "speed / 10"', "100.00", 1),
        ('per = "speed"\nadd = 0.01', "11.00", 1100),
        ('per = "pin"\nadd = "speed"', "2100.00", 3),
        ('per = "pin"\nwhen = "gold"\nadd = "speed + pin.price"', "1001.50", 1),
        ('per = "pin"\nwhen = "!gold"\nadd = 1', "2.00", 2),
        ('per = "port"\nadd = "sum(price, pin)"', "4.50", 2),
        ('per = "port"\nadd = "sum(price, port)"', "24.50", 2),
        ('per = "gold"\nadd = "sum(price)"', "24.50", 1),
        ('add = "sum(price, pin)"', "4.50", None),
        ('add = "sum(speed)"', "1100.00", None),
        ('when = "gold & port"\nadd = "avg(price, pin) + pin.price"', "3.00", None),
    ],
)
def test_a_rule_is_looked_at_in_each_instance(text: str, amount: str, quantity: int | None) -> None:
    found = quote(rule(text), PORTS, HOUSE).lines[-1]

    assert (str(found.amount), found.quantity) == (amount, quantity)


def test_every_line_is_rounded_halves_away_from_zero_and_the_lines_add_up() -> None:
    thirds = rule('add = "1 / 3"', "A") + rule('add = "1 / 3"', "B") + rule('add = "1 / 3"', "C")
    found = quote("base = 1\n" + thirds, {})

    assert (amounts("base = 1\n" + thirds, {})[1:], str(found.total)) == (["A 0.33", "B 0.33", "C 0.33"], "1.99")
    assert amounts("base = 1\n" + rule("add = 0.005") + rule("add = -0.005", "S"), {})[1:] == ["R 0.01", "S -0.01"]


@pytest.mark.parametrize(
    ("amount", "decimals", "shown"),
    [
        (Fraction(5, 2), 0, "3"), (Fraction(-5, 2), 0, "-3"), (Fraction(-1, 1000), 2, "0.00"),
        (Fraction(10**40) + Fraction(1, 200), 2, f"1{'0' * 40}.01"), (Fraction(12345), 3, "12345.000"),
    ],
)  # fmt: skip
def test_amounts_are_rounded_exactly_whatever_their_size(amount: Fraction, decimals: int, shown: str) -> None:
    assert str(rounded(amount, decimals)) == shown


@pytest.mark.parametrize(("currency", "shown"), [("JPY", "1000"), ("EUR", "999.50"), ("KWD", "999.500")])
def test_a_currency_has_its_own_decimals(currency: str, shown: str) -> None:
    found = quote_of(line(f'{SHOP}\n[prices]\ncurrency = "{currency}"\nbase = 999.5\n'), {})

    assert str(found.total) == shown


def test_no_digit_of_an_amount_is_lost() -> None:
    assert str(quote("base = 0.1\ndecimals = 6\n" + rule("add = 123456789.000001"), {}).total) == "123456789.100001"


def test_a_line_without_prices_costs_what_its_features_have_as_price() -> None:
    found = quote_of(line(SHOP), {"maps": True, "outlines": True})

    assert (found.currency, [str(each.amount) for each in found.lines], str(found.total)) == (
        "", ["400.00", "200.25"], "600.25",
    )  # fmt: skip


def test_a_division_by_zero_names_its_rule() -> None:
    by_seats = rule('add = "100 / seats"', "Shares")

    assert refusal(by_seats, {}) == (
        "prices.rules[0].add: the price rule 'Shares' divides by zero\n"
        "  hint: add a 'when' that keeps the divisor from being 0"
    )
    assert amounts(by_seats, {"seats": 8}) == ["Shares 12.50"]
    assert refusal(rule('when = "1 / seats > 2"\nadd = 1', "Odd"), {}).startswith(
        "prices.rules[0].when: the price rule 'Odd' divides by zero"
    )


def test_a_condition_guards_what_divides() -> None:
    assert amounts(rule('when = "seats > 0"\nadd = "100 / seats"'), {}) == []
    assert amounts(rule('when = "seats > 0 & 100 / seats > 5"\nadd = 1'), {}) == []
    assert amounts(rule('when = "seats == 0 | 100 / seats > 5"\nadd = 1'), {}) == ["R 1.00"]
    assert amounts(rule('when = "seats > 0 => 100 / seats > 5"\nadd = 1'), {}) == ["R 1.00"]


def test_a_total_below_nothing_names_the_rule_that_brought_it_there() -> None:
    prices = "base = 10\n" + rule("add = -8", "A") + rule("add = -5", "Gift") + rule("add = -1", "C")

    assert refusal(prices, {}) == (
        "prices.rules[1]: with the price rule 'Gift' the product costs -4.00, below nothing\n"
        "  hint: add a 'when' that keeps it from going so far"
    )
    assert amounts(prices + rule("add = 20", "Back"), {})[-1] == "Back 20.00"


def test_features_that_give_more_than_they_take_are_refused() -> None:
    shop = "[features.shop]\nattributes = { price = -3 }\n"

    assert refusal("", {}, shop) == "prices: the prices of the features come to -3.00, below nothing"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('add = "seats * 2"', "add"), ('when = "seats > 2"\nadd = 1', "when"), ('per = "seats"\nadd = 1', "per"),
        ('percent = "seats"', "percent"), ('add = "len(motto)"', "add"),
    ],
)  # fmt: skip
def test_a_rule_over_a_value_that_is_not_decided_says_so(text: str, place: str) -> None:
    name = "motto" if "motto" in text else "seats"

    assert refusal("base = 10\n" + rule(text, "Seats"), {"seats": True, "motto": True}) == (
        f"prices.rules[0].{place}: the price rule 'Seats' needs the value of '{name}', which is not decided\n"
        f"  hint: decide '{name}'"
    )


def test_a_value_that_is_not_decided_matters_only_where_it_is_used() -> None:
    prices = rule('when = "maps & seats > 2"\nadd = 1') + rule('add = "2 * maps"', "M")

    assert amounts(prices, {"seats": True}) == []


def test_the_values_in_instances_are_needed_too() -> None:
    undecided = {**PORTS, "speed#2": True}

    assert "needs the value of 'speed', which is not decided" in refusal(rule('add = "sum(speed)"'), undecided, HOUSE)
    assert "needs the value of 'speed#2'," in refusal(rule('per = "speed"\nadd = 1'), undecided, HOUSE)


def test_a_tax_that_cannot_be_said_is_named() -> None:
    tax = '[[prices.taxes]]\nname = "VAT"\npercent = 20\nwhen = "1 / seats > 0"\n'

    assert refusal(tax, {}).startswith("prices.taxes[0].when: the tax 'VAT' divides by zero")


def test_an_amount_that_no_price_can_have_is_refused() -> None:
    assert refusal(rule('add = "seats * seats"', "Square"), {"seats": 10**9}) == (
        "prices.rules[0]: 'Square' comes to more than can be a price, 10^15 or more"
    )


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ({"nothing": True}, "the feature 'nothing' of this configuration is not one of the line"),
        ({"seats": "many"}, "'many' is not an integer, as 'seats' needs"),
        ({"seats": 1.5}, "1.5 is not an integer, as 'seats' needs"),
    ],
)
def test_what_is_no_configuration_of_the_line_is_refused(configuration: dict[str, Value], said: str) -> None:
    assert refusal("base = 1", configuration) == said


def test_defaults_stand_in_for_values_that_are_not_decided() -> None:
    model = line(SHOP).model

    assert with_defaults(model, {"seats": True, "motto": True, "maps": False}) == {
        "seats": 5, "motto": True, "maps": False,
    }  # fmt: skip
    assert with_defaults(model, {"seats": 7}) == {"seats": 7}


def test_a_quote_goes_to_json_and_back() -> None:
    found = quote("base = 0.10\n" + rule('per = "seats"\nadd = 0.5'), {"maps": True, "seats": 3})

    assert quote_from_data(quote_to_data(found)) == found
    assert quote_to_data(found)["lines"][-1] == {
        "kind": "rule", "label": "R", "feature": "seats", "quantity": "3", "amount": "1.50", "because": "",
    }  # fmt: skip


def test_an_offer_has_the_brand_with_the_lines_own_words_where_nobody_said_others() -> None:
    shop = line(
        f'{SHOP}\n[cosmetics]\nname = {{ default = "Basar" }}\ncolour = {{ type = "colour", default = "#123456" }}\n'
    )
    offer = offer_of(shop, Selection(line="", customer="Acme"), {"maps": True}, number="7")
    branded = offer_of(shop, Selection(line="", customer="Acme", brand={"name": "Acme", "colour": "#ffffff"}), {})

    assert (offer.brand, offer.customer, offer.number, str(offer.quote.total)) == (
        {"name": "Basar", "colour": "#123456"}, "Acme", "7", "400.00",
    )  # fmt: skip
    assert branded.brand == {"name": "Acme", "colour": "#ffffff"}


def test_an_offer_has_the_brands_texts_in_its_language() -> None:
    texts = '[cosmetics]\nmotto = { default = { en = "To measure", it = "Su misura" } }\n'
    shop = read_line(HEAD.replace("[line]", '[line]\nlanguages = ["en", "it"]') + SHOP + texts, "features.toml")
    italian = replace(ENGLISH, tag="it-CH")

    said = [offer_of(shop, Selection(line="", customer="A"), {}, language=each) for each in (ENGLISH, italian)]
    assert [(each.brand["motto"], each.language.tag) for each in said] == [("To measure", "en"), ("Su misura", "it-CH")]
