"""Each client's build proposes, explains and draws a portfolio, and lets its client switch what is open."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from adviser import Client, portfolio_of
from adviser.picture import picture_of
from adviser.sheet import sheet
from sarto.line import ProductLine

from ...asking import Product
from ...rehearsing import rehearsed
from ...workshop import Workshop
from .conftest import CUSTOMERS, EXAMPLE

pytestmark = [pytest.mark.network, pytest.mark.usefixtures("own_switches")]


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_build_proposes_and_draws_what_its_features_make_of_it(
    products: Mapping[str, Product], line: ProductLine, customer: str, tmp_path: Path
) -> None:
    product, selection = products[customer], line.selection(EXAMPLE / "selections" / f"{customer}.toml")
    chosen = line.resolve(selection).configuration
    brand = {slot.slot: slot.value for slot in line.brand(selection)}
    client = Client(selection.customer, chosen)
    with rehearsed(line, chosen):
        expected, drawn = (
            [*sheet(brand["title"], client, portfolio_of(client))],
            picture_of(client, portfolio_of(client), brand),
        )
    assert product.said("propose").splitlines() == expected
    product.said("picture", "-o", "plan.svg", at=tmp_path)
    assert (tmp_path / "plan.svg").read_text(encoding="utf-8") == drawn


def test_the_second_clients_proposal_word_for_word(products: Mapping[str, Product]) -> None:
    assert (
        products["client-2"].said("propose")
        == """\
Meadow & Sons, plans: a portfolio for Client 2
  cash           36.2 %
  bonds          16.6 %
  shares         30.6 %
  indexed bonds  16.6 %
  in all        100.0 %
expected gain  2.77 % a year after fees of 0.20 %
of this paid   1.59 %
risk           5.24 % (standard deviation of a year)
25 % wait in cash for the deposit on a home.
All figures are made up: this shows how a product line works, and is no advice.
"""
    )


def test_the_second_clients_explanation_word_for_word(products: Mapping[str, Product]) -> None:
    assert (
        products["client-2"].said("explain")
        == """\
