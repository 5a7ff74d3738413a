"""``sarto resolve``: the configuration with its reasons, for people and for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import SHOP, Sarto, write

PLAIN = """
line = "features.toml"
customer = "Plain"

[select]
card = true
page_size = 30

[open]
features = ["reviews"]
"""

TABLE = """\
shop         yes         'shop' is the root: every product has it
  payment    yes         'shop' always has it (features.toml: features.shop.mandatory)
    card     yes         'card' is selected (plain.toml: select.card)
    invoice  no          nothing asks for it
    coins    no          nothing asks for it
  page_size  30          'page_size' is set to 30 (plain.toml: select.page_size)
  search     no          nothing asks for it
    simple   no          it is part of 'search', which is left out
    full     no          it is part of 'search', which is left out
  reviews    open (yes)  the line's default
  audit      no          the constraint audit => invoice & !coins (features.toml: constraints[0].rule): \
Auditors want paper — 'invoice' is left out

Plain: 5 of 11 features, 1 left open
"""


def test_each_feature_stands_in_the_tree_with_its_decision_and_the_reason(sarto: Sarto, shop: Path) -> None:
    write(shop, plain=PLAIN)

    result = sarto("resolve", "plain.toml")

    assert (result.exit_code, result.stdout, result.stderr) == (0, TABLE, "")


def test_json_has_the_configuration_the_reasons_and_what_is_open(sarto: Sarto, shop: Path) -> None:
    write(shop, plain=PLAIN)

    data = json.loads(sarto("resolve", "plain.toml", "--json").stdout)

    assert list(data) == ["line", "customer", "configuration", "reasons", "open", "follows"]
    assert data["configuration"] == {
        "shop": True,
        "payment": True,
        "card": True,
        "invoice": False,
        "coins": False,
        "page_size": 30,
        "search": False,
        "simple": False,
        "full": False,
        "reviews": True,
        "audit": False,
    }
    assert data["reasons"]["card"] == "'card' is selected (plain.toml: select.card)"
    assert list(data["reasons"]) == list(data["configuration"])
    assert data["open"] == ["reviews"]
    assert data["follows"] == []


def test_an_impossible_selection_gives_its_reasons_and_repairs(sarto: Sarto, shop: Path) -> None:
    result = sarto("resolve", "impossible.toml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: the selection is impossible, because these cannot all hold:\n"
        "  --> impossible.toml\n"
        "  - 'audit' is selected (impossible.toml: select.audit)\n"
        "  - 'coins' is selected (impossible.toml: select.coins)\n"
        "  - the constraint audit => invoice & !coins (features.toml: constraints[0].rule): Auditors want paper\n"
        "to mend it, do one of these:\n"
        "  1. take back select.audit = true (impossible.toml)\n"
        "  2. take back select.coins = true (impossible.toml)\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_a_terminal_sees_what_is_in_and_what_is_open_in_colour(shop: Path) -> None:
    import pty

    write(shop, plain=PLAIN)
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "sarto.cli", "resolve", "plain.toml"]
    subprocess.run(command, stdout=terminal, env={**os.environ, "COLUMNS": "200"}, check=True)
    os.close(terminal)
    shown = os.read(controller, 100_000).decode()

    assert "\x1b[32myes\x1b[0m" in shown
    assert "\x1b[33mopen (yes)\x1b[0m" in shown
    assert "\x1b[2mno\x1b[0m" in shown


PRICES = '[prices]\ncurrency = "EUR"\nbase = 10\n[[prices.rules]]\nname = "Pages"\nadd = "100 / (page_size - {})"\n'


def test_where_the_line_has_prices_it_says_what_it_costs(shop: Path, sarto: Sarto) -> None:
    write(shop, features=SHOP + PRICES.format(10), plain=PLAIN)

    assert sarto("resolve", "plain.toml").stdout.endswith("1 left open\nprice: 15.00 EUR\n")
    quote = json.loads(sarto("resolve", "plain.toml", "--json").stdout)["quote"]
    assert (quote["total"], quote["lines"][-1]["label"]) == ("15.00", "Pages")


def test_a_configuration_holds_also_where_its_price_cannot_be_said(shop: Path, sarto: Sarto) -> None:
    write(shop, features=SHOP + PRICES.format(30), plain=PLAIN)
    shown, data = sarto("resolve", "plain.toml"), sarto("resolve", "plain.toml", "--json")

    assert (shown.exit_code, shown.stdout.endswith("1 left open\n")) == (0, True)
    assert shown.stderr == (
        "warning: the price rule 'Pages' divides by zero\n"
        "  --> features.toml: prices.rules[0].add\n"
        "  hint: add a 'when' that keeps the divisor from being 0\n"
    )
    assert json.loads(data.stdout)["quote"] is None
