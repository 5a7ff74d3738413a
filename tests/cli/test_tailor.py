"""``sarto tailor``: from facts to a selection, each decision with its evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import SHOP, Sarto, write

LARGE = "employees = 80\nregion = 'US'\n"


@pytest.fixture(autouse=True)
def facts(shop: Path) -> None:
    write(shop, large=LARGE)


def test_each_decision_is_shown_with_the_facts_and_the_reason(sarto: Sarto) -> None:
    result = sarto("tailor", "large.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "audit      yes  employees = 80: Large customers are audited.\n"
        "page_size  50   employees = 80: Large customers are audited.\n"
        "\n"
        "2 decisions from 1 rule; -o SELECTION writes them down\n"
    )


def test_the_selection_is_written_with_the_evidence_as_comments(sarto: Sarto, shop: Path) -> None:
    result = sarto("tailor", "large.toml", "-o", "selections/large.toml", "--customer", "Large Ltd")

    assert result.stdout.endswith("2 decisions from 1 rule; wrote selections/large.toml\n")
    assert (shop / "selections" / "large.toml").read_text() == (
        "# Tailored from large.toml by the rules of ../features.toml.\n"
        'line = "../features.toml"\n'
        'customer = "Large Ltd"\n'
        "\n"
        "[select]\n"
        "# employees = 80: Large customers are audited.\n"
        "audit = true\n"
        "# employees = 80: Large customers are audited.\n"
        "page_size = 50\n"
    )
    assert sarto("resolve", "selections/large.toml").stdout.endswith("\nLarge Ltd: 6 of 11 features\n")


def test_the_customer_is_a_fact_or_the_name_of_the_file(sarto: Sarto, shop: Path) -> None:
    write(shop, named=LARGE + 'customer = "Fact & Sons"\n')

    assert json.loads(sarto("tailor", "large.toml", "--json").stdout)["customer"] == "large"
    assert json.loads(sarto("tailor", "named.toml", "--json").stdout)["customer"] == "Fact & Sons"


def test_a_rule_that_asks_for_a_missing_fact_is_said_not_to_be_tried(sarto: Sarto, shop: Path) -> None:
    write(shop, typo="employes = 80\nregion = 'EU'\n")

    result = sarto("tailor", "typo.toml")

    assert result.stdout == (
        "reviews  no  region = 'EU': Reviews are regulated there.\n"
        "not tried: features.toml: rules[0], nothing is known of 'employees' (did you mean 'employes'?)\n"
        "\n"
        "1 decision from 1 rule; -o SELECTION writes them down\n"
    )


def test_rules_that_lead_to_an_impossible_selection_are_named_and_nothing_is_written(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[rules]]\nwhen = "employees > 0"\nselect = { coins = true }\nbecause = "Cash."\n')

    result = sarto("tailor", "large.toml", "-o", "out.toml")

    assert result.exit_code == 1
    assert result.stderr.splitlines()[:4] == [
        "error: the selection is impossible, because these cannot all hold:",
        "  --> large.toml",
        "  - 'audit' is selected (features.toml: rules[0].select.audit)",
        "  - 'coins' is selected (features.toml: rules[2].select.coins)",
    ]
    assert not (shop / "out.toml").exists()


def test_rules_that_disagree_are_named(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[rules]]\nwhen = "employees > 0"\nselect = { audit = false }\nbecause = "No."\n')

    result = sarto("tailor", "large.toml")

    assert result.exit_code == 1
    assert result.stderr.startswith("error: two rules disagree on 'audit': ")


def test_a_value_out_of_range_in_a_rule_is_an_error(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP.replace("page_size = 50 }", "page_size = 5000 }"))

    result = sarto("tailor", "large.toml")

    assert result.exit_code == 1
    assert "5000 is above the maximum of 'page_size', 100" in result.stderr


def test_a_selection_that_is_there_is_replaced_only_with_force(sarto: Sarto, shop: Path) -> None:
    before = (shop / "acme.toml").read_text()

    refused = sarto("tailor", "large.toml", "-o", "acme.toml")
    kept = (shop / "acme.toml").read_text()
    forced = sarto("tailor", "large.toml", "-o", "acme.toml", "--force")

    assert (refused.exit_code, kept) == (1, before)
    assert refused.stderr == "error: this file is there already\n  --> acme.toml\n  hint: --force replaces it\n"
    assert (forced.exit_code, 'customer = "large"' in (shop / "acme.toml").read_text()) == (0, True)


def test_json_has_each_decision_with_its_evidence(sarto: Sarto) -> None:
    data = json.loads(sarto("tailor", "large.toml", "--json").stdout)

    assert data == {
        "line": "shop",
        "customer": "large",
        "select": {"audit": True, "page_size": 50},
        "decisions": [
            {
                "feature": feature,
                "value": value,
                "rule": "features.toml: rules[0]",
                "because": "Large customers are audited.",
                "evidence": {"employees": 80},
            }
            for feature, value in (("audit", True), ("page_size", 50))
        ],
        "skipped": [],
        "written": None,
    }


def test_a_line_elsewhere_can_be_named(sarto: Sarto, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.parent)

    result = sarto("tailor", "shop/large.toml", "--line", "shop", "-o", "out.toml")

    assert result.exit_code == 0
    assert 'line = "shop/features.toml"\n' in (shop.parent / "out.toml").read_text()
