"""Random prices of random rooms, added up once more by other means: nested tuples, Fractions, nothing of Sarto's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.instances import expanded
from sarto.model.line import LineDescription
from sarto.model.prices import Quote, quote_of
from sarto.model.toml_line import read_line

HOME = """
[line]
name = "home"
version = "1"
root = "home"

[core]
parts = ["home"]
command = "home"

[features.home]
optional = ["a", "b", "seats", "weight", "room"]

[features.a]
attributes = {{ price = {a} }}

[features.b]
attributes = {{ price = {b}, points = 3 }}

[features.seats]
type = "integer"
attributes = {{ price = {seats} }}

[features.weight]
type = "real"

[features.room]
instances = {{ min = 0, max = 3 }}
mandatory = ["area"]
optional = ["bath"]
attributes = {{ price = {room}, points = 2 }}

[features.area]
type = "real"

[features.bath]
attributes = {{ price = {bath} }}
"""
PRICED = ("a", "b", "seats", "room", "bath")
POINTS = {"b": 3, "room": 2}
Tree = tuple[Any, ...]


@dataclass(frozen=True)
class Rooms:
    """A home: what is in it, and its rooms, each an area and whether it has a bath."""

    on: frozenset[str]
    seats: Fraction | None
    weight: Fraction | None
    rooms: tuple[tuple[Fraction, bool], ...]

    def count(self, name: str) -> int:
        if name in ("room", "bath"):
            return len(self.rooms) if name == "room" else sum(bath for _, bath in self.rooms)
        return int(name in self.on or getattr(self, name, None) is not None)

    def configuration(self) -> dict[str, Any]:
        found: dict[str, Any] = {"home": True, **dict.fromkeys(self.on, True)}
        if self.seats is not None:
            found["seats"] = int(self.seats)
        if self.weight is not None:
            found["weight"] = float(self.weight)
        for number, (area, bath) in enumerate(self.rooms, 1):
            found |= {"room": True, "area": True, f"room#{number}": True, f"area#{number}": float(area)}
            if bath:
                found |= {"bath": True, f"bath#{number}": True}
        return found


@dataclass
class Sum:
    """The bill of a home, added up by hand."""

    prices: Mapping[str, Fraction]
    home: Rooms
    total: Fraction = Fraction(0)
    amounts: list[Fraction] = field(default_factory=list)
    costs: dict[str, Fraction] = field(default_factory=dict)
    sold: set[str] = field(default_factory=set)

    def add(self, amount: Fraction) -> Fraction:
        cents = half_up(amount)
        self.amounts.append(cents)
        self.total += cents
        return cents


def half_up(amount: Fraction) -> Fraction:
    sign = -1 if amount < 0 else 1
    return sign * Fraction(floor(abs(amount) * 100 + Fraction(1, 2)), 100)


def written(tree: Tree) -> str:
    """A tree as a formula."""
    match tree:
        case ("number", number):
            return f"{float(number):.3f}"
        case ("name", name):
            return str(name)
        case ("sum", *names):
            return f"sum({', '.join(names)})"
        case ("!", operand):
            return f"!({written(operand)})"
        case (operator, left, right):
            return f"({written(left)} {operator} {written(right)})"
    raise AssertionError(tree)


def number_of(tree: Tree, bill: Sum, room: tuple[Fraction, bool] | None) -> Fraction | None:
    """What a formula comes to; None where it divides by zero."""
    match tree:
        case ("number", number):
            return Fraction(number)
        case ("name", "subtotal"):
            return bill.total
        case ("name", "area"):
            assert room is not None
            return room[0]
        case ("name", name):
            value = getattr(bill.home, name, None)
            return Fraction(0) if value is None else Fraction(value)
        case ("sum", "area"):
            return sum((area for area, _ in bill.home.rooms), Fraction(0))
        case ("sum", "price"):
            return sum((bill.prices[name] * bill.home.count(name) for name in PRICED), Fraction(0))
        case ("sum", "points"):
            return Fraction(sum(POINTS[name] * bill.home.count(name) for name in POINTS))
        case ("sum", "price", "room"):
            return here(bill, room)
    left, right = number_of(tree[1], bill, room), number_of(tree[2], bill, room)
    if left is None or right is None or (tree[0] == "/" and right == 0):
        return None
    return {
        "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "/": lambda: left / right,
    }[tree[0]]()  # fmt: skip


def here(bill: Sum, room: tuple[Fraction, bool] | None) -> Fraction:
    """The prices of this room and what is in it, or of all rooms."""
    rooms = bill.home.rooms if room is None else (room,)
    return sum((bill.prices["room"] + bath * bill.prices["bath"] for _, bath in rooms), Fraction(0))


def holds(tree: Tree, bill: Sum, room: tuple[Fraction, bool] | None) -> bool | None:
    """Whether a condition holds; None where that depends on a division by zero."""
    match tree:
        case ("name", "room"):
            return bool(bill.home.rooms)
        case ("name", "bath"):
            return any(bath for _, bath in bill.home.rooms) if room is None else room[1]
        case ("name", name):
            return bill.home.count(name) > 0
        case ("!", operand):
            truth = holds(operand, bill, room)
            return None if truth is None else not truth
        case ("<" | ">=" as operator, left, right):
            sides = number_of(left, bill, room), number_of(right, bill, room)
            if sides[0] is None or sides[1] is None:
                return None
            return sides[0] < sides[1] if operator == "<" else sides[0] >= sides[1]
    pair = holds(tree[1], bill, room), holds(tree[2], bill, room)
    decisive = tree[0] == "|"
    return decisive if decisive in pair else None if None in pair else not decisive


class Refused(Exception):
    """The prices come to nothing that can be said."""


def needed(value: Fraction | None) -> Fraction:
    if value is None:
        raise Refused("divides by zero")
    return value


def is_met(rule: Mapping[str, Any], bill: Sum, room: tuple[Fraction, bool] | None = None) -> bool:
    truth = holds(rule["when"], bill, room) if "when" in rule else True
    if truth is None:
        raise Refused("divides by zero")
    return truth


def places(per: str, home: Rooms) -> Iterator[tuple[Fraction, tuple[Fraction, bool] | None]]:
    """How many of a feature there are where, each with its room."""
    match per:
        case "room":
            yield from ((Fraction(1), room) for room in home.rooms)
        case "area":
            yield from ((room[0], room) for room in home.rooms)
        case "bath":
            yield from ((Fraction(1), room) for room in home.rooms if room[1])
        case "seats" | "weight":
            value = getattr(home, per)
            yield from () if value is None else ((Fraction(value), None),)
        case _:
            yield from ((Fraction(1), None),) * home.count(per)


def change(rule: Mapping[str, Any], bill: Sum) -> Fraction:
    """What a rule adds to the bill."""
    if "per" in rule:
        found = (
            times * needed(number_of(rule["add"], bill, room))
            for times, room in places(rule["per"], bill.home)
            if is_met(rule, bill, room)
        )
        return sum(found, Fraction(0))
    if "bundle" in rule:
        features = rule["bundle"]
        if not all(bill.home.count(name) for name in features) or bill.sold & {*features} or not is_met(rule, bill):
            return Fraction(0)
        bill.sold |= {*features}
        return half_up(needed(number_of(rule["price"], bill, None))) - sum(bill.costs[name] for name in features)
    if not is_met(rule, bill):
        return Fraction(0)
    if "add" in rule:
        return needed(number_of(rule["add"], bill, None))
    base = sum((bill.costs.get(name, Fraction(0)) for name in rule["of"]), Fraction(0)) if "of" in rule else bill.total
    return base * needed(number_of(rule["percent"], bill, None)) / 100


def expected(prices: Mapping[str, Any], home: Rooms) -> Sum | str:
    """The bill, or what is said where there is none."""
    try:
        return added_up(prices, home)
    except Refused as refusal:
        return str(refusal)


def added_up(prices: Mapping[str, Any], home: Rooms) -> Sum:
    bill = Sum(prices["features"], home)
    if prices["base"]:
        bill.add(prices["base"])
    for name in PRICED:
        if count := home.count(name):
            bill.costs[name] = bill.add(prices["features"][name] * count)
    for rule in prices["rules"]:
        amount = change(rule, bill)
        if half_up(amount):
            bill.add(amount)
    net = bill.total
    if net < 0:
        raise Refused("below nothing")
    for tax in prices["taxes"]:
        if is_met(tax, bill):
            bill.add(net * tax["percent"][1] / 100)
    return bill


def trees(names: Sequence[str]) -> st.SearchStrategy[Tree]:
    leaves = st.one_of(
        st.integers(-5000, 9000).map(lambda n: ("number", Fraction(n, 1000))),
        st.sampled_from(names).map(lambda name: ("name", name)),
        st.sampled_from([("sum", "area"), ("sum", "price"), ("sum", "points"), ("sum", "price", "room")]),
    )
    return st.recursive(leaves, lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner), max_leaves=4)


def conditions(names: Sequence[str]) -> st.SearchStrategy[Tree]:
    leaves = st.one_of(
        st.tuples(st.just("name"), st.sampled_from(["a", "b", "seats", "room", "bath"])),
        st.tuples(st.sampled_from(["<", ">="]), trees(names), trees(names)),
    )
    return st.recursive(
        leaves,
        lambda inner: st.tuples(st.just("!"), inner) | st.tuples(st.sampled_from("&|"), inner, inner),
        max_leaves=3,
    )


NAMES = ["seats", "weight", "subtotal"]
HUNDREDTHS = st.tuples(st.just("number"), st.integers(-30_000, 30_000).map(lambda n: Fraction(n, 1000)))


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    per = draw(st.sampled_from([None, "seats", "weight", "a", "room", "area", "bath"]))
    inside = per in ("room", "area", "bath")
    names = [*NAMES, "area"] if inside else NAMES
    rule: dict[str, Any] = {}
    if draw(st.booleans()):
        rule["when"] = draw(conditions(names))
    if per is not None:
        return rule | {"per": per, "add": draw(trees(names))}
    match draw(st.integers(0, 3)):
        case 0:
            return rule | {"add": draw(trees(names))}
        case 1:
            return rule | {"percent": draw(HUNDREDTHS | trees(names))}
        case 2:
            of = draw(st.lists(st.sampled_from(PRICED), min_size=1, max_size=3, unique=True))
            return rule | {"percent": draw(HUNDREDTHS), "of": of}
        case _:
            bundle = draw(st.sampled_from([["a", "b"], ["b", "seats"], ["a", "b", "seats"]]))
            return rule | {"bundle": bundle, "price": draw(trees(names))}


@st.composite
def all_prices(draw: st.DrawFn) -> dict[str, Any]:
    thousandths = st.integers(0, 900_000).map(lambda n: Fraction(n, 1000))
    taxes = st.fixed_dictionaries(
        {"percent": st.tuples(st.just("number"), st.integers(0, 25_000).map(lambda n: Fraction(n, 1000)))},
        optional={"when": st.tuples(st.just("name"), st.sampled_from(["a", "room", "bath"]))},
    )
    return {
        "features": {name: draw(thousandths) for name in PRICED},
        "base": draw(thousandths),
        "rules": draw(st.lists(rules(), max_size=4)),
        "taxes": draw(st.lists(taxes, max_size=2)),
    }


@st.composite
def homes(draw: st.DrawFn) -> Rooms:
    quarters = st.integers(0, 200).map(lambda n: Fraction(n, 4))
    return Rooms(
        frozenset(draw(st.sets(st.sampled_from(["a", "b"])))),
        draw(st.none() | st.integers(0, 40).map(Fraction)),
        draw(st.none() | quarters),
        tuple(draw(st.lists(st.tuples(quarters, st.booleans()), max_size=3))),
    )


def line_with(prices: Mapping[str, Any]) -> LineDescription:
    text = HOME.format(**{name: f"{float(price):.3f}" for name, price in prices["features"].items()})
    text += f'\n[prices]\ncurrency = "EUR"\nbase = {float(prices["base"]):.3f}\n'
    for kind in ("rules", "taxes"):
        for number, rule in enumerate(prices[kind]):
            text += f'[[prices.{kind}]]\nname = "{kind} {number}"\n'
            for key, value in rule.items():
                if isinstance(value, tuple):
                    is_plain = value[0] == "number"
                    shown = written(value) if is_plain else f'"{written(value)}"'
                else:
                    shown = f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')
                text += f"{key} = {shown}\n"
    return read_line(text, "features.toml")


def found(prices: Mapping[str, Any], home: Rooms) -> Quote:
    line = line_with(prices)
    assert home.configuration().keys() <= expanded(line.model).features.keys()
    return quote_of(line, home.configuration())


@given(all_prices(), homes())
def test_a_quote_is_what_fractions_come_to(prices: dict[str, Any], home: Rooms) -> None:
    bill = expected(prices, home)
    if isinstance(bill, str):
        with pytest.raises(SartoError) as caught:
            found(prices, home)
        assert bill in caught.value.what
        return
    quote = found(prices, home)

    assert [Fraction(line.amount) for line in quote.lines] == bill.amounts
    assert Fraction(quote.total) == bill.total == Fraction(quote.net) + Fraction(quote.taxes)
    assert {line.amount.as_tuple().exponent for line in quote.lines} <= {-2}
