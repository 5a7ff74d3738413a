"""``sarto analyse``: what holds for all configurations of a model, in any format."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import SHOP, Sarto, write

FAULTY = (
    SHOP
    + """
[[constraints]]
rule = "!coins"

[[constraints]]
rule = "payment => card"
"""
)


def test_the_findings_stand_in_a_table(sarto: Sarto, shop: Path) -> None:
    write(shop, features=FAULTY)

    result = sarto("analyse", "features.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "features.toml: 11 features, 4 constraints\n"
        "  void            no\n"
        "  core            4   card, page_size, payment, shop\n"
        "  dead            1   coins\n"
        "  false-optional  1   card\n"
        "  atomic sets     1   card = page_size = payment = shop\n"
        "  tautologies     0\n"
        "  depth           2   8 leaves, branching 3.3333 on average and 5 at most, 7 features in constraints\n"
    )


def test_json_has_the_keys_of_every_analysis(sarto: Sarto, shop: Path) -> None:
    write(shop, features=FAULTY)

    data = json.loads(sarto("analyse", "features.toml", "--json").stdout)

    assert data.pop("metrics")["leaves"] == 8
    assert data == {
        "features": 11,
        "constraints": 4,
        "void": False,
        "core": ["card", "page_size", "payment", "shop"],
        "dead": ["coins"],
        "false_optional": ["card"],
        "atomic_sets": [["card", "page_size", "payment", "shop"]],
        "tautologies": [],
    }


def test_under_decisions_all_is_said_of_the_configurations_that_agree(sarto: Sarto, shop: Path) -> None:
    write(shop, features=FAULTY)

    plain = json.loads(sarto("analyse", "features.toml", "--count", "--json").stdout)
    data = json.loads(sarto("analyse", "features.toml", "--without", "search", "--count", "--json").stdout)
    kept = json.loads(sarto("analyse", "features.toml", "--with", "search", "--count", "--json").stdout)

    assert data["dead"] == sorted([*plain["dead"], *data["conditionally_dead"]])
    assert "search" in data["conditionally_dead"]
    assert data["constraints"] == 4
    assert int(plain["configurations"]) == int(data["configurations"]) + int(kept["configurations"])


def test_a_decision_on_an_unknown_feature_is_an_error(sarto: Sarto, shop: Path) -> None:
    result = sarto("analyse", "features.toml", "--with", "serach")

    assert result.exit_code == 1
    assert result.stderr == "error: unknown feature 'serach'\n  --> --with\n  hint: did you mean 'search'?\n"


def test_a_feature_cannot_be_wanted_and_barred(sarto: Sarto, shop: Path) -> None:
    result = sarto("analyse", "features.toml", "--with", "search", "--without", "search")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: 'search' cannot be both in and out\n  --> --with\n  hint: leave out one of the two\n"
    )


def test_decisions_on_unknown_features_are_told_together_with_their_options(sarto: Sarto, shop: Path) -> None:
    result = sarto("analyse", "features.toml", "--with", "serch", "--without", "ducks")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: unknown feature 'serch'\n  --> --with\n  hint: did you mean 'search'?\n"
        "error: unknown feature 'ducks'\n  --> --without\n"
        "error: 2 problems\n"
    )


def test_each_defect_can_be_explained(sarto: Sarto, shop: Path) -> None:
    write(shop, features=FAULTY)

    data = json.loads(sarto("analyse", "features.toml", "--explain", "--json").stdout)

    assert [(each["kind"], each["what"]) for each in data["explanations"]] == [
        ("dead", "feature 'coins' is dead: no configuration has it"),
        ("false-optional", "feature 'card' is false-optional: every configuration with 'payment' has it"),
    ]
    assert data["explanations"][0]["because"] == ["the constraint !coins (features.toml: constraints[2].rule)"]
    assert "  because the constraint !coins (" in sarto("analyse", "features.toml", "--explain").stdout


def test_redundant_constraints_and_tautologies_are_named_with_their_places(sarto: Sarto, shop: Path) -> None:
    more = '\n[[constraints]]\nrule = "coins | !coins"\n[[constraints]]\nrule = "card => shop"\n'
    write(shop, features=SHOP + more)

    data = json.loads(sarto("analyse", "features.toml", "--redundant", "--json").stdout)

    assert data["tautologies"] == [{"rule": "coins | !coins", "where": "features.toml: constraints[2].rule"}]
    assert data["redundant"] == [{"rule": "card => shop", "where": "features.toml: constraints[3].rule"}]


def test_commonality_says_which_part_of_the_configurations_has_each_feature(sarto: Sarto, shop: Path) -> None:
    (shop / "model.toml").write_text(
        '[line]\nroot = "a"\n[features.a]\noptional = ["b"]\nalternative = ["c", "d", "e"]\n'
    )

    data = json.loads(sarto("analyse", "model.toml", "--commonality", "--json").stdout)

    third = "0.333333333333"
    assert data["commonality"] == {"a": "1", "b": "0.5", "c": third, "d": third, "e": third}
    assert (data["configurations"], data["homogeneity"], data["variability"]) == ("6", "0.5", "0.1875")
    assert sarto("analyse", "model.toml", "--commonality").stdout.endswith(
        f"  a  1\n  b  0.5\n  c  {third}\n  d  {third}\n  e  {third}\n"
        "  homogeneity     0.5\n  variability     0.1875\n  configurations  6\n"
    )


def test_commonality_that_is_not_found_in_time_is_unknown(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[constraints]]\nrule = "(search | coins) & (reviews => full | coins)"\n')

    data = json.loads(sarto("analyse", "features.toml", "--commonality", "--seconds", "0", "--json").stdout)

    assert [data[key] for key in ("configurations", "homogeneity", "variability")] == [None] * 3
    assert {name for name, part in data["commonality"].items() if part == "1"} == {"shop", "payment", "page_size"}
    assert {part for part in data["commonality"].values() if part != "1"} == {None}
    assert "  audit      unknown\n" in sarto("analyse", "features.toml", "--commonality", "--seconds", "0").stdout


def test_in_a_void_model_nothing_is_core_and_everything_is_dead(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[constraints]]\nrule = "!shop"\n')

    data = json.loads(sarto("analyse", "features.toml", "--json").stdout)

    assert (data["void"], data["core"], len(data["dead"])) == (True, [], 11)


def test_a_model_file_needs_nothing_but_the_model(sarto: Sarto, shop: Path) -> None:
    write(shop, model='[line]\nroot = "a"\n[features.a]\nmandatory = ["b"]\n')

    assert sarto("analyse", "model.toml").stdout.startswith("model.toml: 2 features, 0 constraints\n")


def test_a_format_that_no_plugin_reads_is_an_error(sarto: Sarto, shop: Path) -> None:
    (shop / "model.xml").write_text("<model/>")

    result = sarto("analyse", "model.xml")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: no plugin reads files that end in '.xml'\n  --> model.xml\n  hint: the suffixes that are known: .toml\n"
    )
