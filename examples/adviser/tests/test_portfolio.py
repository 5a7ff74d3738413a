"""Whatever is configured: the weights are a whole, exactly, and those that a reckoning of its own comes to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from xml.etree import ElementTree

import pytest
from adviser import Asset, Client, Portfolio, portfolio_of
from adviser.assets import BONDS, CASH, SHARES
from adviser.picture import picture_of
from adviser.sheet import sheet, tenths
from hypothesis import given
from hypothesis import strategies as st
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.solve.sampling.covering import covering_sample

from ...rehearsing import rehearsed, resized
from . import reckoning

NUMBERS = ("horizon", "deposit", "reserve", "rebalancing")
BRAND = {"title": "A Firm", "colour": "#2f5d62", "ink": "#ffffff"}
SVG = "{http://www.w3.org/2000/svg}"
Chosen = Mapping[str, Value]


def client(line: ProductLine, chosen: Chosen) -> Client:
    return Client("A Client", {name: chosen.get(name, False) for name in line.model.features})


def proposed(line: ProductLine, chosen: Chosen) -> Portfolio:
    with rehearsed(line, chosen):
        return portfolio_of(client(line, chosen))


@pytest.fixture(scope="module")
def sample(line: ProductLine) -> list[Chosen]:
    """Whatever three features can be together is in one of these, each in the sample's numbers and in others."""
    found = covering_sample(line.model, 3)
    assert found.is_complete
    random = Random(7)
    return [each for one in found.configurations for each in (one, resized(line, one, NUMBERS, random))]


def test_the_weights_of_every_kind_of_configuration_are_the_whole(line: ProductLine, sample: list[Chosen]) -> None:
    assert len(sample) > 50
    for chosen in sample:
        found = {asset.name: weight for asset, weight in proposed(line, chosen).parts}
        assert sum(found.values()) == 1
        assert found == reckoning.weights(chosen), chosen


def test_what_is_printed_and_drawn_adds_up_too(line: ProductLine, sample: list[Chosen]) -> None:
    for chosen in sample:
        with rehearsed(line, chosen):
            asked = client(line, chosen)
            portfolio = portfolio_of(asked)
            lines = [*sheet("A Firm", asked, portfolio)]
            root = ElementTree.fromstring(picture_of(asked, portfolio, BRAND))
        names = [asset.name for asset, _ in portfolio.parts]
        rows = [row.rsplit(maxsplit=2) for row in lines[1 : 1 + len(names)]]
        assert [row[0].strip() for row in rows] == names
        assert sum(round(10 * float(row[1])) for row in rows) == 1000
        arcs = list(root.iter(f"{SVG}circle"))
        assert [arc.attrib["data-asset"] for arc in arcs] == names
        ends = [0]
        for arc in arcs:
            length, gap = map(int, arc.attrib["stroke-dasharray"].split())
            assert (length + gap, int(arc.attrib["stroke-dashoffset"])) == (1000, -ends[-1])
            ends.append(ends[-1] + length)
        assert ends[-1] == 1000


def test_no_portfolio_is_riskier_than_the_riskiest_in_it(line: ProductLine, sample: list[Chosen]) -> None:
    for chosen in sample:
        portfolio = proposed(line, chosen)
        assert 0 <= portfolio.variance <= max(asset.risk for asset, _ in portfolio.parts) ** 2


@pytest.mark.parametrize("style", reckoning.STYLES)
def test_hedging_takes_a_fifth_of_what_moves_in_shares_and_gold(line: ProductLine, style: str) -> None:
    chosen: dict[str, Value] = {
        style: True,
        "balanced": True,
        "horizon": 20,
        "income": True,
        "gold": style != "sustainable",
    }
    before = {asset.name: asset for asset, _ in proposed(line, chosen).parts}
    after = {asset.name: asset for asset, _ in proposed(line, {**chosen, "hedging": True}).parts}
    for name, asset in before.items():
        hedged = name in ("shares", "gold")
        assert after[name].risk == asset.risk * (Fraction(4, 5) if hedged else 1)
        assert after[name].fee == asset.fee + (Fraction(15, 10000) if hedged else 0)


def test_a_long_name_is_cut_short_in_the_picture() -> None:
    half = Portfolio(((BONDS, Fraction(1, 2)), (SHARES, Fraction(1, 2))))
    texts = ElementTree.fromstring(picture_of(Client("n" * 35, {}), half, BRAND)).iter(f"{SVG}text")
    assert [each.text for each in texts][1] == "n" * 33 + "…"


def test_the_figures_of_two_halves_by_hand() -> None:
    portfolio = Portfolio(((BONDS, Fraction(1, 2)), (SHARES, Fraction(1, 2))))
    assert (portfolio.gain, portfolio.paid) == (Fraction("0.0425"), Fraction("0.0225"))
    assert (
        portfolio.variance == Fraction("0.000625") + Fraction("0.0064") + 2 * Fraction("0.025") * Fraction("0.08") / 10
    )


def halves(*shares: int) -> tuple[tuple[Asset, Fraction], ...]:
    return tuple((asset, Fraction(share, 2)) for asset, share in zip((CASH, BONDS, SHARES), shares, strict=False))


@pytest.mark.parametrize("shares", [(1,), (1, 2), (3, -1), (0, 2), ()])
def test_what_is_no_whole_is_no_portfolio(shares: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^these weights are no whole: "):
        Portfolio(halves(*shares))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any))
def test_rounded_shares_add_up_and_none_is_off_by_a_tenth(parts: list[int]) -> None:
    exact = [Fraction(part, sum(parts)) for part in parts]
    found = tenths(exact)
    assert sum(found) == 1000
    assert all(abs(Fraction(each, 1000) - share) < Fraction(1, 1000) for each, share in zip(found, exact, strict=True))
