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


def test_a_rule_that_would_make_the_selection_impossible_is_left_out_with_the_reason(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[rules]]\nwhen = "employees > 0"\nselect = { coins = true }\nbecause = "Cash."\n')

    result = sarto("tailor", "large.toml", "-o", "out.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "audit      yes  employees = 80: Large customers are audited.\n"
        "page_size  50   employees = 80: Large customers are audited.\n"
        "left out: features.toml: rules[2] (Cash.), because these cannot all hold:\n"
        "  - 'audit' is selected (features.toml: rules[0].select.audit)\n"
        "  - 'coins' is selected (features.toml: rules[2].select.coins)\n"
        "  - the constraint audit => invoice & !coins (features.toml: constraints[0].rule): Auditors want paper\n"
        "\n"
        "2 decisions from 1 rule; wrote out.toml\n"
    )
    assert sarto("resolve", "out.toml").exit_code == 0


def test_of_rules_that_disagree_the_first_stays_and_the_other_is_named(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[rules]]\nwhen = "employees > 0"\nselect = { audit = false }\nbecause = "No."\n')

    result = sarto("tailor", "large.toml", "--json")

    assert json.loads(result.stdout)["left_out"] == [
        {
            "rule": "features.toml: rules[2]",
            "reasons": [
                "'audit' is selected (features.toml: rules[0].select.audit)",
                "'audit' is deselected (features.toml: rules[2].select.audit)",
            ],
        }
    ]


def test_a_fact_of_another_kind_than_the_rule_needs_is_an_error(sarto: Sarto, shop: Path) -> None:
    write(shop, odd='employees = "many"\nregion = "EU"\n')

    result = sarto("tailor", "odd.toml")

    assert (result.exit_code, result.stderr) == (
        1,
        "error: 'employees' is a text and '50' is a number, which '>' cannot compare\n"
        "  --> features.toml: rules[0].when\n"
        "  hint: the facts say employees = 'many'\n",
    )


def test_what_a_customer_has_decided_stays_and_the_change_is_shown(sarto: Sarto, shop: Path) -> None:
    (shop / "acme.facts.toml").write_text('customer = "Acme GmbH"\nemployees = 80\nregion = "EU"\n')
    write(shop, mine='line = "features.toml"\ncustomer = "Acme GmbH"\n[select]\ncoins = true\nfull = true\n')

    result = sarto("tailor", "acme.facts.toml", "--present", "mine.toml", "-o", "mine.toml", "--force")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "reviews  no  region = 'EU': Reviews are regulated there.\n"
        "left out: features.toml: rules[0] (Large customers are audited.), because these cannot all hold:\n"
        "  - 'coins' is selected (mine.toml: select.coins)\n"
        "  - 'audit' is selected (features.toml: rules[0].select.audit)\n"
        "  - the constraint audit => invoice & !coins (features.toml: constraints[0].rule): Auditors want paper\n"
        "changes mine.toml: - reviews, price 400.0\n"
        "\n"
        "1 decision from 1 rule; wrote mine.toml\n"
    )
    assert (shop / "mine.toml").read_text() == (
        "# Tailored from acme.facts.toml by the rules of features.toml.\n"
        'line = "features.toml"\n'
        'customer = "Acme GmbH"\n'
        "\n"
        "[select]\n"
        "coins = true\n"
        "full = true\n"
        "# region = 'EU': Reviews are regulated there.\n"
        "reviews = false\n"
    )


def test_tailoring_is_taken_back_step_by_step(sarto: Sarto, shop: Path) -> None:
    sarto("tailor", "large.toml", "-o", "out.toml")
    first = (shop / "out.toml").read_text()
    write(shop, large=LARGE.replace("US", "EU"))
    sarto("tailor", "large.toml", "-o", "out.toml", "--force")
    assert (shop / "out.toml").read_text() != first

    assert sarto("tailor", "--undo", "out.toml").stdout == "out.toml is what it was before it was tailored\n"
    assert (shop / "out.toml").read_text() == first
    removed = sarto("tailor", "--undo", "out.toml").stdout
    assert removed == "removed out.toml, which was not there before it was tailored\n"
    assert not list(shop.glob("out.toml*"))
    assert sarto("tailor", "--undo", "out.toml").stderr == (
        "error: this selection was not tailored, or that was taken back\n  --> out.toml\n"
    )


