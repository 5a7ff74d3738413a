"""``sarto tailor --fleet`` and ``--measure``: all customers at once, and how good the rules are."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from .conftest import SHOP, Sarto, write

CRM = """customer,employees,region
Acme GmbH,80,US
Bolt,3,EU
Coin Club,60,EU
"""


@pytest.fixture(autouse=True)
def crm(shop: Path) -> None:
    (shop / "impossible.toml").unlink()
    (shop / "crm.csv").write_text(CRM)
    (shop / "now").mkdir()
    (shop / "acme.toml").unlink()
    for name, wishes in (("Acme GmbH", "full = true"), ("Coin Club", "coins = true")):
        text = f'line = "../features.toml"\ncustomer = "{name}"\n[select]\n{wishes}\n'
        (shop / "now" / f"{name.split()[0].lower()}.toml").write_text(text)


def test_all_customers_are_tailored_for_and_shown_in_a_table(sarto: Sarto, shop: Path) -> None:
    result = sarto("tailor", "crm.csv", "--fleet", "--present", "now", "-o", "proposed", "--summary", "all.csv")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "customer   decisions  left out  price  changes\n"
        "Acme GmbH  2                    400.0  - card, + invoice, page_size 20 to 50, + audit\n"
        "Bolt       1                    0.0    new\n"
        "Coin Club  1          1         0.0    - reviews\n"
        "\n"
        "3 selections in proposed\n"
    )
    assert sorted(path.name for path in (shop / "proposed").glob("*.toml")) == ["acme.toml", "bolt.toml", "coin.toml"]
    for path in (shop / "proposed").glob("*.toml"):
        assert sarto("resolve", path).exit_code == 0
    with (shop / "all.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["customer"] for row in rows] == ["Acme GmbH", "Bolt", "Coin Club"]


def test_without_a_folder_to_write_to_nothing_is_written(sarto: Sarto, shop: Path) -> None:
    before = sorted(shop.rglob("*"))
    result = sarto("tailor", "crm.csv", "--fleet", "--present", "now", "--json")
    data = json.loads(result.stdout)
    assert [each["customer"] for each in data["customers"]] == ["Acme GmbH", "Bolt", "Coin Club"]
    assert data["customers"][2]["changes"] == {"reviews": [True, False]}
    assert sorted(shop.rglob("*")) == before


def test_the_selections_of_all_can_be_replaced_where_they_stand_and_taken_back(sarto: Sarto, shop: Path) -> None:
    before = {path.name: path.read_text() for path in (shop / "now").glob("*.toml")}
    words = ["tailor", "crm.csv", "--fleet", "--present", "now", "-o", "now"]

    refused = sarto(*words)
    assert refused.exit_code == 1
    assert "error: Acme GmbH: this file is there already\n  --> now/acme.toml\n" in refused.stderr
    assert (shop / "now" / "acme.toml").read_text() == before["acme.toml"]

    assert sarto(*words, "--force").exit_code == 0
    for name in before:
        sarto("tailor", "--undo", Path("now") / name)
    sarto("tailor", "--undo", "now/bolt.toml")
    assert {path.name: path.read_text() for path in (shop / "now").glob("*")} == before


def test_one_customer_that_cannot_be_tailored_for_does_not_keep_the_others_from_it(sarto: Sarto, shop: Path) -> None:
    folder = shop / "facts"
    folder.mkdir()
    write(folder, acme="employees = 80\nregion = 'US'\n", bolt="employees = 'many'\nregion = 'EU'\n")

    result = sarto("tailor", "facts", "--fleet", "-o", "proposed")

    assert result.exit_code == 1
    assert "bolt: 'employees' is a text and '50' is a number, which '>' cannot compare" in result.stderr
    assert result.stdout.endswith("\n1 selection in proposed; 1 refused\n")


def test_two_customers_whose_files_would_have_one_name_are_told(sarto: Sarto, shop: Path) -> None:
    (shop / "crm.csv").write_text("customer,employees,region\nAcme,1,US\nÁcme!,1,US\n€,1,US\n")
    result = sarto("tailor", "crm.csv", "--fleet")
    assert result.exit_code == 1
    assert "error: Ácme!: 'Ácme!' would have the file of 'Acme', acme.toml\n  --> crm.csv:3\n" in result.stderr
    assert "error: €: no file can be named after the customer '€'\n  --> crm.csv:4\n" in result.stderr


def test_no_cell_of_the_summary_is_a_formula(sarto: Sarto, shop: Path) -> None:
    (shop / "crm.csv").write_text('customer,employees,region\n"=HYPERLINK(""x"")",1,US\n@sum,1,US\n-2+3,80,US\n')
    sarto("tailor", "crm.csv", "--fleet", "--summary", "all.csv")
    with (shop / "all.csv").open() as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")] == []
    assert '\'=HYPERLINK("x")' in cells


MADE = (
    SHOP
    + """
[[rules]]
when = "trade == 'books'"
select = { full = true }
because = "Books are searched."