what is for growth: the core gave the result
what is for growth: 'horizon' (around) changed the result
the weights: the core gave the result
the weights: 'retirement' (after) changed the result
the weights: 'reserve' (after) changed the result
the weights: 'home' (after) changed the result
the assets: 'retirement' (add) added to the result
the figures: 'sustainable' (after) changed the result
the fee: the core gave the result
the sentences: 'home' (add) added to the result
"""
    )


def test_the_pictures_in_the_readme_are_those_that_are_drawn(products: Mapping[str, Product], tmp_path: Path) -> None:
    for customer in ("client-1", "client-2"):
        products[customer].said("picture", "-o", f"{customer}.svg", at=tmp_path)
        assert (tmp_path / f"{customer}.svg").read_bytes() == (EXAMPLE / f"{customer}.svg").read_bytes()


GOLD = (
    "the constraint gold & cautious => hedging (features.toml: constraints[4].rule): "
    "Gold is priced in dollars, and a cautious client's other money is not"
)


def test_a_client_switches_while_the_product_runs_inside_what_stays_valid(products: Mapping[str, Product]) -> None:
    told = "propose\non gold\non gold hedging\npropose\noff hedging\noff gold hedging\npropose\n"
    heard = products["client-1"].said("talk", told=told)
    proposals = heard.split("Harbour Advice: a portfolio for Client 1\n")
    assert [text.count("gold  ") for text in proposals] == [0, 0, 1, 0]
    assert proposals[1].endswith(f"{GOLD}\nthis would do: on gold on hedging\ngold is on now\nhedging is on now\n")
    assert proposals[2].endswith(f"{GOLD}\nthis would do: off hedging off gold\ngold is off now\nhedging is off now\n")
    assert proposals[3] == proposals[1].partition(GOLD)[0]


def test_what_was_switched_is_so_at_the_next_start(products: Mapping[str, Product]) -> None:
    products["client-3"].said("talk", told="on gold\n")
    assert "\n  gold            5.0 %\n" in products["client-3"].said("propose")
    assert "the weights: 'gold' (after) changed the result\n" in products["client-3"].said("explain")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("on bold", "'bold' is not licensed in this build: "),
        ("on golt", "there is no feature 'golt'; did you mean 'gold'?\n"),
        ("off gold", "nothing changes\n"),
        ("on", "say 'propose', 'on FEATURE' or 'off FEATURE'\n"),
        ("buy gold", "say 'propose', 'on FEATURE' or 'off FEATURE'\n"),
        ("  ", ""),
    ],
)
def test_what_a_talk_does_not_understand_is_one_sentence(products: Mapping[str, Product], told: str, said: str) -> None:
    heard = products["client-1"].said("talk", told=told)
    assert heard.startswith(said)
    assert heard.count("\n") == (said != "")


def test_a_talk_in_no_encoding_goes_on(products: Mapping[str, Product]) -> None:
    command = [sys.executable, str(products["client-1"].launcher), "talk"]
    done = subprocess.run(command, input=b"on \xff\x00\noff gold\n", capture_output=True, timeout=120, check=True)
    assert done.stdout.decode().splitlines() == ["there is no feature '\ufffd\x00'", "nothing changes"]


def test_what_was_not_chosen_is_not_in_the_build(products: Mapping[str, Product]) -> None:
    parts = {path.name.partition("-")[0] for path in (products["client-1"].folder / "parts").iterdir()}
    assert parts == {
        "adviser_core", "adviser_cautious", "adviser_horizon", "adviser_income", "adviser_retirement", "adviser_gold",
        "adviser_hedging", "sarto_runtime", "pluggy",
    }  # fmt: skip


def test_two_firms_with_the_same_client_differ_in_their_looks_alone(workshop: Workshop, tmp_path: Path) -> None:
    said = []
    for firm in ("harbour", "meadow"):
        text = (EXAMPLE / "selections" / "client-1.toml").read_text().replace("profiles/harbour", f"profiles/{firm}")
        selection = tmp_path / f"{firm}.toml"
        selection.write_text(
            text.replace("../features", f"{EXAMPLE}/features").replace("profiles/", f"{EXAMPLE}/selections/profiles/")
        )
        product = workshop.build(selection)
        data = json.loads((product.folder / "build.json").read_bytes())
        said.append((product.said("propose").splitlines(), data["parts"], data["order"]))
    (one, *of_one), (other, *of_other) = said
    assert (one[0], other[0]) == (
        "Harbour Advice: a portfolio for Client 1",
        "Meadow & Sons, plans: a portfolio for Client 1",
    )
    assert (one[1:], of_one) == (other[1:], of_other)


HOSTILE = "</text><script>alert(1)</script>&"


@pytest.fixture(scope="module")
def hostile(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """What no client has, for one with a hostile name."""
    selection = tmp_path_factory.mktemp("hostile") / "hostile.toml"
    text = """\
line = "FEATURES"
customer = "NAME"
[select]
bold = true
horizon = 13
growth = true
retirement = false
value = true
hedging = true
rebalancing = 6
[brand]
title = "NAME"
"""
    selection.write_text(text.replace("FEATURES", str(EXAMPLE / "features.toml")).replace("NAME", HOSTILE))
    return workshop.build(selection)


def test_an_explanation_has_every_way_to_change_something(hostile: Product) -> None:
    assert (
        hostile.said("explain")
        == """\
what is for growth: 'bold' (replace) gave the result
what is for growth: 'horizon' (around) changed the result
the weights: 'growth' (before) changed the arguments
the weights: the core gave the result
the figures: 'value' (after) changed the result
the figures: 'hedging' (after) changed the result
the fee: the core gave the result
the fee: 'rebalancing' (after) changed the result
the sentences: 'rebalancing' (add) added to the result
"""
    )


def test_a_hostile_name_stays_text(hostile: Product, tmp_path: Path) -> None:
    hostile.said("picture", "-o", "plan.svg", at=tmp_path)
    root = ElementTree.parse(tmp_path / "plan.svg").getroot()
    assert [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")][:2] == [HOSTILE, HOSTILE]
    assert [each for each in root.iter() if "script" in each.tag] == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["picture", "-o", "nowhere/plan.svg"], 1, "nowhere/plan.svg: No such file or directory\n"),
        (["invest"], 2, "invalid choice: 'invest'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    products: Mapping[str, Product], tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    done = products["client-1"].ask(*words, at=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
