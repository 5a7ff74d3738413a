"""The numbers of a report, each against a computation that shares nothing with it."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.prices import Quote
from sarto.model.toml_line import read_line
from sarto_report.choices import Choice, Standing, choices
from sarto_report.configurations import wholes
from sarto_report.health import use_of
from sarto_report.pairs import LEVEL, MOST, chance_of, least_customers, pairs, rules_of
from sarto_report.prices import distribution
from sarto_report.sharing import sharing
from sarto_report.survey import Customer

TREE = """
[line]
name = "t"
version = "1"
root = "r"
[core]
parts = ["t"]
command = "t"
[features.r]
optional = ["a", "b"]
mandatory = ["m"]
or = ["c", "d"]
[features.a]
alternative = ["e", "f"]
[features.b]
excludes = ["d"]
[[constraints]]
rule = "f => b"
because = "so"
"""


def model() -> FeatureModel:
    return read_line(TREE, "features.toml").model


def valid(of: FeatureModel) -> list[dict[str, Value]]:
    """Every configuration, by trying all."""
    names = list(of.features)
    tried: Iterator[dict[str, Value]] = (
        dict(zip(names, each, strict=True)) for each in product((True, False), repeat=len(names))
    )
    return [each for each in tried if is_valid(of, each)]


def customers(configurations: list[dict[str, Value]]) -> list[Customer]:
    return [
        Customer(name=f"c{n}", model=model(), configuration=each, parts={}) for n, each in enumerate(configurations)
    ]


def chosen(of: FeatureModel, configurations: list[dict[str, Value]]) -> dict[str, Choice]:
    return choices(of, customers(configurations), frozenset({"r", "m"}), frozenset())


several = st.lists(st.sampled_from(valid(model())), max_size=9)


@settings(max_examples=50, deadline=None)
@given(several)
def test_every_feature_is_counted_and_has_its_standing(configurations: list[dict[str, Value]]) -> None:
    for name, each in chosen(model(), configurations).items():
        having = [configuration for configuration in configurations if configuration[name]]
        assert each.count == len(having)
        if name in ("r", "m"):
            assert each.standing is Standing.EVERY
        elif not having:
            assert each.standing is Standing.NEVER
        else:
            assert (each.standing is Standing.ALWAYS) == (len(having) == len(configurations))


@settings(max_examples=50, deadline=None)
@given(several)
def test_the_use_of_what_may_vary_is_that_of_all_configurations(configurations: list[dict[str, Value]]) -> None:
    found = use_of(model(), chosen(model(), configurations), configurations, 60)
    names = ("a", "b", "c", "d", "e", "f")

    def ways(of: list[dict[str, Value]]) -> set[tuple[str, Value, str, Value]]:
        return {(x, each[x], y, each[y]) for each in of for x, y in combinations(names, 2)}

    used = {name for name in names for each in configurations if each[name]}
    missed = {name for name in names for each in configurations if not each[name]}
    assert (found.variable, found.used, found.divided) == (6, len(used), len(used & missed))
    assert found.share == Fraction(len(used), 6)
    assert found.pairs is not None
    assert found.pairs.covered == len(ways(configurations))
    assert found.pairs.covered + found.pairs.missing == len(ways(valid(model())))


def by_hand(together: int, a: int, b: int, number: int) -> Fraction:
    """The chance, by giving the one feature to the first customers and the other to any."""
    met = Counter(sum(place < a for place in having) for having in combinations(range(number), b))
    is_more = together * number >= a * b
    whole = sum(ways for each, ways in met.items() if (each >= together if is_more else each <= together))
    return min(Fraction(1), 2 * Fraction(whole, met.total()))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_chance_is_that_of_all_ways_to_give_two_features_to_customers(data: st.DataObject) -> None:
    number = data.draw(st.integers(2, 11))
    a, b = data.draw(st.integers(1, number - 1)), data.draw(st.integers(1, number - 1))
    together = data.draw(st.integers(max(0, a + b - number), min(a, b)))
    assert chance_of(together, a, b, number) == pytest.approx(float(by_hand(together, a, b, number)), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=10))
def test_the_pairs_that_stand_out_are_those_that_counting_finds(rows: list[list[bool]]) -> None:
    configurations: list[dict[str, Value]] = [dict(zip("wxyz", row, strict=True)) for row in rows]
    found = pairs(configurations, "wxyz", None)
    varying = [name for name in "wxyz" if len({each[name] for each in configurations}) == 2]
    assert found.tried == comb(len(varying), 2)
    expected: dict[bool, set[tuple[str, str, int, Fraction]]] = {True: set(), False: set()}
    for x, y in combinations(varying, 2):
        both = sum(bool(each[x] and each[y]) for each in configurations)
        a, b = (sum(bool(each[name]) for each in configurations) for name in (x, y))
        lift = Fraction(both * len(rows), a * b)
        if by_hand(both, a, b, len(rows)) < LEVEL:
            expected[lift > 1].add((x, y, both, lift))
    assert {(each.a, each.b, each.together, each.lift) for each in found.more} == expected[True]
    assert {(each.a, each.b, each.together, each.lift) for each in found.fewer} == expected[False]
    for each in (*found.more, *found.fewer):
        chance = by_hand(each.together, each.count_a, each.count_b, each.customers)
        assert each.is_clear == (chance * found.tried < LEVEL)


def test_few_customers_are_too_few_for_any_pair_to_be_clear() -> None:
    for tried in (1, 6, 100):
        needed = least_customers(tried)
        halves = [by_hand(n // 2, n // 2, n // 2, n) * tried for n in (needed - 1, needed)]
        assert halves[0] >= LEVEL > halves[1]
    twins: list[dict[str, Value]] = [{"x": n < 4, "y": n < 4} for n in range(8)]
    (pair,) = pairs(twins, "xy", None).more
    assert pair.lift == 2
    assert pair.is_clear
    assert pairs(twins[1:7], "xy", None).more == ()


def test_only_so_many_pairs_are_told_the_least_likely_first() -> None:
    names = [f"f{n}" for n in range(8)]
    alike: list[dict[str, Value]] = [
        {name: n % 2 == 0 if name != "f7" else n in (4, 6, 8, 10) for name in names} for n in range(12)
    ]
    found = pairs(alike, names, None).more
    assert len(found) == MOST
    assert [each.chance for each in found] == sorted(each.chance for each in found)
    assert "f7" not in {name for each in found for name in (each.a, each.b)}


def test_a_pair_is_bound_where_the_rules_forbid_one_of_the_four_ways_to_have_two_features() -> None:
    binds = rules_of(model())
    everything = valid(model())
    for a, b in combinations(model().features, 2):
        assert binds(a, b) == (len({(each[a], each[b]) for each in everything}) < 4), (a, b)
    configurations: list[dict[str, Value]] = [{"a": n < 6, "e": n < 6, "c": n < 6} for n in range(12)]
    assert [(each.a, each.b) for each in pairs(configurations, "aec", binds).more] == [("a", "c"), ("e", "c")]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.fixed_dictionaries({"a": st.booleans(), "b": st.integers(0, 1)}), max_size=8))
def test_whole_configurations_are_counted_with_their_values(drawn: list[dict[str, Value]]) -> None:
    rows = [{"a": each["a"], "b": each["b"]} for each in drawn]  # in the order of the tree
    found = wholes(customers(rows))
    counted = Counter((each["a"], each["b"]) for each in rows)
    assert sorted(len(each.customers) for each in found) == sorted(counted.values())
    assert [len(each.customers) for each in found] == sorted(counted.values(), reverse=True)
    for each in found:
        told = dict(each.features)
        for name in each.customers:
            configuration = rows[int(name[1:])]
            on = {key: value for key, value in configuration.items() if value is not False}
            shared = {k: v for k, v in on.items() if all(row[k] is not False and row[k] == v for row in rows)}
            assert (told, each.shared) == ({k: v for k, v in on.items() if k not in shared}, len(shared))


amounts = st.decimals(0, 100_000, places=2, allow_nan=False, allow_infinity=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=30).filter(any))
def test_prices_are_distributed_as_statistics_has_it(nets: list[Decimal]) -> None:
    found = distribution([Quote("EUR", 2, (), net, net / 5, net) for net in nets])
    assert found is not None

    def rounded(value: Fraction) -> Decimal:
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    exact = [Fraction(net) for net in nets]
    quartiles = statistics.quantiles(exact, n=4, method="inclusive") if len(nets) > 1 else exact * 3
    assert [found.lower, found.median, found.upper] == list(map(rounded, quartiles))
    assert found.median == rounded(statistics.median(exact))
    assert found.mean == rounded(statistics.mean(exact))
    assert (found.least, found.most, found.sum, found.count) == (min(nets), max(nets), sum(nets), len(nets))
    assert found.taxes == sum(net / 5 for net in nets)


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=30).filter(any))
def test_every_price_is_in_the_one_bar_that_has_room_for_it(nets: list[Decimal]) -> None:
    found = distribution([Quote("", 2, (), net, Decimal(0), net) for net in nets])
    assert found is not None
    bars = found.bars
    assert [bar.count for bar in bars] == [sum(bar.low <= net < bar.high for net in nets) for bar in bars]
    assert sum(bar.count for bar in bars) == len(nets)
    assert all(one.high == other.low for one, other in pairwise(bars))
    assert len(bars) <= 8
    (width,) = {bar.high - bar.low for bar in bars}
    assert width.normalize().as_tuple().digits in ((1,), (2,), (5,))


def test_nothing_is_distributed_where_nothing_costs_anything() -> None:
    free = Quote("", 0, (), Decimal(0), Decimal(0), Decimal(0))
    assert distribution([]) is None
    assert distribution([free, free]) is None


builds = st.lists(st.frozensets(st.sampled_from("abcdef")), min_size=1, max_size=6)
SIZES = {"a": 1, "b": 20, "c": 300, "d": 4000, "e": 50_000, "f": None}


@settings(max_examples=60, deadline=None)
@given(builds.filter(any))
def test_parts_in_common_are_those_of_the_sets(sets: list[frozenset[str]]) -> None:
    found = sharing([
        Customer(name=str(n), model=model(), configuration={}, parts={part: SIZES[part] for part in sorted(parts)})
        for n, parts in enumerate(sets)
    ])  # fmt: skip
    assert found is not None

    def weight(parts: frozenset[str]) -> int:
        return sum(SIZES[part] or 0 for part in parts)

    everything, common = frozenset.union(*sets), frozenset.intersection(*sets)
    assert {part.file: part.builds for part in found.parts} == {p: sum(p in s for s in sets) for p in everything}
    assert (found.kept, found.common, found.unknown) == (weight(everything), weight(common), len(everything & {"f"}))
    assert found.handed_out == sum(map(weight, sets))
    assert found.average_use == Fraction(sum(map(len, sets)), len(everything))
    if found.handed_out:
        assert found.common_share == Fraction(weight(common) * len(sets), sum(map(weight, sets)))
        assert found.reuse == Fraction(sum(map(weight, sets)), weight(everything))
    owns = [own - frozenset().union(*(other for m, other in enumerate(sets) if m != n)) for n, own in enumerate(sets)]
    assert [(each.own_parts, each.own_size) for each in found.customers] == [(len(o), weight(o)) for o in owns]
    assert [each.size for each in found.customers] == list(map(weight, sets))
    assert found.average_own == Fraction(sum(map(weight, owns)), len(sets))
    assert found.without_own == sum(not own for own in owns)


def test_builds_without_parts_share_nothing() -> None:
    assert sharing([Customer(name="a", model=model(), configuration={}, parts={})]) is None


def test_pairs_that_would_take_for_ever_are_not_begun_with(monkeypatch: pytest.MonkeyPatch) -> None:
    for at_once, is_told in ((36 / 60, True), (35 / 60, False)):
        monkeypatch.setattr("sarto_report.health.AT_ONCE", at_once)
        assert (use_of(model(), chosen(model(), []), [], 60).pairs is not None) == is_told
