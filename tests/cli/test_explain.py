"""``sarto explain``: the chain of reasons behind a decision, and what mends an impossible selection."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from .conftest import Sarto

WHY = "the constraint audit => invoice & !coins (features.toml: constraints[0].rule): Auditors want paper"


def test_an_impossible_selection_is_explained_with_the_smallest_repairs(sarto: Sarto, shop: Path) -> None:
    result = sarto("explain", "impossible.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "impossible.toml: the selection is impossible, because these cannot all hold:\n"
        "  - 'audit' is selected (impossible.toml: select.audit)\n"
        "  - 'coins' is selected (impossible.toml: select.coins)\n"
        f"  - {WHY}\n"
        "to mend it, do one of these:\n"
        "  1. take back select.audit = true (impossible.toml)\n"
        "  2. take back select.coins = true (impossible.toml)\n"
    )


def test_the_repairs_that_are_proposed_do_mend_it(sarto: Sarto, shop: Path) -> None:
    text = (shop / "impossible.toml").read_text()
    for feature in ("audit", "coins"):
        (shop / "mended.toml").write_text(text.replace(f"{feature} = true\n", ""))

        assert sarto("resolve", "mended.toml").exit_code == 0


def test_a_possible_selection_is_said_to_be_one(sarto: Sarto, shop: Path) -> None:
    result = sarto("explain", "acme.toml")

    assert result.stdout == "acme.toml: this selection is possible; it selects 8 of 11 features\n"


def test_a_decision_is_explained_by_those_that_it_follows_from(sarto: Sarto, shop: Path) -> None:
    result = sarto("explain", "acme.toml", "coins")

    assert result.stdout == (
        f"coins is out: {WHY} — 'audit' is selected\n  audit is in: 'audit' is selected (acme.toml: select.audit)\n"
    )


def test_the_value_of_a_typed_feature_is_said(sarto: Sarto, shop: Path) -> None:
    first = sarto("explain", "acme.toml", "page_size").stdout.splitlines()[0]

    assert first == "page_size is in, with the value 20: 'shop' always has it (features.toml: features.shop.mandatory)"


def test_an_open_feature_is_said_to_be_open(sarto: Sarto, shop: Path) -> None:
    (shop / "open.toml").write_text('line = "features.toml"\ncustomer = "A"\n[open]\nfeatures = ["reviews"]\n')

    assert sarto("explain", "open.toml", "reviews").stdout == "reviews is in, left open: the line's default\n"


def test_json_has_the_chain_link_by_link(sarto: Sarto, shop: Path) -> None:
    data = json.loads(sarto("explain", "acme.toml", "coins", "--json").stdout)

    assert data == {
        "possible": True,
        "feature": "coins",
        "chain": [
            {"feature": "coins", "value": False, "reason": f"{WHY} — 'audit' is selected", "because": ["audit"]},
            {
                "feature": "audit",
                "value": True,
                "reason": "'audit' is selected (acme.toml: select.audit)",
                "because": [],
            },
        ],
    }


def test_json_of_a_selection_says_whether_it_is_possible(sarto: Sarto, shop: Path) -> None:
    impossible = json.loads(sarto("explain", "impossible.toml", "--json").stdout)
    possible = json.loads(sarto("explain", "acme.toml", "--json").stdout)

    assert (impossible["possible"], len(impossible["reasons"]), len(impossible["repairs"])) == (False, 3, 2)
    assert possible == {"possible": True, "reasons": [], "repairs": []}


def test_an_unknown_feature_is_an_error_with_the_nearest_name(sarto: Sarto, shop: Path) -> None:
    result = sarto("explain", "acme.toml", "coin")

    assert result.exit_code == 1
    assert result.stderr == "error: unknown feature 'coin'\n  --> features.toml\n  hint: did you mean 'coins'?\n"


def test_a_long_chain_is_printed_without_recursion(sarto: Sarto, shop: Path) -> None:
    names = [f"f{number}" for number in range(2000)]
    rules = "".join(f'[[constraints]]\nrule = "{a} => {b}"\n' for a, b in pairwise(names))
    head = '[line]\nname = "l"\nversion = "1"\nroot = "l"\n[core]\nparts = ["l"]\ncommand = "l"\n'
    (shop / "long.toml").write_text(f"{head}[features.l]\noptional = {json.dumps(names)}\n{rules}")
    (shop / "s.toml").write_text('line = "long.toml"\ncustomer = "A"\n[select]\nf0 = true\n')

    lines = sarto("explain", "s.toml", "f1999").stdout.splitlines()

    assert len(lines) == 2000
    assert lines[-1].strip() == "f0 is in: 'f0' is selected (s.toml: select.f0)"


QUARREL = """
line = "features.toml"
customer = "A"
[select]
audit = true
coins = true
invoice = false
"""


def test_all_conflicts_are_listed_on_request_also_those_that_share_a_wish(sarto: Sarto, shop: Path) -> None:
    (shop / "quarrel.toml").write_text(QUARREL)

    assert sarto("explain", "quarrel.toml", "--all").stdout == (
        "quarrel.toml: the selection is impossible, because these cannot all hold:\n"
        "  - 'audit' is selected (quarrel.toml: select.audit)\n"
        "  - 'coins' is selected (quarrel.toml: select.coins)\n"
        f"  - {WHY}\n"
        "and neither can these:\n"
        "  - 'audit' is selected (quarrel.toml: select.audit)\n"
        "  - 'invoice' is deselected (quarrel.toml: select.invoice)\n"
        f"  - {WHY}\n"
        "these are all 2 minimal conflicts\n"
        "to mend it, do one of these:\n"
        "  1. take back select.audit = true (quarrel.toml)\n"
        "  2. take back select.coins = true (quarrel.toml) and take back select.invoice = false (quarrel.toml)\n"
    )


def test_the_vendor_learns_which_constraint_would_have_to_go(sarto: Sarto, shop: Path) -> None:
    result = sarto("explain", "impossible.toml", "--vendor")

    assert result.stdout.endswith(f"or the line would have to do without:\n  1. {WHY}\n")


def test_the_vendor_learns_that_no_constraint_is_in_the_way(sarto: Sarto, shop: Path) -> None:
    (shop / "both.toml").write_text('line = "features.toml"\ncustomer = "A"\n[select]\nsimple = true\nfull = true\n')

    result = sarto("explain", "both.toml", "--vendor")

    assert result.stdout.endswith("\nthe tree alone forbids it, whatever the constraints are\n")


def test_json_has_all_conflicts_and_what_the_vendor_could_drop(sarto: Sarto, shop: Path) -> None:
    (shop / "quarrel.toml").write_text(QUARREL)

    data = json.loads(sarto("explain", "quarrel.toml", "--all", "--vendor", "--json").stdout)

    assert [len(conflict) for conflict in data["conflicts"]] == [3, 3]
    assert (data["complete"], len(data["repairs"]), data["relaxations"]) == (True, 2, [[WHY]])