def test_what_was_changed_since_is_not_taken_back_unasked(sarto: Sarto, shop: Path) -> None:
    sarto("tailor", "large.toml", "-o", "acme.toml", "--force")
    (shop / "acme.toml").write_text((shop / "acme.toml").read_text() + "search = true\n")

    refused = sarto("tailor", "--undo", "acme.toml")
    assert (refused.exit_code, refused.stderr.splitlines()[0]) == (
        1,
        "error: this selection was changed since it was tailored",
    )
    assert sarto("tailor", "--undo", "acme.toml", "--force").exit_code == 0
    assert 'customer = "Acme GmbH"' in (shop / "acme.toml").read_text()


def test_a_record_that_is_damaged_is_said_and_nothing_is_lost(sarto: Sarto, shop: Path) -> None:
    sarto("tailor", "large.toml", "-o", "out.toml")
    (shop / "out.toml.tailored").write_text('{"format": 1, "steps": [{}]}')
    result = sarto("tailor", "--undo", "out.toml")
    assert result.exit_code == 1
    assert "this record of tailorings cannot be read (KeyError: 'after')" in result.stderr
    assert (shop / "out.toml").exists()


def test_a_dry_run_writes_nothing(sarto: Sarto, shop: Path) -> None:
    result = sarto("tailor", "large.toml", "-o", "out.toml", "--dry-run")
    assert result.stdout.endswith("2 decisions from 1 rule; nothing was written\n")
    assert not list(shop.glob("out.toml*"))


def test_one_customer_of_many_is_chosen_by_name(sarto: Sarto, shop: Path) -> None:
    (shop / "crm.csv").write_text("customer,employees,region\nAcme,80,US\nBolt,3,EU\n")

    assert json.loads(sarto("tailor", "crm.csv", "--customer", "Bolt", "--json").stdout)["select"] == {"reviews": False}
    several = sarto("tailor", "crm.csv")
    assert several.stderr == (
        "error: there are several customers: 'Acme', 'Bolt', …\n"
        "  --> crm.csv\n"
        "  hint: choose one with --customer NAME, or take all with --fleet\n"
    )
    none = sarto("tailor", "crm.csv", "--customer", "Blot")
    assert none.stderr.splitlines()[::2] == ["error: there is no customer 'Blot'", "  hint: did you mean 'Bolt'?"]


def test_options_that_do_not_go_together_are_wrong_usage(sarto: Sarto) -> None:
    measured = ["large.toml", "--measure", "--against", "."]
    for words in (
        [], ["large.toml", "--measure"], ["large.toml", "--against", "x"], ["large.toml", "--summary", "x.csv"],
        [*measured, "--fleet"], [*measured, "-o", "x"], ["large.toml", "--fleet", "--customer", "x"],
    ):  # fmt: skip
        assert sarto("tailor", *words).exit_code == 2


def test_facts_cannot_write_anything_into_a_selection_but_comments(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[rules]]\nwhen = "note != \'\'"\nselect = { search = true }\nbecause = "x"\n')
    write(shop, evil='note = "a\\ncard = true\\u0000\\u001b[31m"\nemployees = 1\nregion = "US"\n')

    result = sarto("tailor", "evil.toml", "-o", "out.toml")

    text = (shop / "out.toml").read_text()
    assert "\ncard" not in text
    assert "\x1b" not in text + result.stdout
    assert sarto("resolve", "out.toml", "--json").exit_code == 0


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
        "left_out": [],
        "barred": {},
        "skipped": [],
        "changes": {},
        "price": {"before": None, "after": "0.0", "currency": ""},
        "written": None,
    }


def test_a_line_elsewhere_can_be_named(sarto: Sarto, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.parent)

    result = sarto("tailor", "shop/large.toml", "--line", "shop", "-o", "out.toml")

    assert result.exit_code == 0
    assert 'line = "shop/features.toml"\n' in (shop.parent / "out.toml").read_text()