[[rules]]
when = "trade == 'fruit'"
select = { coins = true }
because = "Fruit is paid in cash."
"""
)


def held_out(shop: Path, number: int) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Made-up customers: their facts, and what they chose, mostly as the rules think."""
    drawn = random.Random(7)
    write(shop, features=MADE)
    lines = ["customer,employees,region,trade"]
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    (shop / "real").mkdir()
    for place in range(number):
        facts: dict[str, Any] = {
            "employees": drawn.choice([5, 30, 80]),
            "region": drawn.choice(["EU", "US"]),
            "trade": drawn.choice(["books", "fruit", "tools"]),
        }
        chosen: dict[str, Any] = {}
        if facts["trade"] == "books" and drawn.random() < 0.8:
            chosen["full"] = True
        if facts["trade"] == "fruit" and drawn.random() < 0.6:
            chosen["coins"] = True
        elif facts["employees"] > 50 and drawn.random() < 0.9:
            chosen["audit"] = True
        if facts["region"] == "EU" and drawn.random() < 0.7:
            chosen["reviews"] = False
        name = f"c{place}"
        lines.append(f"{name},{facts['employees']},{facts['region']},{facts['trade']}")
        wishes = "".join(f"{key} = {str(value).lower()}\n" for key, value in chosen.items())
        text = f'line = "../features.toml"\ncustomer = "{name}"\n[select]\n{wishes}'
        (shop / "real" / f"{name}.toml").write_text(text)
        found[name] = facts, chosen
    (shop / "crm.csv").write_text("\n".join(lines) + "\n")
    return found


def test_precision_and_recall_are_what_counting_by_hand_gives(sarto: Sarto, shop: Path) -> None:
    customers = held_out(shop, 40)
    measured = json.loads(sarto("tailor", "crm.csv", "--measure", "--against", "real", "--json").stdout)

    counts = {name: [0, 0, 0, 0] for name in ("audit", "page_size", "full", "coins", "reviews")}
    for name, (facts, chosen) in customers.items():
        proposed: dict[str, Any] = {}
        if facts["employees"] > 50:
            proposed |= {"audit": True, "page_size": 50}
        if facts["region"] == "EU":
            proposed["reviews"] = False
        if facts["trade"] == "books":
            proposed["full"] = True
        if facts["trade"] == "fruit" and "audit" not in proposed:  # the earlier of two rules that cannot both hold
            proposed["coins"] = True
        has = json.loads(sarto("resolve", f"real/{name}.toml", "--json").stdout)["configuration"]
        for feature, value in proposed.items():
            counts[feature][0] += 1
            counts[feature][1] += has[feature] == value
        for feature, value in chosen.items():
            counts[feature][2] += 1
            counts[feature][3] += proposed.get(feature) == value
    got = {
        name: [score[key] for key in ("proposed", "right", "decided", "met")]
        for name, score in measured["features"].items()
    }
    assert got == {name: found for name, found in counts.items() if any(found)}
    totals = [sum(found[place] for found in counts.values()) for place in range(4)]
    assert [measured["total"][key] for key in ("proposed", "right", "decided", "met")] == totals
    assert measured["total"]["precision"] == totals[1] / totals[0]
    assert measured["total"]["recall"] == totals[3] / totals[2]
    assert (measured["customers"], measured["violations"], measured["errors"]) == (40, 0, [])
    assert measured["left_out"] > 0
    assert [each["wrong"] for each in measured["wrong"]] == sorted(
        (each["wrong"] for each in measured["wrong"]), reverse=True
    )


def test_what_was_measured_is_shown_by_feature_with_the_rules_that_were_wrong(sarto: Sarto, shop: Path) -> None:
    (shop / "real").mkdir()
    for name, wishes in (("acme-gmbh", "audit = true\npage_size = 50"), ("bolt", "reviews = true"), ("dora", "")):
        customer = {"acme-gmbh": "Acme GmbH", "bolt": "Bolt", "dora": "Dora"}[name]
        text = f'line = "../features.toml"\ncustomer = "{customer}"\n[select]\n{wishes}\n'
        (shop / "real" / f"{name}.toml").write_text(text)

    result = sarto("tailor", "crm.csv", "--measure", "--against", "real")

    assert (result.exit_code, result.stdout) == (
        0,
        "feature    proposed  precision  decided  recall\n"
        "audit      1         1.000      1        1.000\n"
        "page_size  1         1.000      1        1.000\n"
        "reviews    1         0.000      1        0.000\n"
        "in all     3         0.667      3        0.667\n"
        "\n"
        "wrong most often:\n"
        "  features.toml: rules[1]  1 of 1\n"
        "\n"
        "2 customers, 2 without facts or without a selection; 0 violations, 0 rules left out\n",
    )


def test_a_folder_without_any_of_the_customers_is_an_error(sarto: Sarto, shop: Path) -> None:
    (shop / "real").mkdir()
    result = sarto("tailor", "crm.csv", "--measure", "--against", "real")
    assert result.stderr == "error: none of the customers has a selection there\n  --> real\n"
